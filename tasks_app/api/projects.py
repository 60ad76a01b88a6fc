"""``projects/``."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from pydantic import BaseModel, ConfigDict, Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import Outcome, caller_of, carry_out, carry_out_on
from tasks_app.commands import CreateProject, DeleteProject, UpdateProject
from tasks_app.errors import ProjectNameTaken, ProjectNotFound
from tasks_app.serialization import project_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body, read_query
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page
from voicebot.api.versions import etag_of

_EXAMPLE: dict[str, Any] = {"project": shapes.PROJECT_EXAMPLE, "change_set": shapes.CHANGE_SET_ID}
ORDERS = Orders({"name": ("name", "id"), "created_at": ("created_at", "id")})

NewProject = body_without(CreateProject, "NewProject", "kind")
ProjectFields = body_without(UpdateProject, "ProjectFields", "kind", "project_id")


class ProjectQuery(BaseModel):
    """What to list."""

    model_config = ConfigDict(extra="forbid")

    with_archived: bool = Field(default=False, description="Archived ones, too.")


class ProjectListView(ApiView):
    """``projects/``."""

    @operation(
        "list_projects",
        "projects",
        Operation("Your projects", shapes.Project, shapes.PROJECT_EXAMPLE, query=ProjectQuery, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Those in use, by name."""
        query = read_query(ProjectQuery, request)
        projects = selectors.list_projects(caller_of(request), with_archived=query.with_archived)
        return answer_page(request, projects, project_to_json, orders=ORDERS)

    @operation(
        "create_project",
        "projects",
        Operation(
            "Add a project",
            shapes.ProjectChanged,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewProject,
            body_example={"name": "Home"},
            errors=(ProjectNameTaken,),
        ),
    )
    def post(self, request: Request) -> Response:
        """Its name is not that of another one of yours."""
        outcome = carry_out(request, read_body(CreateProject, request, kind="create_project"))
        project_id = outcome.results[0].project_id
        response = _answer(request, outcome, project_id, code=status.HTTP_201_CREATED)
        response["Location"] = f"{request.path}{project_id}/"
        return response


class ProjectView(ApiView):
    """``projects/{project_id}/``."""

    @operation(
        "get_project",
        "projects",
        Operation("One project", shapes.Project, shapes.PROJECT_EXAMPLE, errors=(ProjectNotFound,)),
    )
    def get(self, request: Request, project_id: uuid.UUID) -> Response:
        """Its `ETag` is for the `If-Match` of a change."""
        project = selectors.get_project(caller_of(request), project_id)
        return Response(project_to_json(project), headers={"ETag": etag_of(project.version)})

    @operation(
        "update_project",
        "projects",
        Operation(
            "Rename or archive a project",
            shapes.ProjectChanged,
            _EXAMPLE,
            body=ProjectFields,
            body_example={"is_archived": True},
            errors=(ProjectNotFound, ProjectNameTaken),
            checks_version=True,
        ),
    )
    def patch(self, request: Request, project_id: uuid.UUID) -> Response:
        """Only the fields that are given are touched."""
        version = selectors.get_project(caller_of(request), project_id).version
        command = read_body(UpdateProject, request, kind="update_project", project_id=str(project_id))
        return _answer(request, carry_out_on(request, project_id, version, command), project_id)

    @operation(
        "delete_project",
        "projects",
        Operation(
            "Put a project into the trash",
            shapes.Changed,
            {"change_set": shapes.CHANGE_SET_ID},
            errors=(ProjectNotFound,),
            checks_version=True,
        ),
    )
    def delete(self, request: Request, project_id: uuid.UUID) -> Response:
        """Its open tasks go with it; an undo of the set of changes brings all of them back."""
        version = selectors.get_project(caller_of(request), project_id).version
        outcome = carry_out_on(request, project_id, version, DeleteProject(project_id=project_id))
        return Response({"change_set": str(outcome.change_set)})


def _answer(
    request: Request, outcome: Outcome, project_id: uuid.UUID | None, *, code: int = status.HTTP_200_OK
) -> Response:
    project = selectors.get_project(caller_of(request), project_id or uuid.UUID(int=0))
    body = {"project": project_to_json(project), "change_set": str(outcome.change_set)}
    return Response(body, status=code, headers={"ETag": etag_of(project.version)})


urlpatterns = [
    path("projects/", ProjectListView.as_view(), name="projects"),
    path("projects/<uuid:project_id>/", ProjectView.as_view(), name="project"),
]
