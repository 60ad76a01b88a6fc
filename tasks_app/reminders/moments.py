"""The reminders of a task, and the moments at which they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Q

from tasks_app.clock import localise
from tasks_app.commands import BeforeStart, RemindAt
from tasks_app.models import Reminder, Task

DAY_STARTS_AT = dt.time(9)
"""On the clock of the task's zone: from here a reminder counts back where the task has a day and no time."""


def moment_of(task: Task, when: RemindAt) -> dt.datetime | None:
    """When a person is told of a task; whole days are counted on the clock, so they keep the time of day.

    Returns:
        An aware moment, or None when the task is not due, or has no start, from which it counts.
    """
    match when:
        case dt.timedelta():
            return _ahead_of(when, task.due_on, task.due_at, task.due_time, task.zone)
        case BeforeStart():
            return _ahead_of(when.before_start, task.start_on, task.start_at, task.start_time, task.zone)
        case _:
            return when.astimezone(dt.UTC)


def _ahead_of(
    before: dt.timedelta, day: dt.date | None, moment: dt.datetime | None, time: dt.time | None, zone: str
) -> dt.datetime | None:
    if day is None:
        return None
    clock_time = dt.timedelta(seconds=before.seconds, microseconds=before.microseconds)
    if moment is not None and before.days == 0:
        return moment.astimezone(dt.UTC) - clock_time
    local = dt.datetime.combine(day - dt.timedelta(days=before.days), time or DAY_STARTS_AT)
    return localise(local, ZoneInfo(zone)) - clock_time


def planned_reminder(task: Task, when: RemindAt) -> Reminder:
    """A reminder that is not saved yet."""
    return Reminder(
        task=task,
        before=when if isinstance(when, dt.timedelta) else None,
        before_start=when.before_start if isinstance(when, BeforeStart) else None,
        remind_at=moment_of(task, when),
    )


def replace_reminders(task: Task, remind: Iterable[RemindAt]) -> None:
    """Give a saved task these reminders instead of those it has; one that it has already stays as it is."""
    present = {each.when: each for each in task.reminders.all()}
    wanted = dict.fromkeys(remind)
    task.reminders.filter(id__in=[each.id for key, each in present.items() if key not in wanted]).delete()
    _add(task, wanted.keys() - present.keys())


def add_reminders(task: Task, remind: Iterable[RemindAt]) -> None:
    """Give a saved task these reminders beside those it has; one that it has already stays as it is."""
    _add(task, set(remind) - {each.when for each in task.reminders.all()})


def _add(task: Task, remind: Iterable[RemindAt]) -> None:
    for item in remind:
        planned_reminder(task, item).save()


def reschedule_reminders(task: Task) -> None:
    """Move those that follow the times of a task after these have changed; a moved one is told again."""
    relative = Q(before__isnull=False) | Q(before_start__isnull=False)
    for reminder in task.reminders.select_for_update().filter(relative):
        moment = None if reminder.when is None else moment_of(task, reminder.when)
        if moment != reminder.remind_at:
            reminder.remind_at, reminder.state = moment, Reminder.State.WAITING
            reminder.lease_until = reminder.sent_at = reminder.held_until = reminder.dismissed_at = None
            reminder.save()
