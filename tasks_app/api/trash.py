"""``trash/tasks/`` and ``trash/projects/``: what was deleted, until it is destroyed."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import trash
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.errors import ProjectNotFound, TaskNotFound
from tasks_app.services.destruction import destroy_project, destroy_task, empty_trash
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page

_WHEN = {"deleted_at": "2026-11-22T09:00:00+00:00", "destroyed_from": "2026-12-22T09:00:00+00:00"}
_TASK: dict[str, Any] = {"id": shapes.TASK_ID, "title": "Call mum", "project": None, **_WHEN}
_PROJECT: dict[str, Any] = {"id": shapes.PROJECT_ID, "name": "Home", **_WHEN}
ORDERS = Orders({"-deleted_at": ("-deleted_at", "-id")})


class TrashedTaskListView(ApiView):
    """``trash/tasks/``."""

    @operation(
        "list_trashed_tasks",
        "trash",
        Operation("Deleted tasks", shapes.TrashedTask, _TASK, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Those that you may bring back at `tasks/{task_id}/restore/`, last deleted first."""
        rows = trash.list_tasks_in_trash(caller_of(request))
        return answer_page(request, rows, trash.trashed_task_to_json, orders=ORDERS)


class TrashedTaskView(ApiView):
    """``trash/tasks/{task_id}/``."""

    @operation("destroy_task", "trash", Operation("Destroy a deleted task", status=204, errors=(TaskNotFound,)))
    def delete(self, request: Request, task_id: uuid.UUID) -> Response:
        """With its parts, for good: owners may. Nothing brings it back."""
        destroy_task(caller_of(request), task_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashedProjectListView(ApiView):
    """``trash/projects/``."""

    @operation(
        "list_trashed_projects",
        "trash",
        Operation("Deleted projects", shapes.TrashedProject, _PROJECT, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Those that you may bring back at `projects/{project_id}/restore/`, last deleted first."""
        rows = trash.list_projects_in_trash(caller_of(request))
        return answer_page(request, rows, trash.trashed_project_to_json, orders=ORDERS)


class TrashedProjectView(ApiView):
    """``trash/projects/{project_id}/``."""

    @operation(
        "destroy_project", "trash", Operation("Destroy a deleted project", status=204, errors=(ProjectNotFound,))
    )
    def delete(self, request: Request, project_id: uuid.UUID) -> Response:
        """With its deleted tasks, for good: owners may. Nothing brings it back."""
        destroy_project(caller_of(request), project_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashEmptyView(ApiView):
    """``trash/empty/``."""

    @operation("empty_trash", "trash", Operation("Empty the trash", shapes.Emptied, {"destroyed": 4}))
    def post(self, request: Request) -> Response:
        """All that you own there is gone for good."""
        return Response({"destroyed": empty_trash(caller_of(request))})


urlpatterns = [
    path("trash/tasks/", TrashedTaskListView.as_view(), name="trash-tasks"),
    path("trash/tasks/<uuid:task_id>/", TrashedTaskView.as_view(), name="trash-task"),
    path("trash/projects/", TrashedProjectListView.as_view(), name="trash-projects"),
    path("trash/projects/<uuid:project_id>/", TrashedProjectView.as_view(), name="trash-project"),
    path("trash/empty/", TrashEmptyView.as_view(), name="trash-empty"),
]
