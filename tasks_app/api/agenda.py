"""``agenda/``."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as FieldsInvalid
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.agenda import MAX_DAYS, MOST_TASKS, Agenda, AgendaEntry, get_agenda
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.clock import day_in, days_from, wire_form
from tasks_app.models import Reminder
from tasks_app.serialization import task_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_query
from voicebot.api.operations import Operation, operation

DAYS = 7
"""So many where no last day is given."""
SHOWN = 100
"""So many tasks where no limit is given."""


class AgendaQuery(BaseModel):
    """Which days."""

    model_config = ConfigDict(extra="forbid")

    first: dt.date | None = Field(default=None, alias="from", description="First day; today without it.")
    last: dt.date | None = Field(
        default=None, alias="to", description=f"Last day, included; a week without it, at most {MAX_DAYS} days in all."
    )
    limit: int = Field(
        default=SHOWN,
        ge=1,
        le=MOST_TASKS,
        description="At most so many tasks: late ones up to a half of them, then day by day.",
    )


class AgendaTask(BaseModel):
    """A task on a day."""

    task: shapes.Task
    due: shapes.Day = Field(description="On this day; of a recurring task's later times, that time.")
    due_has_time: bool
    occurrence: bool = Field(description="A time to come of a recurring task that now stands at an earlier one.")
    overdue: bool


class AgendaDay(BaseModel):
    """One day, what has a time first."""

    day: dt.date
    tasks: list[AgendaTask]


class AgendaReminder(BaseModel):
    """A moment at which you are told of a task."""

    id: UUID
    task_id: UUID
    title: str
    at: AwareDatetime
    sent: bool


class AgendaAnswer(BaseModel):
    """A stretch of days in your zone."""

    timezone: str
    today: dt.date
    overdue: list[shapes.Task] = Field(description="Late tasks of earlier days; those of the days stand there.")
    days: list[AgendaDay] = Field(description="Every day, also those with nothing.")
    reminders: list[AgendaReminder]
    complete: bool = Field(description="False when there is more than is shown.")


_EXAMPLE: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "today": "2026-11-22",
    "overdue": [],
    "days": [
        {
            "day": "2026-11-23",
            "tasks": [
                {
                    "task": shapes.TASK_EXAMPLE,
                    "due": "2026-11-23T17:00:00+01:00",
                    "due_has_time": True,
                    "occurrence": False,
                    "overdue": False,
                }
            ],
        }
    ],
    "reminders": [
        {
            "id": "0c2e4a68-7b9d-4f1e-a3c5-e7092b4d6f14",
            "task_id": shapes.TASK_ID,
            "title": "Call mum",
            "at": "2026-11-23T16:30:00+01:00",
            "sent": False,
        }
    ],
    "complete": True,
}


class AgendaView(ApiView):
    """``agenda/``."""

    @operation(
        "get_agenda",
        "tasks",
        Operation("What is before you", AgendaAnswer, _EXAMPLE, query=AgendaQuery),
    )
    def get(self, request: Request) -> Response:
        """What is late and, day by day in your zone, what is due: with a time first, then by priority.

        A recurring task stands on each day on which it comes. Where there is more than ``limit``, ``complete`` is
        false; fewer days, or ``tasks/`` with ``due_from`` and ``due_to``, show the rest.
        """
        user, query, now = caller_of(request), read_query(AgendaQuery, request), timezone.now()
        zone = selectors.zone_of(user)
        first = query.first or day_in(zone, now)
        last = query.last or days_from(first, DAYS - 1)
        if not 0 <= (last - first).days < MAX_DAYS:
            sentence = _("Use a day from the first one on, at most %(limit)s days in all.") % {"limit": MAX_DAYS}
            raise FieldsInvalid({"to": [ErrorDetail(sentence, code="invalid")]})
        agenda = get_agenda(user, first, last, zone, now=now, limit=query.limit)
        return Response({"timezone": zone.key, **agenda_to_json(agenda)})


def agenda_to_json(agenda: Agenda) -> dict[str, Any]:
    """An agenda as the API shows it."""
    return {
        "today": agenda.today.isoformat(),
        "overdue": [task_to_json(task) for task in agenda.overdue],
        "days": [
            {"day": day.day.isoformat(), "tasks": [_entry_to_json(entry) for entry in day.entries]}
            for day in agenda.days
        ],
        "reminders": [_reminder_to_json(reminder) for reminder in agenda.reminders],
        "complete": agenda.is_complete,
    }


def _entry_to_json(entry: AgendaEntry) -> dict[str, Any]:
    return {
        "task": task_to_json(entry.task),
        "due": entry.due,
        "due_has_time": entry.at is not None,
        "occurrence": entry.is_occurrence,
        "overdue": entry.is_overdue,
    }


def _reminder_to_json(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": str(reminder.id),
        "task_id": str(reminder.task_id),
        "title": reminder.task.title,
        "at": wire_form(None, reminder.remind_at, reminder.task.zone),
        "sent": reminder.state == Reminder.State.SENT,
    }


urlpatterns = [path("agenda/", AgendaView.as_view(), name="agenda")]
