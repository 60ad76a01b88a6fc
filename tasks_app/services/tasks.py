"""Commands on tasks: what they are and where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from tasks_app import events, selectors
from tasks_app.commands import CreateTask, DeleteTask, MoveTask, UpdateTask
from tasks_app.errors import TaskParentInvalid, TaskTitleMissing
from tasks_app.models import Label, Project, Reminder, Task, User
from tasks_app.reminders import replace_reminders, reschedule_reminders
from tasks_app.results import CommandResult
from tasks_app.serialization import priority_number, task_facts, task_to_json
from tasks_app.services import nesting, schedule
from tasks_app.services.outcomes import task_result
from tasks_app.services.places import place_next_to
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot, take_snapshots
from tasks_app.trash import OWNERS
from voicebot.errors import NotAllowed
from voicebot.transactions import publish_on_commit


def create_task(work: Work, command: CreateTask) -> CommandResult:
    """Add a task."""
    user = work.actor.user
    parent = selectors.get_task(user, command.parent_id, to_edit=True) if command.parent_id else None
    project = _project_for(user, command, parent)
    task = Task(
        owner=project.owner if project else user,
        project=project,
        title=command.title,
        notes=command.notes,
        priority=priority_number(command.priority),
        duration_minutes=command.duration_minutes,
        assignee=selectors.get_assignee(user, command.assignee_id, project) if command.assignee_id else None,
        zone=work.actor.tz.key,
    )
    nesting.set_parent(task, parent)
    schedule.set_up(task, command, work.actor)
    task.save()
    if command.labels:
        task.labels.set(nesting.labels_named(task.owner, command.labels))
    if command.remind:
        replace_reminders(task, command.remind)
    prefetch_related_objects([task], *_parts_of_new(command))
    work.log.record(command.kind, task, before=None)
    _tell_assignee(work, task, None)
    work.made[task.id] = task
    return task_result(command.kind, task, None)


def _parts_of_new(command: CreateTask) -> Iterator[Prefetch[Any]]:
    """What was just written for it; nothing is asked where nothing was."""
    yield Prefetch("labels", Label.objects.all() if command.labels else Label.objects.none())
    yield Prefetch("reminders", Reminder.objects.all() if command.remind else Reminder.objects.none())


def update_task(work: Work, command: UpdateTask) -> CommandResult:
    """Change what was given, and move reminders with the due moment."""
    user = work.actor.user
    task = selectors.get_task(user, command.task_id, for_update=True, to_edit=True)
    facts, before, had_it = task_facts(task), take_snapshot(task), task.assignee_id
    is_elsewhere = _place(work, task, command)
    _set_plain_fields(user, task, command)
    schedule.update_schedule(task, command, work.actor)
    if "labels" in command.model_fields_set:
        task.labels.set(nesting.labels_named(task.owner, command.labels or ()))
    if "remind" in command.model_fields_set:
        replace_reminders(task, command.remind or ())
    reschedule_reminders(task)
    changed = work.log.record(command.kind, task, before)
    moved_along = nesting.relocate_parts(work, command.kind, task) if is_elsewhere else 0
    _tell_assignee(work, task, had_it)
    return task_result(command.kind, task, facts, changed=changed, tasks_touched=moved_along)


def move_task(work: Work, command: MoveTask) -> CommandResult:
    """Put a task elsewhere in its list."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    others = Task.objects.filter(owner=task.owner_id, project=task.project_id, parent=task.parent_id, deleted_at=None)
    task.position = place_next_to(others.exclude(id=task.id), command.before_id, command.after_id)
    changed = work.log.record(command.kind, task, before)
    return task_result(command.kind, task, facts, changed=changed)


def delete_task(work: Work, command: DeleteTask) -> CommandResult:
    """Put a task into the trash, its parts first, so that undoing brings it back before them."""
    task = selectors.get_task(work.actor.user, command.task_id, for_update=True, to_edit=True)
    facts, before = task_facts(task), take_snapshot(task)
    deleted_at = timezone.now()
    parts = nesting.parts_of([task])[::-1]
    befores = take_snapshots(parts)
    for part in parts:
        part.deleted_at = deleted_at
    work.log.record_all(command.kind, parts, befores)
    task.deleted_at = deleted_at
    work.log.record(command.kind, task, before)
    return task_result(command.kind, task, facts, tasks_touched=len(parts))


def _project_for(user: User, command: CreateTask, parent: Task | None) -> Project | None:
    if parent is not None:
        if command.project_id not in {None, parent.project_id}:
            raise TaskParentInvalid
        return parent.project
    return selectors.get_project(user, command.project_id, to_edit=True) if command.project_id else None


def _place(work: Work, task: Task, command: UpdateTask) -> bool:
    """Set project and parent; whether the task, and so its parts, lie in another project now."""
    given, user = command.model_fields_set, work.actor.user
    project = task.project
    if "project_id" in given:
        project = selectors.get_project(user, command.project_id, to_edit=True) if command.project_id else None
    if "parent_id" in given and command.parent_id is not None:
        parent = selectors.get_task(user, command.parent_id, to_edit=True)
        if "project_id" in given and parent.project_id != command.project_id:
            raise TaskParentInvalid
        nesting.set_parent(task, parent)
        project = parent.project
    elif "parent_id" in given or project != task.project:
        nesting.set_parent(task, None)
    is_elsewhere = project != task.project
    if is_elsewhere:
        _check_may_take_along(user, task, project)
        nesting.relocate(work, [task], project)
    return is_elsewhere


def _check_may_take_along(user: User, task: Task, project: Project | None) -> None:
    """Refuse to take a task from its owner to whom may not destroy it: in one's own place one could.

    Raises:
        NotAllowed
    """
    owner_id = project.owner_id if project else user.pk
    if owner_id != task.owner_id and not Task.objects.of(user, OWNERS).filter(id=task.id).exists():
        raise NotAllowed


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
    if "duration_minutes" in given:
        task.duration_minutes = command.duration_minutes
    if "assignee_id" in given:
        person_id = command.assignee_id
        task.assignee = selectors.get_assignee(user, person_id, task.project) if person_id else None


def _tell_assignee(work: Work, task: Task, had_it: int | None) -> None:
    """Tell somebody that another person gave them a task."""
    person, by = task.assignee, work.actor.user
    if person is None or person.pk in {had_it, by.pk}:
        return
    events.task_assigned.send(sender=Task, task=task, person=person, by=by)
    publish_on_commit(person.pk, {"event": "task.assigned", "task": task_to_json(task), "by": by.get_username()})
