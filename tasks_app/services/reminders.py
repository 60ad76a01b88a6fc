"""Commands on single reminders of a task; who may write the task may."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tasks_app import selectors
from tasks_app.commands import (
    REMINDERS_MAX_COUNT,
    AddReminders,
    CommandBase,
    DeleteReminder,
    DismissReminder,
    PutOffReminder,
)
from tasks_app.models import Reminder, Task
from tasks_app.reminders.errors import TooManyReminders
from tasks_app.reminders.listing import get_reminder
from tasks_app.reminders.moments import add_reminders as add_to
from tasks_app.results import CommandResult, Facts
from tasks_app.serialization import task_facts
from tasks_app.services.outcomes import task_result
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot


def add_reminders(work: Work, command: AddReminders) -> CommandResult:
    """Add those that the task does not have.

    Raises:
        TaskNotFound: There is none that the person may see.
        NotAllowed: They may see it and not change it.
        TooManyReminders: It would have more than a task can have.
    """
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    add_to(task, command.remind)
    if task.reminders.count() > REMINDERS_MAX_COUNT:
        raise TooManyReminders(limit=REMINDERS_MAX_COUNT)
    changed = work.log.record(command.kind, task, before)
    return task_result(command.kind, task, facts, changed=changed)


def delete_reminder(work: Work, command: DeleteReminder) -> CommandResult:
    """Take one away.

    Raises:
        ReminderNotFound: There is none that the person may see.
        NotAllowed: They may see it and not change it.
    """
    task, reminder = _open(work, command)
    facts, before = task_facts(task), take_snapshot(task)
    reminder.delete()
    return _close(work, command, task, before, facts)


def put_off_reminder(work: Work, command: PutOffReminder) -> CommandResult:
    """Move one that has a moment of its own; instead of one that counts from due or start, add such a one.

    Raises:
        ReminderNotFound: There is none that the person may see.
        NotAllowed: They may see it and not change it.
    """
    task, reminder = _open(work, command)
    facts, before = task_facts(task), take_snapshot(task)
    until = command.until.astimezone(dt.UTC)
    if not reminder.is_relative:
        task.reminders.filter(before=None, before_start=None, remind_at=until).exclude(id=reminder.id).delete()
        reminder.remind_at, reminder.state = until, Reminder.State.WAITING
        reminder.lease_until = reminder.sent_at = reminder.held_until = reminder.dismissed_at = None
    else:
        reminder.dismissed_at = timezone.now()
        add_to(task, (until,))
    reminder.save()
    return _close(work, command, task, before, facts)


def dismiss_reminder(work: Work, command: DismissReminder) -> CommandResult:
    """Do not tell it, or not any more.

    Raises:
        ReminderNotFound: There is none that the person may see.
        NotAllowed: They may see it and not change it.
    """
    task, reminder = _open(work, command)
    facts, before = task_facts(task), take_snapshot(task)
    if reminder.dismissed_at is None:
        reminder.dismissed_at = timezone.now()
        reminder.save(update_fields=["dismissed_at"])
    return _close(work, command, task, before, facts)


def _open(work: Work, command: DeleteReminder | PutOffReminder | DismissReminder) -> tuple[Task, Reminder]:
    """The task of a reminder, locked, and the reminder, which nobody tells until the transaction ends."""
    user = work.actor.user
    task_id = get_reminder(user, command.reminder_id).task_id
    task = selectors.get_task(user, task_id, for_update=True, to_edit=True)
    return task, get_reminder(user, command.reminder_id, for_update=True)


def _close(work: Work, command: CommandBase, task: Task, before: dict[str, object], facts: Facts) -> CommandResult:
    kind = str(type(command).model_fields["kind"].default)
    changed = work.log.record(kind, task, before)
    return task_result(kind, task, facts, changed=changed)
