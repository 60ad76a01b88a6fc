"""``tasks/{task_id}/comments/`` and ``comments/``."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import history
from tasks_app.api import shapes
from tasks_app.api.callers import Outcome, caller_of, carry_out, carry_out_on
from tasks_app.commands import AddComment, DeleteComment, EditComment
from tasks_app.errors import CommentNotFound, TaskNotFound
from tasks_app.models import TaskComment
from tasks_app.serialization import comment_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page
from voicebot.api.versions import etag_of

_COMMENT: dict[str, Any] = {
    "id": "d4c3b2a1-0f9e-4d8c-8b7a-6f5e4d3c2b15",
    "task_id": shapes.TASK_ID,
    "author_id": 3,
    "author": "anna",
    "text": "She is back on Monday.",
    "created_at": "2026-11-22T09:00:00+00:00",
    "edited_at": None,
    "version": 1,
}
_EXAMPLE: dict[str, Any] = {"comment": _COMMENT, "change_set": shapes.CHANGE_SET_ID}
ORDERS = Orders({"created_at": ("created_at", "id")})
NewComment = body_without(AddComment, "NewComment", "kind", "task_id")
CommentFields = body_without(EditComment, "CommentFields", "kind", "comment_id")


class CommentListView(ApiView):
    """``tasks/{task_id}/comments/``."""

    @operation(
        "list_comments",
        "tasks",
        Operation("What was said about a task", shapes.Comment, _COMMENT, orders=ORDERS, errors=(TaskNotFound,)),
    )
    def get(self, request: Request, task_id: uuid.UUID) -> Response:
        """Oldest first."""
        comments = history.list_comments(caller_of(request), task_id)
        return answer_page(request, comments, comment_to_json, orders=ORDERS)

    @operation(
        "add_comment",
        "tasks",
        Operation(
            "Say something about a task",
            shapes.CommentChanged,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewComment,
            body_example={"text": "She is back on Monday."},
            errors=(TaskNotFound,),
        ),
    )
    def post(self, request: Request, task_id: uuid.UUID) -> Response:
        """For everybody who sees it."""
        outcome = carry_out(request, read_body(AddComment, request, kind="add_comment", task_id=str(task_id)))
        return _answer(_comment(request, outcome.results[0].comment_id), outcome, code=status.HTTP_201_CREATED)


class CommentView(ApiView):
    """``comments/{comment_id}/``."""

    @operation(
        "edit_comment",
        "tasks",
        Operation(
            "Say a comment in other words",
            shapes.CommentChanged,
            _EXAMPLE,
            body=CommentFields,
            body_example={"text": "She is back on Tuesday."},
            errors=(CommentNotFound,),
            checks_version=True,
        ),
    )
    def patch(self, request: Request, comment_id: uuid.UUID) -> Response:
        """Your own."""
        command = read_body(EditComment, request, kind="edit_comment", comment_id=str(comment_id))
        outcome = carry_out_on(request, comment_id, _comment(request, comment_id).version, command)
        return _answer(_comment(request, comment_id), outcome)

    @operation(
        "delete_comment",
        "tasks",
        Operation(
            "Take a comment away",
            shapes.Changed,
            {"change_set": shapes.CHANGE_SET_ID},
            errors=(CommentNotFound,),
            checks_version=True,
        ),
    )
    def delete(self, request: Request, comment_id: uuid.UUID) -> Response:
        """Your own; an undo of the set of changes brings it back."""
        version = _comment(request, comment_id).version
        outcome = carry_out_on(request, comment_id, version, DeleteComment(comment_id=comment_id))
        return Response({"change_set": str(outcome.change_set)})


def _comment(request: Request, comment_id: uuid.UUID | None) -> TaskComment:
    seen = TaskComment.objects.visible_to(caller_of(request)).select_related("author")
    found: TaskComment | None = seen.filter(id=comment_id).first()
    if found is None:
        raise CommentNotFound
    return found


def _answer(comment: TaskComment, outcome: Outcome, *, code: int = status.HTTP_200_OK) -> Response:
    body = {"comment": comment_to_json(comment), "change_set": str(outcome.change_set)}
    return Response(body, status=code, headers={"ETag": etag_of(comment.version)})


urlpatterns = [
    path("tasks/<uuid:task_id>/comments/", CommentListView.as_view(), name="task-comments"),
    path("comments/<uuid:comment_id>/", CommentView.as_view(), name="comment"),
]
