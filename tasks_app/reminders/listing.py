"""The reminders of a person, and how far each is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.duration import duration_iso_string

from tasks_app.clock import localise, wire_form
from tasks_app.models import Reminder, Task, User
from tasks_app.reminders.errors import ReminderNotFound
from tasks_app.reminders.people import tells
from tasks_app.reminders.plan import LATE_FROM

if TYPE_CHECKING:
    from voicebot.errors import JsonValue

STATES = ("upcoming", "held", "missed", "delivered", "dismissed", "idle")
_LAST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Where those stand that have no moment."""


def list_reminders(
    user: User, now: dt.datetime, *, state: str | None = None, task_id: UUID | None = None
) -> QuerySet[Reminder]:
    """Those that tell this person, or all of one task that they may see; earliest first.

    Args:
        user: Who looks.
        now: Aware moment, by which it is said what is upcoming and what was missed.
        state: One of :data:`STATES`.
        task_id: Of this task only.
    """
    found = _visible_to(user).filter(Q(task_id=task_id) if task_id else tells(user))
    found = found.annotate(progress=_progress(now), moment=Coalesce("remind_at", Value(_LAST)))
    if state is not None:
        found = found.filter(progress=state)
    return found.select_related("task", "notice").order_by("moment", "id")


def get_reminder(user: User, reminder_id: UUID, *, for_update: bool = False) -> Reminder:
    """One reminder of a task that the person may see.

    Raises:
        ReminderNotFound: There is none.
    """
    found = _visible_to(user).filter(id=reminder_id)
    reminder = (found.select_for_update(of=("self",)) if for_update else found).first()
    if reminder is None:
        raise ReminderNotFound
    return reminder


def reminder_to_json(reminder: Reminder, reader: User) -> dict[str, JsonValue]:
    """A reminder as one person sees it; it is one of :func:`list_reminders`.

    On which ways somebody else was told is not said.
    """
    notice, zone = reminder.notice, reminder.task.zone
    channels: JsonValue = list(notice.channels) if notice is not None and notice.user_id == reader.pk else None
    return {
        "id": str(reminder.id),
        "task": {"id": str(reminder.task_id), "title": reminder.task.title},
        "before": _iso(reminder.before),
        "before_start": _iso(reminder.before_start),
        "remind_at": wire_form(None, reminder.remind_at, zone),
        "state": getattr(reminder, "progress", None),
        "held_until": wire_form(None, reminder.held_until, zone),
        "delivered_at": wire_form(None, reminder.sent_at, zone),
        "channels": channels,
    }


def later_by(wait: dt.timedelta, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """So much later; whole days are counted on the clock, so that tomorrow is at the same time of day."""
    local = now.astimezone(zone).replace(tzinfo=None) + dt.timedelta(days=wait.days)
    whole_days = localise(local, zone) if wait.days else now
    return whole_days + dt.timedelta(seconds=wait.seconds, microseconds=wait.microseconds)


def _iso(before: dt.timedelta | None) -> str | None:
    return None if before is None else duration_iso_string(before)


def _visible_to(user: User) -> QuerySet[Reminder]:
    return Reminder.objects.filter(task__in=Task.objects.visible_to(user))


def _progress(now: dt.datetime) -> Case:
    return Case(
        When(dismissed_at__isnull=False, then=Value("dismissed")),
        When(state=Reminder.State.SENT, then=Value("delivered")),
        When(Q(remind_at=None) | Q(task__completed_at__isnull=False), then=Value("idle")),
        When(held_until__gt=now, then=Value("held")),
        When(remind_at__lt=now - LATE_FROM, then=Value("missed")),
        default=Value("upcoming"),
        output_field=CharField(),
    )
