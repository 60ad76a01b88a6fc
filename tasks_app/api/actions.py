"""What can be done to one task or project beside changing its fields: one address for each command."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of, carry_out, carry_out_on
from tasks_app.commands import (
    AcceptInvitation,
    CommandBase,
    CompleteTask,
    LeaveProject,
    MoveProject,
    MoveTask,
    ReopenTask,
    RestoreProject,
    RestoreTask,
    SkipOccurrence,
    SnoozeReminder,
    SnoozeTask,
)
from tasks_app.errors import (
    InvitationNotFound,
    NoNextOccurrence,
    OwnerMustStay,
    PlaceInvalid,
    ProjectNameTaken,
    ProjectNotFound,
    TaskNotFound,
    TaskParentInvalid,
    TaskRangeInvalid,
)
from tasks_app.models import Project, Task
from tasks_app.serialization import project_to_json, task_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.versions import etag_of
from voicebot.errors import AppError

_PLACE = {"after_id": shapes.TASK_ID}
_LATER = {"until": "2026-11-24T09:00:00+01:00"}


def task_action(
    command: type[CommandBase], *errors: type[AppError], example: dict[str, Any] | None = None, in_trash: bool = False
) -> Callable[..., Any]:
    """The view that carries a command out on the task of its address.

    Args:
        command: Has ``task_id``.
        *errors: What it refuses for, beside that there is no such task.
        example: Of the body, where the command says more than which task.
        in_trash: Whether the task lies there, so that its version cannot be asked for.
    """
    name = _name_of(command)

    class TaskActionView(ApiView):
        """``tasks/{task_id}/…/``."""

        @operation(
            name,
            "tasks",
            Operation(
                _summary_of(command),
                shapes.TaskChanged,
                {"task": shapes.TASK_EXAMPLE, "change_set": shapes.CHANGE_SET_ID},
                body=body_without(command, f"{command.__name__}Fields", "kind", "task_id") if example else None,
                body_example=example,
                errors=(TaskNotFound, *errors),
                checks_version=not in_trash,
            ),
        )
        def post(self, request: Request, task_id: uuid.UUID) -> Response:
            """The task as it is now."""
            row = None if in_trash else selectors.get_task(caller_of(request), task_id)
            change_set = _carry_out(request, command, {"task_id": task_id}, row)
            task = selectors.get_task(caller_of(request), task_id)
            body = {"task": task_to_json(task), "change_set": change_set}
            return Response(body, headers={"ETag": etag_of(task.version)})

    return TaskActionView.as_view()


def project_action(
    command: type[CommandBase], *errors: type[AppError], example: dict[str, Any] | None = None, leaves: bool = False
) -> Callable[..., Any]:
    """The view that carries a command out on the project of its address.

    Args:
        command: Has ``project_id``.
        *errors: What it refuses for, beside that there is no such project.
        example: Of the body, where the command says more than which project.
        leaves: Whether the person does not see the project afterwards.
    """
    name = _name_of(command)
    example_answer: dict[str, Any] = {"change_set": shapes.CHANGE_SET_ID}

    class ProjectActionView(ApiView):
        """``projects/{project_id}/…/``."""

        @operation(
            name,
            "projects",
            Operation(
                _summary_of(command),
                shapes.Changed if leaves else shapes.ProjectChanged,
                example_answer if leaves else {"project": shapes.PROJECT_EXAMPLE, **example_answer},
                body=body_without(command, f"{command.__name__}Fields", "kind", "project_id") if example else None,
                body_example=example,
                errors=(ProjectNotFound, *errors),
            ),
        )
        def post(self, request: Request, project_id: uuid.UUID) -> Response:
            """The project as it is now, where you still see it."""
            change_set = _carry_out(request, command, {"project_id": project_id}, None)
            if leaves:
                return Response({"change_set": change_set})
            project = selectors.get_project(caller_of(request), project_id)
            return Response({"project": project_to_json(project), "change_set": change_set})

    return ProjectActionView.as_view()


def _carry_out(
    request: Request, command: type[CommandBase], place: dict[str, uuid.UUID], row: Task | Project | None
) -> str:
    ids = {name: str(id_) for name, id_ in place.items()}
    given: Any = read_body(command, request, kind=command.model_fields["kind"].default, **ids)
    outcome = carry_out(request, given) if row is None else carry_out_on(request, row.id, row.version, given)
    return str(outcome.change_set)


def _name_of(command: type[BaseModel]) -> str:
    return str(command.model_fields["kind"].default)


def _summary_of(command: type[BaseModel]) -> str:
    return (command.__doc__ or "").strip().rstrip(".")


_TASK: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("complete", task_action(CompleteTask)),
    ("reopen", task_action(ReopenTask)),
    ("restore", task_action(RestoreTask, TaskParentInvalid, in_trash=True)),
    ("move", task_action(MoveTask, PlaceInvalid, example=_PLACE)),
    ("snooze", task_action(SnoozeTask, TaskRangeInvalid, example=_LATER)),
    ("remind-again", task_action(SnoozeReminder, example=_LATER)),
    ("skip", task_action(SkipOccurrence, NoNextOccurrence)),
)
_PROJECT: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("restore", project_action(RestoreProject, ProjectNameTaken)),
    ("move", project_action(MoveProject, PlaceInvalid, example={"after_id": shapes.PROJECT_ID})),
    ("accept", project_action(AcceptInvitation, InvitationNotFound)),
    ("leave", project_action(LeaveProject, InvitationNotFound, OwnerMustStay, leaves=True)),
)

urlpatterns: list[URLPattern] = [
    *(path(f"tasks/<uuid:task_id>/{name}/", view, name=f"task-{name}") for name, view in _TASK),
    *(path(f"projects/<uuid:project_id>/{name}/", view, name=f"project-{name}") for name, view in _PROJECT),
]
