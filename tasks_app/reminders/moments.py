"""The reminders of a task, and the moments at which they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from tasks_app.clock import localise
from tasks_app.commands import RemindAt
from tasks_app.models import Reminder, Task

DAY_STARTS_AT = dt.time(9)
"""On the clock of the task's zone: from here a reminder counts back when the task has a day and no time."""


def moment_before_due(task: Task, before: dt.timedelta) -> dt.datetime | None:
    """So long before the task is due; whole days are counted on the clock, so they keep the time of day.

    Returns:
        An aware moment, or None when the task is not due at all.
    """
    if task.due_on is None:
        return None
    zone = ZoneInfo(task.zone)
    clock_time = dt.timedelta(seconds=before.seconds, microseconds=before.microseconds)
    day = task.due_on - dt.timedelta(days=before.days)
    if task.due_at is not None and before.days == 0:
        return task.due_at.astimezone(dt.UTC) - clock_time
    return localise(dt.datetime.combine(day, task.due_time or DAY_STARTS_AT), zone) - clock_time


def replace_reminders(task: Task, remind: Iterable[RemindAt]) -> None:
    """Give a saved task these reminders instead of those it has; one that it has already stays as it is."""
    present = {each.remind_at if each.before is None else each.before: each for each in task.reminders.all()}
    wanted = dict.fromkeys(remind)
    task.reminders.filter(id__in=[each.id for key, each in present.items() if key not in wanted]).delete()
    _add(task, wanted.keys() - present.keys())


def add_reminders(task: Task, remind: Iterable[RemindAt]) -> None:
    """Give a saved task these reminders beside those it has; one that it has already stays as it is."""
    present = {each.remind_at if each.before is None else each.before for each in task.reminders.all()}
    _add(task, set(remind) - present)


def _add(task: Task, remind: Iterable[RemindAt]) -> None:
    for item in remind:
        if isinstance(item, dt.timedelta):
            Reminder.objects.create(task=task, before=item, remind_at=moment_before_due(task, item))
        else:
            Reminder.objects.create(task=task, remind_at=item.astimezone(dt.UTC))


def reschedule_reminders(task: Task) -> None:
    """Move those that count from the due moment after it has changed; a moved one is told again, at its own moment."""
    for reminder in task.reminders.select_for_update().filter(before__isnull=False):
        moment = moment_before_due(task, reminder.before or dt.timedelta())
        if moment != reminder.remind_at:
            reminder.remind_at, reminder.state = moment, Reminder.State.WAITING
            reminder.lease_until = reminder.sent_at = reminder.held_until = reminder.dismissed_at = None
            reminder.save()
