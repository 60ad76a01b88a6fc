"""``changes/`` and the history of a task."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import services
from tasks_app.api import shapes
from tasks_app.api.callers import actor_of, caller_of
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, TaskNotFound, UndoConflict
from tasks_app.history import HistoryEntry, list_history
from tasks_app.models import ChangeSet, User
from tasks_app.results import CommandResult, Undone
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import NEWEST_FIRST, answer_page

_EXAMPLE: dict[str, Any] = {
    "id": shapes.CHANGE_SET_ID,
    "source": "api",
    "created_at": "2026-11-22T09:00:00+00:00",
    "undoes": None,
    "undone_by": None,
    "results": [shapes.RESULT_EXAMPLE],
}
_HISTORY_EXAMPLE: dict[str, Any] = {
    "change_set": shapes.CHANGE_SET_ID,
    "action": "complete_task",
    "source": "api",
    "by": "anna",
    "at": "2026-11-22T09:00:00+00:00",
    "before": {"completed_at": None},
    "after": {"completed_at": "2026-11-22T09:00:00+00:00"},
}
_UNDO_EXAMPLE: dict[str, Any] = {
    "results": [
        CommandResult(
            action="undo_changes", title="Call mum", undone=(Undone(action="complete_task", title="Call mum"),)
        ).to_json()
    ]
}


class ChangeListView(ApiView):
    """``changes/``."""

    @operation("list_changes", "changes", Operation("What you did", shapes.ChangeSet, _EXAMPLE, orders=NEWEST_FIRST))
    def get(self, request: Request) -> Response:
        """Through whatever door, newest first."""
        return answer_page(request, _own_sets(caller_of(request)), change_set_to_json)


class ChangeView(ApiView):
    """``changes/{change_set_id}/``."""

    @operation(
        "get_change",
        "changes",
        Operation("One set of changes", shapes.ChangeSet, _EXAMPLE, errors=(ChangeSetNotFound,)),
    )
    def get(self, request: Request, change_set_id: uuid.UUID) -> Response:
        """What one utterance, one request or one press of a button did."""
        found = _own_sets(caller_of(request)).filter(id=change_set_id).first()
        if found is None:
            raise ChangeSetNotFound
        return Response(change_set_to_json(found))


class ChangeUndoView(ApiView):
    """``changes/{change_set_id}/undo/``."""

    @operation(
        "undo_change",
        "changes",
        Operation(
            "Undo a set of changes",
            shapes.UndoResults,
            _UNDO_EXAMPLE,
            errors=(ChangeSetNotFound, ChangesAlreadyUndone, UndoConflict),
        ),
    )
    def post(self, request: Request, change_set_id: uuid.UUID) -> Response:
        """As a whole; refused when something changed since, which undoing would lose."""
        results = services.undo_change_set(actor_of(request), change_set_id, uuid.uuid4())
        return Response({"results": [result.to_json() for result in results]})


class TaskHistoryView(ApiView):
    """``tasks/{task_id}/history/``."""

    @operation(
        "get_task_history",
        "tasks",
        Operation("What was done to a task", shapes.History, {"results": [_HISTORY_EXAMPLE]}, errors=(TaskNotFound,)),
    )
    def get(self, request: Request, task_id: uuid.UUID) -> Response:
        """The newest 200 changes: by whom, through which door, before and after; latest first."""
        return Response({"results": [entry_to_json(each) for each in list_history(caller_of(request), task_id)]})


def change_set_to_json(change_set: ChangeSet) -> dict[str, Any]:
    """A set as the API shows it; reads the set that undoes it."""
    undone_by = getattr(change_set, "undone_by", None)
    return {
        "id": str(change_set.id),
        "source": change_set.source,
        "created_at": change_set.created_at.isoformat(),
        "undoes": str(change_set.undoes_id) if change_set.undoes_id else None,
        "undone_by": str(undone_by.id) if undone_by else None,
        "results": change_set.results,
    }


def entry_to_json(entry: HistoryEntry) -> dict[str, Any]:
    """One change as the API shows it."""
    return {
        "at": entry.at.isoformat(),
        "by": entry.by.get_full_name() or entry.by.get_username(),
        "source": entry.source,
        "change_set": str(entry.cause_id),
        "action": entry.action,
        "before": entry.before,
        "after": entry.after,
    }


def _own_sets(user: User) -> QuerySet[ChangeSet]:
    return ChangeSet.objects.filter(owner=user).select_related("undone_by")


urlpatterns = [
    path("changes/", ChangeListView.as_view(), name="changes"),
    path("changes/<uuid:change_set_id>/", ChangeView.as_view(), name="change"),
    path("changes/<uuid:change_set_id>/undo/", ChangeUndoView.as_view(), name="change-undo"),
    path("tasks/<uuid:task_id>/history/", TaskHistoryView.as_view(), name="task-history"),
]
