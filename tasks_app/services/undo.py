"""Reverting a set of changes as a whole, and undoing that again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tasks_app.commands import UndoChanges
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, NothingToUndo, UndoConflict
from tasks_app.models import Change, ChangeSet, Label, Reminder, Task
from tasks_app.results import CommandResult, Undone
from tasks_app.services.bulk_undo import can_go_together, revert_together
from tasks_app.services.undo_conditions import has_place, is_member, may_change
from tasks_app.services.work import Work
from tasks_app.snapshots import Row, Snapshot, columns_of, fields_of, is_same, locked_row, take_snapshot, title_of
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
    _revert_all(work, command.kind, changes)
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


def _revert_all(work: Work, action: str, changes: Sequence[Change]) -> None:
    """Put rows back, last change first; such as stand together and were changed once, together."""
    times = Counter(change.row_id for change in changes)
    changed_last: set[UUID] = set()
    for (_, is_simple), group in groupby(
        changes, key=lambda each: (each.kind, times[each.row_id] == 1 and can_go_together(each))
    ):
        if is_simple:
            revert_together(work, action, list(group))
            continue
        for change in group:
            _revert(work, action, change, is_last=change.row_id not in changed_last)
            changed_last.add(change.row_id)


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
    _put_back(row, goal)
    if isinstance(row, Task) and row.assignee_id and not is_member(row.project, row.assignee_id, row.owner_id):
        row.assignee = None
    work.log.record(action, row, present)


def _put_back(row: Row, snapshot: Snapshot) -> None:
    """Set a row to what a snapshot says; the row itself is not saved, its labels and reminders are."""
    for each in fields_of(row):
        if each.name in snapshot:
            setattr(row, each.attname, each.to_python(snapshot[each.name]))
    if isinstance(row, Task):
        row.labels.set(Label.with_deleted.filter(owner=row.owner_id, id__in=snapshot["labels"]))
        _put_back_reminders(row, snapshot["reminders"])


def _put_back_reminders(task: Task, reminders: list[dict[str, Any]]) -> None:
    """A reminder that was told since, at or after the moment it is put back to, is not told again."""
    present = {str(each.id): each for each in task.reminders.select_for_update()}
    task.reminders.exclude(id__in=[each["id"] for each in reminders]).delete()
    for each in reminders:
        reminder = Reminder(task=task, lease_until=None)
        for column in columns_of(Reminder):
            if column.name in each:
                setattr(reminder, column.name, column.to_python(each[column.name]))
        old = present.get(each["id"])
        if old and old.sent_at and reminder.remind_at and old.sent_at >= reminder.remind_at:
            reminder.state, reminder.sent_at = old.state, old.sent_at
        reminder.save(force_insert=old is None, force_update=old is not None)
