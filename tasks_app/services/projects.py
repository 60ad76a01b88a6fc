"""Commands on projects."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from tasks_app import selectors
from tasks_app.changes import take_snapshot
from tasks_app.commands import CreateProject, DeleteProject, UpdateProject
from tasks_app.errors import ProjectNameTaken
from tasks_app.models import Project, Task, User
from tasks_app.results import CommandResult, Facts
from tasks_app.serialization import project_facts
from tasks_app.services.work import Work


def create_project(work: Work, command: CreateProject) -> CommandResult:
    """Add a project."""
    _check_name(work.actor.user, command.name)
    project = Project.objects.create(owner=work.actor.user, name=command.name)
    work.log.record(command.kind, project, before=None)
    return _result(command.kind, project, None)


def update_project(work: Work, command: UpdateProject) -> CommandResult:
    """Rename or archive a project."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True)
    facts, before = project_facts(project), take_snapshot(project)
    if command.name is not None:
        _check_name(work.actor.user, command.name, except_id=project.id)
        project.name = command.name
    if command.is_archived is not None:
        project.is_archived = command.is_archived
    changed = work.log.record(command.kind, project, before)
    return _result(command.kind, project, facts, changed=changed)


def delete_project(work: Work, command: DeleteProject) -> CommandResult:
    """Put a project into the trash, its open tasks first, so that undoing brings the project back before them."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True)
    facts, before = project_facts(project), take_snapshot(project)
    deleted_at = timezone.now()
    tasks = list(Task.objects.visible_to(work.actor.user).open().filter(project=project).select_for_update())
    for task in tasks:
        task_before = take_snapshot(task)
        task.deleted_at = deleted_at
        work.log.record(command.kind, task, task_before)
    project.deleted_at = deleted_at
    work.log.record(command.kind, project, before)
    return _result(command.kind, project, facts).model_copy(update={"tasks_touched": len(tasks)})


def _check_name(user: User, name: str, except_id: UUID | None = None) -> None:
    others = Project.objects.visible_to(user).filter(name__iexact=name).exclude(id=except_id)
    if others.exists():
        raise ProjectNameTaken(name=name)


def _result(action: str, project: Project, before: Facts | None, *, changed: bool = True) -> CommandResult:
    return CommandResult(
        **dict(project_facts(project)), action=action, changed=changed, project_id=project.id, before=before
    )
