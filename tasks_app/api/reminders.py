"""``reminders/`` and ``tasks/{task_id}/reminders/``."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal, Self

from django.urls import path
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import Outcome, caller_of, carry_out
from tasks_app.commands import AddReminders, DeleteReminder, DismissReminder, PutOffReminder
from tasks_app.errors import TaskNotFound
from tasks_app.models import Reminder
from tasks_app.reminders.errors import ReminderNotFound, TooManyReminders
from tasks_app.reminders.listing import get_reminder, later_by, list_reminders, reminder_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body, read_query
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page

LONGEST_WAIT = dt.timedelta(days=366)
_REMINDER: dict[str, Any] = {
    "id": "c1b2a3d4-5e6f-4a7b-8c9d-0a1b2c3d4e18",
    "task": {"id": shapes.TASK_ID, "title": "Call mum"},
    "before": "P0DT00H30M00S",
    "before_start": None,
    "remind_at": "2026-11-23T16:30:00+01:00",
    "state": "upcoming",
    "held_until": None,
    "delivered_at": None,
    "channels": None,
}
_EXAMPLE: dict[str, Any] = {"reminders": [_REMINDER], "change_set": shapes.CHANGE_SET_ID}
ORDERS = Orders({"remind_at": ("moment", "id")})
NewReminders = body_without(AddReminders, "NewReminders", "kind", "task_id")


class ReminderQuery(BaseModel):
    """Which reminders; all that tell you when nothing is given."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["upcoming", "held", "missed", "delivered", "dismissed", "idle"] | None = None
    task_id: uuid.UUID | None = Field(default=None, description="All reminders of this task, whoever is told.")


class Later(BaseModel):
    """To when: a moment, or how long from now."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime | None = None
    wait: Annotated[dt.timedelta, Field(ge=dt.timedelta(minutes=1), le=LONGEST_WAIT)] | None = Field(
        default=None,
        description="An ISO duration such as `PT10M` or `PT1H`; `P1D` is tomorrow at this time of your day.",
    )

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.until is None) == (self.wait is None):
            raise ValueError("give until or wait")
        return self


class ReminderListView(ApiView):
    """``reminders/``."""

    @operation(
        "list_reminders",
        "reminders",
        Operation("Your reminders", shapes.Reminder, _REMINDER, query=ReminderQuery, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Earliest first: what you will be told, were told and on which ways, and what was missed."""
        user, query = caller_of(request), read_query(ReminderQuery, request)
        found = list_reminders(user, timezone.now(), state=query.state, task_id=query.task_id)
        return answer_page(request, found, lambda each: reminder_to_json(each, user), orders=ORDERS)


class TaskReminderListView(ApiView):
    """``tasks/{task_id}/reminders/``."""

    @operation(
        "list_task_reminders",
        "reminders",
        Operation("The reminders of a task", shapes.Reminder, _REMINDER, orders=ORDERS, errors=(TaskNotFound,)),
    )
    def get(self, request: Request, task_id: uuid.UUID) -> Response:
        """Earliest first, whoever is told."""
        user = caller_of(request)
        task = selectors.get_task(user, task_id)
        found = list_reminders(user, timezone.now(), task_id=task.id)
        return answer_page(request, found, lambda each: reminder_to_json(each, user), orders=ORDERS)

    @operation(
        "add_reminders",
        "reminders",
        Operation(
            "Add reminders to a task",
            shapes.Reminders,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewReminders,
            body_example={"remind": ["PT30M", "2026-11-23T09:00:00+01:00", {"before_start": "PT10M"}]},
            errors=(TaskNotFound, TooManyReminders),
        ),
    )
    def post(self, request: Request, task_id: uuid.UUID) -> Response:
        """Each a moment, an ISO duration before the task is due, or one before it starts; the answer holds all."""
        command = read_body(AddReminders, request, kind="add_reminders", task_id=str(task_id))
        return _answer(request, carry_out(request, command), task_id, code=status.HTTP_201_CREATED)


class ReminderView(ApiView):
    """``reminders/{reminder_id}/``."""

    @operation(
        "get_reminder",
        "reminders",
        Operation("One reminder", shapes.Reminder, _REMINDER, errors=(ReminderNotFound,)),
    )
    def get(self, request: Request, reminder_id: uuid.UUID) -> Response:
        """Of a task that you see."""
        task_id = get_reminder(caller_of(request), reminder_id).task_id
        return Response(next(each for each in _of_task(request, task_id) if each["id"] == str(reminder_id)))

    @operation(
        "delete_reminder",
        "reminders",
        Operation(
            "Take a reminder away", shapes.Changed, {"change_set": shapes.CHANGE_SET_ID}, errors=(ReminderNotFound,)
        ),
    )
    def delete(self, request: Request, reminder_id: uuid.UUID) -> Response:
        """An undo of the set of changes brings it back."""
        outcome = carry_out(request, DeleteReminder(reminder_id=reminder_id))
        return Response({"change_set": str(outcome.change_set)})


class ReminderSnoozeView(ApiView):
    """``reminders/{reminder_id}/snooze/``."""

    @operation(
        "snooze_one_reminder",
        "reminders",
        Operation(
            "Be reminded later",
            shapes.Reminders,
            _EXAMPLE,
            body=Later,
            body_example={"wait": "PT10M"},
            errors=(ReminderNotFound,),
        ),
    )
    def post(self, request: Request, reminder_id: uuid.UUID) -> Response:
        """At a moment, or so long from now; the task stays as it is. The answer holds all reminders of the task."""
        later = read_body(Later, request)
        user = caller_of(request)
        task_id = get_reminder(user, reminder_id).task_id
        until = later.until or later_by(later.wait or dt.timedelta(), timezone.now(), selectors.zone_of(user))
        command = PutOffReminder(reminder_id=reminder_id, until=until)
        return _answer(request, carry_out(request, command), task_id)


class ReminderDismissView(ApiView):
    """``reminders/{reminder_id}/dismiss/``."""

    @operation(
        "dismiss_reminder",
        "reminders",
        Operation("Be done with a reminder", shapes.Reminders, _EXAMPLE, errors=(ReminderNotFound,)),
    )
    def post(self, request: Request, reminder_id: uuid.UUID) -> Response:
        """Not told any more, until its moment changes; the answer holds all reminders of the task."""
        command = read_body(DismissReminder, request, kind="dismiss_reminder", reminder_id=str(reminder_id))
        task_id = get_reminder(caller_of(request), reminder_id).task_id
        return _answer(request, carry_out(request, command), task_id)


def _answer(request: Request, outcome: Outcome, task_id: uuid.UUID, *, code: int = status.HTTP_200_OK) -> Response:
    body = {"reminders": _of_task(request, task_id), "change_set": str(outcome.change_set)}
    return Response(body, status=code)


def _of_task(request: Request, task_id: uuid.UUID) -> list[dict[str, Any]]:
    user = caller_of(request)
    found: list[Reminder] = list(list_reminders(user, timezone.now(), task_id=task_id))
    return [dict(reminder_to_json(each, user)) for each in found]


urlpatterns = [
    path("reminders/", ReminderListView.as_view(), name="reminders"),
    path("reminders/<uuid:reminder_id>/", ReminderView.as_view(), name="reminder"),
    path("reminders/<uuid:reminder_id>/snooze/", ReminderSnoozeView.as_view(), name="reminder-snooze"),
    path("reminders/<uuid:reminder_id>/dismiss/", ReminderDismissView.as_view(), name="reminder-dismiss"),
    path("tasks/<uuid:task_id>/reminders/", TaskReminderListView.as_view(), name="task-reminders"),
]
