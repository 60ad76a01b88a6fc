"""When a task is due and how it recurs: sets the fields of a task that is not saved yet."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tasks_app.clock import day_in, localise
from tasks_app.commands import Due, UpdateTask
from tasks_app.context import Actor
from tasks_app.errors import TaskRangeInvalid
from tasks_app.models import Task
from tasks_app.recurrence import first_occurrence, parse_recurrence


def set_due(task: Task, due: Due | None, zone: ZoneInfo) -> None:
    """Set day, time and zone from a date, an aware moment or nothing."""
    task.due_on, task.due_at, task.due_time = _split(due, zone)
    if due is not None:
        task.zone = zone.key


def set_end(task: Task, end: Due | None, zone: ZoneInfo) -> None:
    """Set the end of the range in the same way."""
    task.end_on, task.end_at, task.end_time = _split(end, zone)


def _split(due: Due | None, zone: ZoneInfo) -> tuple[dt.date | None, dt.datetime | None, dt.time | None]:
    if isinstance(due, dt.datetime):
        local = due.astimezone(zone)
        return local.date(), due.astimezone(dt.UTC), local.time()
    return due, None, None


def set_recurrence(task: Task, rule: str | None, actor: Actor) -> None:
    """Set how it recurs; without a due date it is due at the first occurrence from today on.

    Raises:
        RecurrenceInvalid: The rule is wrong, or never comes.
    """
    if rule is None:
        task.rrule = ""
        return
    recurrence = parse_recurrence(rule)
    start = due_on_clock(task)
    today = dt.datetime.combine(day_in(actor.tz, actor.said_at), dt.time())
    first = first_occurrence(recurrence, start or today, ZoneInfo(task.zone) if start else actor.tz)
    task.rrule = recurrence.text
    if start is None:
        set_due(task, first.local.date(), actor.tz)


def update_schedule(task: Task, command: UpdateTask, actor: Actor) -> None:
    """Set what was given of due, end and recurrence.

    A range keeps its length when only its beginning moves. A task that is not due any more neither ends nor recurs.

    Raises:
        RecurrenceInvalid: The rule is wrong, or never comes.
        TaskRangeInvalid: It would end before it is due.
    """
    given = command.model_fields_set
    if "due" in given:
        start, end = due_on_clock(task), _end_on_clock(task)
        set_due(task, command.due, actor.tz)
        moved_to = due_on_clock(task)
        if start and end and moved_to:
            _set_end_on_clock(task, end + (moved_to - start))
        if moved_to is None:
            set_end(task, None, actor.tz)
            task.rrule = ""
    if "end" in given:
        set_end(task, command.end, actor.tz)
    if "rrule" in given:
        set_recurrence(task, command.rrule, actor)
    check_range(task)


def check_range(task: Task) -> None:
    """Refuse an end without a beginning or before it.

    Raises:
        TaskRangeInvalid: Then.
    """
    if task.end_on is None:
        return
    is_backwards = task.due_on is None or task.end_on < task.due_on
    if is_backwards or (task.due_at and task.end_at and task.end_at < task.due_at):
        raise TaskRangeInvalid


def due_on_clock(task: Task) -> dt.datetime | None:
    """Naive time that the clock shows when the task is due; midnight when it has no time."""
    return None if task.due_on is None else dt.datetime.combine(task.due_on, task.due_time or dt.time())


def shift_to(task: Task, local: dt.datetime) -> None:
    """Move a task that is due to another naive time in its own zone, its range with it."""
    start, end = due_on_clock(task), _end_on_clock(task)
    task.due_on = local.date()
    if task.due_at is not None:
        task.due_time, task.due_at = local.time(), localise(local, ZoneInfo(task.zone))
    if start and end:
        _set_end_on_clock(task, end + (local - start))


def _end_on_clock(task: Task) -> dt.datetime | None:
    return None if task.end_on is None else dt.datetime.combine(task.end_on, task.end_time or dt.time())


def _set_end_on_clock(task: Task, local: dt.datetime) -> None:
    task.end_on = local.date()
    if task.end_at is not None:
        task.end_time, task.end_at = local.time(), localise(local, ZoneInfo(task.zone))
