"""Commands that tick tasks off, take them back, put them off or pass over an occurrence."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from tasks_app import selectors
from tasks_app.clock import localise
from tasks_app.commands import CompleteTask, ReopenTask, SkipOccurrence, SnoozeReminder, SnoozeTask
from tasks_app.errors import NoNextOccurrence
from tasks_app.models import Reminder, Task
from tasks_app.recurrence import Occurrence, next_after_completion, next_occurrence, parse_recurrence
from tasks_app.reminders import reschedule_reminders
from tasks_app.results import CommandResult
from tasks_app.serialization import task_facts
from tasks_app.services import nesting, schedule
from tasks_app.services.outcomes import task_result
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot, take_snapshots


def complete_task(work: Work, command: CompleteTask) -> CommandResult:
    """Tick a task off with its parts, or move a recurring one to its next occurrence and take its parts back."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    was_open = task.completed_at is None
    following = _next_after_doing(task, work.actor.said_at) if was_open else None
    if following:
        schedule.move_to_occurrence(task, following)
        reschedule_reminders(task)
    elif was_open:
        task.completed_at = timezone.now()
    changed = work.log.record(command.kind, task, before)
    touched = _set_parts_done(work, command.kind, task, task.completed_at) if was_open else 0
    result = task_result(command.kind, task, facts, changed=changed, tasks_touched=touched)
    return result.model_copy(update={"next_due": result.due}) if following else result


def reopen_task(work: Work, command: ReopenTask) -> CommandResult:
    """Take a completed task back, and what it is a part of: that is not done then."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    task.completed_at = None
    changed = work.log.record(command.kind, task, before)
    wholes = [whole for whole in nesting.wholes_of(task) if whole.completed_at]
    for whole in wholes:
        whole_before = take_snapshot(whole)
        whole.completed_at = None
        work.log.record(command.kind, whole, whole_before)
    return task_result(command.kind, task, facts, changed=changed, tasks_touched=len(wholes))


def skip_occurrence(work: Work, command: SkipOccurrence) -> CommandResult:
    """Move a recurring task on from where it stands, done or not.

    Raises:
        NoNextOccurrence: It does not recur, or not any more.
    """
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    start = schedule.occurrence_on_clock(task)
    if start is None or not task.rrule or task.completed_at:
        raise NoNextOccurrence
    following = _next_by_calendar(task, start, localise(start, ZoneInfo(task.zone)))
    if following is None:
        raise NoNextOccurrence
    schedule.move_to_occurrence(task, following)
    reschedule_reminders(task)
    work.log.record(command.kind, task, before)
    result = task_result(command.kind, task, facts)
    return result.model_copy(update={"next_due": result.due})


def snooze_task(work: Work, command: SnoozeTask) -> CommandResult:
    """Put a task off; a recurring one remembers the occurrence that it was put off from."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    schedule.put_off(task, command.until, work.actor.tz)
    reschedule_reminders(task)
    changed = work.log.record(command.kind, task, before)
    return task_result(command.kind, task, facts, changed=changed)


def snooze_reminder(work: Work, command: SnoozeReminder) -> CommandResult:
    """Add a reminder at that moment; those that count from the due moment stay for the occurrences to come."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    until = command.until.astimezone(dt.UTC)
    if not task.reminders.filter(remind_at=until).exists():
        Reminder.objects.create(task=task, remind_at=until)
    changed = work.log.record(command.kind, task, before)
    return task_result(command.kind, task, facts, changed=changed)


def _next_after_doing(task: Task, done_at: dt.datetime) -> Occurrence | None:
    start = schedule.occurrence_on_clock(task)
    if not task.rrule or start is None:
        return None
    if not task.repeats_after_completion:
        return _next_by_calendar(task, start, done_at)
    return next_after_completion(parse_recurrence(task.rrule), start, ZoneInfo(task.zone), done_at=done_at)


def _next_by_calendar(task: Task, start: dt.datetime, after: dt.datetime) -> Occurrence | None:
    return next_occurrence(
        parse_recurrence(task.rrule), start, ZoneInfo(task.zone), has_time=schedule.has_time(task), after=after
    )


def _set_parts_done(work: Work, action: str, task: Task, completed_at: dt.datetime | None) -> int:
    """Tick open parts off, or with None take those that are done back; how many."""
    parts = [part for part in nesting.parts_of([task]) if (part.completed_at is None) != (completed_at is None)]
    befores = take_snapshots(parts)
    for part in parts:
        part.completed_at = completed_at
    return work.log.record_all(action, parts, befores)
