"""What happened to a task, and what was said about it, for those who may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tasks_app import selectors
from tasks_app.errors import CommentNotFound
from tasks_app.models import Change, Project, TaskComment, User
from voicebot.errors import NotAllowed

if TYPE_CHECKING:
    from tasks_app.querysets import CommentQuerySet

HISTORY_LIMIT = 200


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a task."""

    at: dt.datetime
    by: User
    """Who did it."""
    source: str
    """The door through which it came."""
    cause_id: UUID
    """The utterance, request or press of a button that it came from; also the set of changes that an undo names."""
    action: str
    before: dict[str, Any] | None
    """The fields that changed, as they were; None when it was made, or when it lay where this person may not look."""
    after: dict[str, Any]
    """The same fields as they became."""


def list_history(user: User, task_id: UUID) -> list[HistoryEntry]:
    """The newest changes of a task, latest first; at most :data:`HISTORY_LIMIT`.

    What happened while the task lay where the person may not look, such as in somebody's inbox, is left out.

    Raises:
        TaskNotFound: There is none that the person may see.
    """
    task = selectors.get_task(user, task_id)
    changes = Change.objects.filter(kind=Change.Kind.TASK, row_id=task.id).select_related("change_set__owner")
    newest = list(changes.order_by("-change_set__created_at", "-ordinal")[:HISTORY_LIMIT])
    places = {state["project"] for each in newest for state in (each.before, each.after) if state and state["project"]}
    open_places = {str(id_) for id_ in Project.objects.of(user).filter(id__in=places).values_list("id", flat=True)}

    def may_see(state: dict[str, Any], change: Change) -> bool:
        is_own = state.get("owner", change.change_set.owner_id) in {user.pk, str(user.pk)}
        return is_own or state["project"] in open_places

    return [_entry(each, can_look_back=may_see(each.before or {"project": None}, each))
            for each in newest if may_see(each.after, each)]  # fmt: skip


def _entry(change: Change, *, can_look_back: bool) -> HistoryEntry:
    before = change.before if can_look_back else None
    names = [name for name in change.after if before is None or before.get(name) != change.after[name]]
    return HistoryEntry(
        at=change.change_set.created_at,
        by=change.change_set.owner,
        source=change.change_set.source,
        cause_id=change.change_set_id,
        action=change.action,
        before=None if before is None else {name: before.get(name) for name in names},
        after={name: change.after[name] for name in names},
    )


def list_comments(user: User, task_id: UUID) -> CommentQuerySet:
    """What was said about a task, oldest first; authors are fetched.

    Raises:
        TaskNotFound: There is none that the person may see.
    """
    task = selectors.get_task(user, task_id)
    comments: CommentQuerySet = TaskComment.objects.filter(task=task, deleted_at=None)
    return comments.select_related("author").order_by("created_at")


def get_own_comment(user: User, comment_id: UUID) -> TaskComment:
    """A comment that the person wrote, locked until the transaction ends.

    Raises:
        CommentNotFound: There is none that they may see.
        NotAllowed: Somebody else wrote it.
    """
    comments = TaskComment.objects.visible_to(user).select_related("author", "task")
    comment: TaskComment | None = comments.select_for_update(of=("self",)).filter(id=comment_id).first()
    if comment is None:
        raise CommentNotFound
    if comment.author_id != user.pk:
        raise NotAllowed
    return comment
