"""Commands on projects."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from tasks_app import selectors
from tasks_app.commands import CreateProject, DeleteProject, MoveProject, UpdateProject
from tasks_app.errors import ProjectNameTaken
from tasks_app.models import Project, ProjectMember, Task, User
from tasks_app.results import CommandResult
from tasks_app.serialization import project_facts
from tasks_app.services.outcomes import project_result
from tasks_app.services.places import place_next_to
from tasks_app.services.work import Work
from tasks_app.sharing import get_own_membership
from tasks_app.snapshots import take_snapshot, take_snapshots


def create_project(work: Work, command: CreateProject) -> CommandResult:
    """Add a project, its maker as the first member."""
    user = work.actor.user
    check_name(user, command.name)
    project = Project.objects.create(owner=user, name=command.name, colour=command.colour)
    ProjectMember.objects.create(
        project=project, user=user, role=ProjectMember.Role.OWNER, joined_at=project.created_at
    )
    work.log.record(command.kind, project, before=None)
    return project_result(command.kind, project)


def update_project(work: Work, command: UpdateProject) -> CommandResult:
    """Rename, colour or archive a project."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True, to_manage=True)
    facts, before = project_facts(project), take_snapshot(project)
    if command.name is not None:
        check_name(project.owner, command.name, except_id=project.id)
        project.name = command.name
    if command.colour is not None:
        project.colour = command.colour
    if command.is_archived is not None:
        project.is_archived = command.is_archived
    changed = work.log.record(command.kind, project, before)
    return project_result(command.kind, project, facts, changed=changed)


def move_project(work: Work, command: MoveProject) -> CommandResult:
    """Put a project elsewhere in the person's own list; the other members' lists stay as they are."""
    user = work.actor.user
    project = selectors.get_project(user, command.project_id)
    member = get_own_membership(user, project.id)
    before = take_snapshot(member)
    others = ProjectMember.objects.present().filter(user=user, project__deleted_at=None).exclude(id=member.id)
    member.position = place_next_to(others, command.before_id, command.after_id, key="project_id")
    changed = work.log.record(command.kind, member, before)
    return project_result(command.kind, project, project_facts(project), changed=changed)


def delete_project(work: Work, command: DeleteProject) -> CommandResult:
    """Put a project into the trash, its open tasks first, so that undoing brings the project back before them."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True, to_manage=True)
    facts, before = project_facts(project), take_snapshot(project)
    deleted_at = timezone.now()
    tasks = list(Task.objects.open().filter(project=project, deleted_at=None).select_for_update())
    befores = take_snapshots(tasks)
    for task in tasks:
        task.deleted_at = deleted_at
    work.log.record_all(command.kind, tasks, befores)
    project.deleted_at = deleted_at
    work.log.record(command.kind, project, before)
    return project_result(command.kind, project, facts, tasks_touched=len(tasks))


def check_name(owner: User, name: str, except_id: UUID | None = None) -> None:
    """Refuse a name that the owner has given to another project.

    Raises:
        ProjectNameTaken: Then.
    """
    others = Project.objects.filter(owner=owner, deleted_at=None, name__iexact=name).exclude(id=except_id)
    if others.exists():
        raise ProjectNameTaken(name=name)
