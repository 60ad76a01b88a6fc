"""Reverting a set of changes as a whole, and undoing that again."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tasks_app.changes import is_same, locked_row, put_back, take_snapshot, title_of
from tasks_app.commands import UndoChanges
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, NothingToUndo, UndoConflict
from tasks_app.models import Change, ChangeSet, Task
from tasks_app.results import CommandResult, Undone
from tasks_app.services.bulk_undo import revert_presence
from tasks_app.services.undo_conditions import has_place, is_member, may_change
from tasks_app.services.work import Work
from voicebot.errors import NotAllowed


def undo_changes(work: Work, command: UndoChanges) -> CommandResult:
    """Put every row of a set back, last change first.

    Raises:
        NothingToUndo: No set was named, and there is none.
        ChangeSetNotFound: The named one is not the person's.
        ChangesAlreadyUndone: It is undone, or this very set reverts one already.
        UndoConflict: A row was changed since; nothing is reverted.
        NotAllowed: The person may not change a row any more.
    """
    if work.change_set.undoes_id is not None:
        raise ChangesAlreadyUndone
    target = _find_target(work, command.change_set_id)
    changes = list(target.changes.order_by("-ordinal"))
    if not revert_presence(work, command.kind, changes):
        changed_last: set[UUID] = set()
        for change in changes:
            _revert(work, command.kind, change, is_last=change.row_id not in changed_last)
            changed_last.add(change.row_id)
    work.change_set.undoes = target
    undone = tuple(
        Undone(action=result["action"], title=result["title"]) for result in target.results if result["changed"]
    )
    return CommandResult(
        action=command.kind, title=undone[-1].title if undone else "", undone=undone, undone_set_id=target.id
    )


def _find_target(work: Work, change_set_id: UUID | None) -> ChangeSet:
    mine = ChangeSet.objects.filter(owner=work.actor.user).exclude(id=work.change_set.id)
    if change_set_id is None:
        return _newest_in_effect(mine)
    target = mine.filter(id=change_set_id).first()
    if target is None:
        raise ChangeSetNotFound
    return _in_effect(target)


def _newest_in_effect(mine: QuerySet[ChangeSet]) -> ChangeSet:
    """The newest that is not undone and is no undo itself, so that each further undo goes one step further back."""
    for candidate in mine.filter(Exists(Change.objects.filter(change_set=OuterRef("pk"))), undone_by=None):
        if not _is_undo(candidate):
            return candidate
    raise NothingToUndo


def _is_undo(change_set: ChangeSet) -> bool:
    """An undo of an undo is a redo, which can be undone again; so can a correction, which does something instead."""
    if change_set.undoes is None or any(result["action"] != "undo_changes" for result in change_set.results):
        return False
    return not _is_undo(change_set.undoes)


def _in_effect(target: ChangeSet) -> ChangeSet:
    """The set to revert for what a person means: after undo and redo, the redo."""
    while (undo := ChangeSet.objects.filter(undoes=target).first()) is not None:
        redo = ChangeSet.objects.filter(undoes=undo).first()
        if redo is None:
            raise ChangesAlreadyUndone
        target = redo
    return target


def _revert(work: Work, action: str, change: Change, *, is_last: bool) -> None:
    """Put one row back.

    Args:
        work: The undoing set.
        action: What to call it in the log.
        change: What to revert.
        is_last: Whether it is the last change of its row in its set; only that one can be in conflict.
    """
    row = locked_row(change.kind, change.row_id)
    if row is None:
        raise UndoConflict(title=title_of(change.after))
    present = take_snapshot(row)
    if is_last and row.version != change.version_after and not is_same(present, change.after):
        raise UndoConflict(title=title_of(present))
    goal = change.before or {**present, "deleted_at": work.change_set.created_at.isoformat()}
    if not may_change(work.actor.user, row, goal):
        raise NotAllowed
    if not has_place(work.actor.user, row, goal):
        raise UndoConflict(title=title_of(present))
    put_back(row, goal)
    if isinstance(row, Task) and row.assignee_id and not is_member(row.project, row.assignee_id, row.owner_id):
        row.assignee = None
    work.log.record(action, row, present)
