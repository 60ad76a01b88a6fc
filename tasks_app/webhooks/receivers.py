"""Records for webhooks what the rest of the domain tells by signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tasks_app.context import Source
from tasks_app.events import reminder_due
from tasks_app.serialization import task_to_json
from tasks_app.webhooks.catalogue import Event
from tasks_app.webhooks.recording import Happening, Recorder

if TYPE_CHECKING:
    from tasks_app.models import Notice, Reminder


def connect() -> None:
    """Listen; called once, when the application starts."""
    reminder_due.connect(_record_reminders, dispatch_uid="webhooks")


def _record_reminders(notice: Notice, reminders: Sequence[Reminder], **_signal: object) -> None:
    """One event for each reminder, in the transaction that marks it as told."""
    Recorder().record(([notice.user_id], _happening_of(notice, reminder)) for reminder in reminders)


def _happening_of(notice: Notice, reminder: Reminder) -> Happening:
    return Happening(
        Event.REMINDER_DELIVERED,
        f"reminder:{reminder.id}:{notice.id}",
        Source.SYSTEM,
        None,
        {"reminder_id": str(reminder.id), "notice_id": str(notice.id), "task": task_to_json(reminder.task)},
    )
