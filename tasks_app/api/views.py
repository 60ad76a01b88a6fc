"""The task API's first part: see the open ones, complete and reopen."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.utils import timezone
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tasks_app import selectors, services
from tasks_app.api.callers import caller_of, source_of
from tasks_app.commands import Command, CompleteTask, ReopenTask
from tasks_app.context import Actor
from tasks_app.models import Task
from tasks_app.serialization import task_to_json


class NewestFirst(CursorPagination):
    """Pages of tasks that stay right while new ones come in."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-created_at"


class TaskListView(APIView):
    """``tasks/``."""

    def get(self, request: Request) -> Response:
        """The caller's own open tasks, newest first."""
        pages = NewestFirst()
        tasks = Task.objects.visible_to(caller_of(request)).open().with_everything()
        page = pages.paginate_queryset(tasks, request, view=self) or []
        return pages.get_paginated_response([task_to_json(task) for task in page])


class TaskActionView(APIView):
    """``tasks/{id}/complete/`` and ``tasks/{id}/reopen/``."""

    command: ClassVar[type[CompleteTask | ReopenTask]] = CompleteTask

    def post(self, request: Request, task_id: uuid.UUID) -> Response:
        """Carry it out; the task as it is now, and the set of changes that an undo names."""
        cause_id = uuid.uuid4()
        command: Command = self.command(task_id=task_id)
        services.execute(_actor_of(request), [command], cause_id=cause_id)
        task = selectors.get_task(caller_of(request), task_id)
        return Response({"task": task_to_json(task), "change_set": str(cause_id)})


class ChangeUndoView(APIView):
    """``changes/{id}/undo/``."""

    def post(self, request: Request, change_set_id: uuid.UUID) -> Response:
        """Revert one set of the caller's own changes as a whole."""
        results = services.undo_change_set(_actor_of(request), change_set_id, uuid.uuid4())
        return Response({"results": [result.to_json() for result in results]})


def _actor_of(request: Request) -> Actor:
    user = caller_of(request)
    zone = selectors.zone_of(user)
    return Actor(user, source_of(request), zone, selectors.get_user_language(user), timezone.now().astimezone(zone))
