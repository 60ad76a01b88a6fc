"""Commands on tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils import timezone

from tasks_app import selectors
from tasks_app.changes import take_snapshot
from tasks_app.commands import CompleteTask, CreateTask, DeleteTask, ReopenTask, UpdateTask
from tasks_app.errors import TaskTitleMissing
from tasks_app.models import Label, Task, User
from tasks_app.recurrence import next_occurrence, parse_recurrence
from tasks_app.reminders import replace_reminders, reschedule_reminders
from tasks_app.results import CommandResult, Facts
from tasks_app.serialization import priority_number, task_facts
from tasks_app.services import schedule
from tasks_app.services.work import Work


def create_task(work: Work, command: CreateTask) -> CommandResult:
    """Add a task."""
    user = work.actor.user
    task = Task(
        owner=user,
        title=command.title,
        notes=command.notes,
        priority=priority_number(command.priority),
        project=selectors.get_project(user, command.project_id) if command.project_id else None,
        assignee=selectors.get_assignee(user, command.assignee_id) if command.assignee_id else None,
        zone=work.actor.tz.key,
    )
    schedule.set_due(task, command.due, work.actor.tz)
    schedule.set_end(task, command.end, work.actor.tz)
    schedule.set_recurrence(task, command.rrule, work.actor)
    schedule.check_range(task)
    task.save()
    if command.labels:
        task.labels.set(_labels_named(user, command.labels))
    if command.remind:
        replace_reminders(task, command.remind)
    work.log.record(command.kind, task, before=None)
    return _result(command.kind, task, None)


def update_task(work: Work, command: UpdateTask) -> CommandResult:
    """Change what was given, and move reminders with the due moment."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True)
    facts, before = task_facts(task), take_snapshot(task)
    _set_plain_fields(work.actor.user, task, command)
    schedule.update_schedule(task, command, work.actor)
    if "labels" in command.model_fields_set:
        task.labels.set(_labels_named(work.actor.user, command.labels or ()))
    if "remind" in command.model_fields_set:
        replace_reminders(task, command.remind or ())
    reschedule_reminders(task)
    changed = work.log.record(command.kind, task, before)
    return _result(command.kind, task, facts, changed=changed)


def complete_task(work: Work, command: CompleteTask) -> CommandResult:
    """Tick a task off, or move a recurring one to its next occurrence."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True)
    facts, before = task_facts(task), take_snapshot(task)
    moved = task.completed_at is None and _move_to_next_occurrence(task, work.actor.said_at)
    if moved:
        reschedule_reminders(task)
    elif task.completed_at is None:
        task.completed_at = timezone.now()
    changed = work.log.record(command.kind, task, before)
    result = _result(command.kind, task, facts, changed=changed)
    return result.model_copy(update={"next_due": result.due}) if moved else result


def reopen_task(work: Work, command: ReopenTask) -> CommandResult:
    """Take a completed task back."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True)
    facts, before = task_facts(task), take_snapshot(task)
    task.completed_at = None
    changed = work.log.record(command.kind, task, before)
    return _result(command.kind, task, facts, changed=changed)


def delete_task(work: Work, command: DeleteTask) -> CommandResult:
    """Put a task into the trash."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True)
    facts, before = task_facts(task), take_snapshot(task)
    task.deleted_at = timezone.now()
    work.log.record(command.kind, task, before)
    return _result(command.kind, task, facts)


def _set_plain_fields(user: User, task: Task, command: UpdateTask) -> None:
    given = command.model_fields_set
    if "title" in given:
        if command.title is None:
            raise TaskTitleMissing
        task.title = command.title
    if "notes" in given:
        task.notes = command.notes or ""
    if "priority" in given:
        task.priority = priority_number(command.priority)
    if "project_id" in given:
        task.project = selectors.get_project(user, command.project_id) if command.project_id else None
    if "assignee_id" in given:
        task.assignee = selectors.get_assignee(user, command.assignee_id) if command.assignee_id else None


def _move_to_next_occurrence(task: Task, done_at: dt.datetime) -> bool:
    """Whether there is a next occurrence, to which the task then is moved, with its range."""
    start = schedule.due_on_clock(task)
    if not task.rrule or start is None:
        return False
    following = next_occurrence(
        parse_recurrence(task.rrule), start, ZoneInfo(task.zone), has_time=task.due_at is not None, after=done_at
    )
    if following is None:
        return False
    schedule.shift_to(task, following.local)
    task.rrule = following.recurrence.text
    return True


def _labels_named(user: User, names: Iterable[str]) -> list[Label]:
    """The person's labels of these names, whatever their case; new ones are made."""
    labels = []
    for name in {name.casefold(): name for name in names}.values():
        label = Label.objects.filter(owner=user, name__iexact=name).first()
        labels.append(label or Label.objects.create(owner=user, name=name))
    return labels


def _result(action: str, task: Task, before: Facts | None, *, changed: bool = True) -> CommandResult:
    return CommandResult(
        **dict(task_facts(task)),
        action=action,
        changed=changed,
        task_id=task.id,
        project_id=task.project_id,
        recurring=bool(task.rrule),
        before=before,
    )
