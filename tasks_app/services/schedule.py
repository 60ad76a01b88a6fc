"""When a task is due and how it recurs: sets the fields of a task that is not saved yet."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tasks_app.clock import day_in, localise
from tasks_app.commands import CreateTask, Due, UpdateTask
from tasks_app.context import Actor
from tasks_app.errors import TaskRangeInvalid
from tasks_app.models import Task
from tasks_app.recurrence import Occurrence, first_occurrence, parse_recurrence


def set_up(task: Task, command: CreateTask, actor: Actor) -> None:
    """Set all that a new task's command says of time.

    Raises:
        RecurrenceInvalid: The rule is wrong, or never comes.
        TaskRangeInvalid: It would end before it is due, or start after.
    """
    set_due(task, command.due, actor.tz)
    set_end(task, command.end, actor.tz)
    set_start(task, command.start, actor.tz)
    set_recurrence(task, command.rrule, actor)
    task.repeats_after_completion = bool(task.rrule) and command.repeats_after_completion
    check_range(task)


def set_due(task: Task, due: Due | None, zone: ZoneInfo) -> None:
    """Set day, time and zone from a date, an aware moment or nothing."""
    task.due_on, task.due_at, task.due_time = _split(due, zone)
    if due is not None:
        task.zone = zone.key
        if task.start_at is not None:
            set_start(task, task.start_at, zone)


def set_end(task: Task, end: Due | None, zone: ZoneInfo) -> None:
    """Set the end of the range in the same way."""
    task.end_on, task.end_at, task.end_time = _split(end, zone)


def set_start(task: Task, start: Due | None, zone: ZoneInfo) -> None:
    """Set from when it can be done; on the clock of the zone in which it is due, when it is due."""
    zone = zone if task.due_on is None else ZoneInfo(task.zone)
    task.start_on, task.start_at, task.start_time = _split(start, zone)
    if start is not None:
        task.zone = zone.key


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
        task.rrule, task.repeats_after_completion = "", False
        return
    recurrence = parse_recurrence(rule)
    start = due_on_clock(task)
    today = dt.datetime.combine(day_in(actor.tz, actor.said_at), dt.time())
    first = first_occurrence(recurrence, start or today, ZoneInfo(task.zone) if start else actor.tz)
    task.rrule = recurrence.text
    if start is None:
        set_due(task, first.local.date(), actor.tz)


def update_schedule(task: Task, command: UpdateTask, actor: Actor) -> None:
    """Set what was given of start, due, end and recurrence.

    A range keeps its length, and a start its distance, when only the due moment moves. A task that is not due any more
    neither ends nor recurs.

    Raises:
        RecurrenceInvalid: The rule is wrong, or never comes.
        TaskRangeInvalid: It would end before it is due, or start after.
    """
    given = command.model_fields_set
    if "due" in given:
        move_due(task, command.due, actor.tz)
        task.snoozed_from_on = task.snoozed_from_time = None
    if "end" in given:
        set_end(task, command.end, actor.tz)
    if "start" in given:
        set_start(task, command.start, actor.tz)
    if "rrule" in given:
        set_recurrence(task, command.rrule, actor)
    if command.repeats_after_completion is not None:
        task.repeats_after_completion = bool(task.rrule) and command.repeats_after_completion
    check_range(task)


def move_due(task: Task, due: Due | None, zone: ZoneInfo) -> None:
    """Set when it is due, start and end with it."""
    was, around = due_on_clock(task), _around(task)
    set_due(task, due, zone)
    if task.due_on is None:
        set_end(task, None, zone)
        task.rrule, task.repeats_after_completion = "", False
    elif was is not None:
        _bring_along(task, around, was)


def put_off(task: Task, until: Due, zone: ZoneInfo) -> None:
    """Move a task that is due, or make it due; where it recurs, it keeps its zone and the occurrence it came from."""
    if task.rrule and task.due_on is not None:
        if task.snoozed_from_on is None:
            task.snoozed_from_on, task.snoozed_from_time = task.due_on, task.due_time
        zone = ZoneInfo(task.zone)
    move_due(task, until, zone)


def has_time(task: Task) -> bool:
    """Whether the time of its present occurrence counts, or only the day."""
    return task.snoozed_from_time is not None if task.snoozed_from_on else task.due_at is not None


def occurrence_on_clock(task: Task) -> dt.datetime | None:
    """Naive time of the occurrence at which a task stands, also when it was put off from there."""
    if task.snoozed_from_on is None:
        return due_on_clock(task)
    return dt.datetime.combine(task.snoozed_from_on, task.snoozed_from_time or dt.time())


def move_to_occurrence(task: Task, following: Occurrence) -> None:
    """Let a recurring task go on to another occurrence, with start and end."""
    local, was, around = following.local, due_on_clock(task), _around(task)
    is_timed = has_time(task)
    task.due_on, task.due_at, task.due_time = local.date(), None, None
    if is_timed:
        task.due_at, task.due_time = localise(local, ZoneInfo(task.zone)), local.time()
    if was is not None:
        _bring_along(task, around, was)
    task.snoozed_from_on = task.snoozed_from_time = None
    task.rrule = following.recurrence.text


def check_range(task: Task) -> None:
    """Refuse an end without a beginning or before it, and a start after it.

    Raises:
        TaskRangeInvalid: Then.
    """
    if task.start_on and task.due_on and task.start_on > task.due_on:
        raise TaskRangeInvalid
    if task.start_at and task.due_at and task.start_at > task.due_at:
        raise TaskRangeInvalid
    if task.end_on is None:
        return
    is_backwards = task.due_on is None or task.end_on < task.due_on
    if is_backwards or (task.due_at and task.end_at and task.end_at < task.due_at):
        raise TaskRangeInvalid


def due_on_clock(task: Task) -> dt.datetime | None:
    """Naive time that the clock shows when the task is due; midnight when it has no time."""
    return None if task.due_on is None else dt.datetime.combine(task.due_on, task.due_time or dt.time())


def _around(task: Task) -> dict[str, dt.datetime]:
    """Naive times of start and end, as far as there are; midnight for a day."""
    days = {"start": (task.start_on, task.start_time), "end": (task.end_on, task.end_time)}
    return {name: dt.datetime.combine(day, time or dt.time()) for name, (day, time) in days.items() if day}


def _bring_along(task: Task, around: dict[str, dt.datetime], was: dt.datetime) -> None:
    """Move start and end as far as the due time was moved on the clock; days by whole days."""
    now = due_on_clock(task) or was
    for name, local in around.items():
        if getattr(task, f"{name}_at") is None:
            setattr(task, f"{name}_on", local.date() + (now.date() - was.date()))
        else:
            moved = local + (now - was)
            setattr(task, f"{name}_on", moved.date())
            setattr(task, f"{name}_time", moved.time())
            setattr(task, f"{name}_at", localise(moved, ZoneInfo(task.zone)))
