"""``tasks/``."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.urls import path
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import Outcome, caller_of, carry_out, carry_out_on
from tasks_app.api.task_query import TaskQuery, tasks_wanted
from tasks_app.commands import CreateTask, DeleteTask, TaskCommand, UpdateTask
from tasks_app.errors import (
    CommentNotFound,
    FilterInvalid,
    NoNextOccurrence,
    PersonNotFound,
    PlaceInvalid,
    ProjectNotFound,
    RecurrenceInvalid,
    TaskNestingTooDeep,
    TaskNotFound,
    TaskParentInvalid,
    TaskRangeInvalid,
    TaskTitleMissing,
)
from tasks_app.models.tasks import DUE_OR_LAST, PRIORITY_OR_LAST
from tasks_app.querysets import TaskQuerySet
from tasks_app.serialization import task_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body, read_query
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page
from voicebot.api.versions import etag_of

MAX_BULK = 100
WRITE_ERRORS = (
    ProjectNotFound,
    PersonNotFound,
    RecurrenceInvalid,
    TaskRangeInvalid,
    TaskParentInvalid,
    TaskNestingTooDeep,
)
BULK_ERRORS = (CommentNotFound, PlaceInvalid, NoNextOccurrence)
_EXAMPLE: dict[str, Any] = {"task": shapes.TASK_EXAMPLE, "change_set": shapes.CHANGE_SET_ID}

ORDERS = Orders(
    {
        "-created_at": ("-created_at", "-id"),
        "updated_at": ("updated_at", "id"),
        "due": ("due_or_last", "id"),
        "priority": ("priority_or_last", "id"),
        "title": ("title", "id"),
    }
)

NewTask = body_without(CreateTask, "NewTask", "kind")
TaskFields = body_without(UpdateTask, "TaskFields", "kind", "task_id")


class Bulk(BaseModel):
    """Commands about tasks that are carried out in their order, all or none, as one set of changes."""

    model_config = ConfigDict(extra="forbid")

    commands: list[Annotated[TaskCommand, Field(discriminator="kind")]] = Field(min_length=1, max_length=MAX_BULK)


class TaskListView(ApiView):
    """``tasks/``."""

    @operation(
        "list_tasks",
        "tasks",
        Operation(
            "Your tasks",
            shapes.Task,
            shapes.TASK_EXAMPLE,
            query=TaskQuery,
            orders=ORDERS,
            errors=(FilterInvalid, PersonNotFound),
        ),
    )
    def get(self, request: Request) -> Response:
        """The open ones of all projects that you see, newest first, where nothing else is asked for."""
        user = caller_of(request)
        tasks = tasks_wanted(user, read_query(TaskQuery, request), now=timezone.now(), tz=selectors.zone_of(user))
        return answer_page(request, [_with_orders(part) for part in tasks], task_to_json, orders=ORDERS)

    @operation(
        "create_task",
        "tasks",
        Operation(
            "Add a task",
            shapes.TaskChanged,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewTask,
            body_example={"title": "Call mum", "due": "2026-11-23T17:00:00+01:00", "priority": "high"},
            errors=WRITE_ERRORS,
        ),
    )
    def post(self, request: Request) -> Response:
        """Without a project it goes to the inbox; labels that are new are made."""
        outcome = carry_out(request, read_body(CreateTask, request, kind="create_task"))
        task_id = outcome.results[0].task_id
        response = _answer(request, outcome, task_id, code=status.HTTP_201_CREATED)
        response["Location"] = f"{request.path}{task_id}/"
        return response


class TaskView(ApiView):
    """``tasks/{task_id}/``."""

    @operation("get_task", "tasks", Operation("One task", shapes.Task, shapes.TASK_EXAMPLE, errors=(TaskNotFound,)))
    def get(self, request: Request, task_id: uuid.UUID) -> Response:
        """Its `ETag` is for the `If-Match` of a change."""
        task = selectors.get_task_for_json(caller_of(request), task_id)
        return Response(task_to_json(task), headers={"ETag": etag_of(task.version)})

    @operation(
        "update_task",
        "tasks",
        Operation(
            "Change a task",
            shapes.TaskChanged,
            _EXAMPLE,
            body=TaskFields,
            body_example={"due": "2026-11-24", "labels": ["family"]},
            errors=(TaskNotFound, TaskTitleMissing, *WRITE_ERRORS),
            checks_version=True,
        ),
    )
    def patch(self, request: Request, task_id: uuid.UUID) -> Response:
        """Only the fields that are given are touched; null empties one."""
        version = selectors.get_task(caller_of(request), task_id).version
        command = read_body(UpdateTask, request, kind="update_task", task_id=str(task_id))
        return _answer(request, carry_out_on(request, task_id, version, command), task_id)

    @operation(
        "delete_task",
        "tasks",
        Operation(
            "Put a task into the trash",
            shapes.Changed,
            {"change_set": shapes.CHANGE_SET_ID},
            errors=(TaskNotFound,),
            checks_version=True,
        ),
    )
    def delete(self, request: Request, task_id: uuid.UUID) -> Response:
        """An undo of the set of changes brings it back."""
        version = selectors.get_task(caller_of(request), task_id).version
        outcome = carry_out_on(request, task_id, version, DeleteTask(task_id=task_id))
        return Response({"change_set": str(outcome.change_set)})


class TaskBulkView(ApiView):
    """``tasks/bulk/``."""

    @operation(
        "change_tasks",
        "tasks",
        Operation(
            "Change many tasks at once",
            shapes.Results,
            {"change_set": shapes.CHANGE_SET_ID, "results": [shapes.RESULT_EXAMPLE]},
            body=Bulk,
            body_example={"commands": [{"kind": "complete_task", "task_id": shapes.TASK_ID}]},
            errors=(TaskNotFound, TaskTitleMissing, *WRITE_ERRORS, *BULK_ERRORS),
        ),
    )
    def post(self, request: Request) -> Response:
        """Up to 100 commands, all or none, undone as one."""
        outcome = carry_out(request, *read_body(Bulk, request).commands)
        results = [result.to_json() for result in outcome.results]
        return Response({"change_set": str(outcome.change_set), "results": results})


def _with_orders(tasks: TaskQuerySet) -> TaskQuerySet:
    ordered: TaskQuerySet = tasks.annotate(due_or_last=DUE_OR_LAST, priority_or_last=PRIORITY_OR_LAST)
    return ordered


def _answer(
    request: Request, outcome: Outcome, task_id: uuid.UUID | None, *, code: int = status.HTTP_200_OK
) -> Response:
    key = task_id or uuid.UUID(int=0)
    task = outcome.made.get(key) or selectors.get_task_for_json(caller_of(request), key)
    body = {"task": task_to_json(task), "change_set": str(outcome.change_set)}
    return Response(body, status=code, headers={"ETag": etag_of(task.version)})


urlpatterns = [
    path("tasks/", TaskListView.as_view(), name="tasks"),
    path("tasks/bulk/", TaskBulkView.as_view(), name="task-bulk"),
    path("tasks/<uuid:task_id>/", TaskView.as_view(), name="task"),
]
