"""Short ways to share a project and to act as one of its members."""

from __future__ import annotations

import uuid
from typing import Literal

from tasks_app import services
from tasks_app.commands import AcceptInvitation, Command, CreateProject, InviteMember
from tasks_app.models import Project, User
from tasks_app.results import CommandResult
from tests.tasks_app.conftest import actor_of


def act(user: User, *commands: Command) -> tuple[CommandResult, ...]:
    return services.execute(actor_of(user), commands, cause_id=uuid.uuid4())


def share(owner: User, person: User, role: Literal["viewer", "editor", "owner"] = "editor") -> Project:
    (made,) = act(owner, CreateProject(name="Flat"))
    assert made.project_id
    act(owner, InviteMember(project_id=made.project_id, username=person.username, role=role))
    act(person, AcceptInvitation(project_id=made.project_id))
    project: Project = Project.objects.get(id=made.project_id)
    return project
