"""Bringing back from the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app.commands import RestoreProject, RestoreTask
from tasks_app.errors import ProjectNotFound, TaskNotFound
from tasks_app.models import Project, Task
from tasks_app.services.nesting import parts_of, relocate
from tasks_app.services.outcomes import project_result, task_result
from tasks_app.services.projects import check_name
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot, take_snapshots

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
        relocate(work, [task], None)
    work.log.record(command.kind, task, before)
    parts = parts_of([task], deleted_at)
    befores = take_snapshots(parts)
    for part in parts:
        part.deleted_at = None
    relocate(work, [part for part in parts if part.project_id != task.project_id], task.project)
    work.log.record_all(command.kind, parts, befores)
    return task_result(command.kind, task, None, tasks_touched=len(parts))


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
    befores = take_snapshots(touched)
    for task in touched:
        task.deleted_at = None
    work.log.record_all(command.kind, touched, befores)
    return project_result(command.kind, project, tasks_touched=len(touched))
