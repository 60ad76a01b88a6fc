"""Bringing back from the trash."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks_app.changes import take_snapshot
from tasks_app.commands import RestoreProject, RestoreTask
from tasks_app.errors import ProjectNotFound, TaskNotFound
from tasks_app.models import Project, Task
from tasks_app.services.nesting import relocate
from tasks_app.services.outcomes import project_result, task_result
from tasks_app.services.projects import check_name
from tasks_app.services.work import Work

if TYPE_CHECKING:
    from tasks_app.results import CommandResult

_EDITORS, _OWNERS = ("editor", "owner"), ("owner",)


def restore_task(work: Work, command: RestoreTask) -> CommandResult:
    """Take a task out of the trash, with the parts that went there with it.

    Where its project is gone it comes to the person's inbox; where the task that it is a part of is gone, it stands
    alone.

    Raises:
        TaskNotFound: There is none in the trash that they may change.
    """
    rows = Task.objects.of(work.actor.user, _EDITORS).exclude(deleted_at=None).filter(id=command.task_id)
    task = rows.select_related("project", "parent").select_for_update(of=("self",)).first()
    if task is None:
        raise TaskNotFound
    deleted_at = task.deleted_at
    before = take_snapshot(task)
    task.deleted_at = None
    if task.parent and task.parent.deleted_at:
        task.parent = None
    if task.project and task.project.deleted_at:
        relocate(work, task, None)
    work.log.record(command.kind, task, before)
    count = _restore_parts(work, command.kind, [task], deleted_at)
    return task_result(command.kind, task, None, tasks_touched=count)


def _restore_parts(work: Work, action: str, level: list[Task], deleted_at: dt.datetime) -> int:
    """Upper levels first, so that undoing puts parts back into the trash before their wholes."""
    count = 0
    while level:
        parts = Task.objects.filter(parent__in=level, deleted_at=deleted_at).select_related("project", "parent")
        level = list(parts.select_for_update(of=("self",)))
        for part in level:
            before = take_snapshot(part)
            part.deleted_at = None
            if part.parent and part.parent.project_id != part.project_id:
                relocate(work, part, part.parent.project)
            work.log.record(action, part, before)
        count += len(level)
    return count


def restore_project(work: Work, command: RestoreProject) -> CommandResult:
    """Take a project out of the trash, with the tasks that went there with it.

    Raises:
        ProjectNotFound: There is none in the trash that they may change.
        ProjectNameTaken: Its owner has given the name to another one.
    """
    rows = Project.objects.of(work.actor.user, _OWNERS).exclude(deleted_at=None).filter(id=command.project_id)
    project = rows.select_for_update(of=("self",)).first()
    if project is None:
        raise ProjectNotFound
    check_name(project.owner, project.name)
    deleted_at = project.deleted_at
    before = take_snapshot(project)
    project.deleted_at = None
    work.log.record(command.kind, project, before)
    tasks = Task.objects.filter(project=project, deleted_at=deleted_at).select_related("project")
    touched = list(tasks.select_for_update(of=("self",)))
    for task in touched:
        task_before = take_snapshot(task)
        task.deleted_at = None
        work.log.record(command.kind, task, task_before)
    return project_result(command.kind, project, tasks_touched=len(touched))
