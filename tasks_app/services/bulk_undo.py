"""Takes back a large set that only made rows, put them into the trash or took them out, with few statements.

It is what :mod:`tasks_app.services.undo` does row by row, for sets such as an import or the deletion of a project.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet
from django.utils import timezone

from tasks_app.changes import Row, Snapshot, is_same, snapshot_of, title_of
from tasks_app.errors import UndoConflict
from tasks_app.models import Change, Label, Project, Reminder, Task, User
from tasks_app.services.undo_conditions import has_place, may_change
from tasks_app.services.work import Work
from voicebot.errors import NotAllowed

FROM = 20
"""Smaller sets go row by row."""
_BATCH = 1000
_EDITORS = ("editor", "owner")
_MODELS: dict[str, type[Task | Project | Label]] = {
    Change.Kind.TASK: Task,
    Change.Kind.PROJECT: Project,
    Change.Kind.LABEL: Label,
}


def revert_presence(work: Work, action: str, changes: Sequence[Change]) -> bool:
    """Put the rows of a set back, if it is of this kind.

    Args:
        work: The undoing set.
        action: What to call it in the log.
        changes: Of the set to revert, last first.

    Returns:
        False when it is not of this kind; nothing was done then.

    Raises:
        UndoConflict, NotAllowed: As for an undo row by row; nothing is reverted.
    """
    rows = {change.row_id for change in changes}
    if len(changes) < FROM or len(rows) < len(changes) or not all(map(_is_of_presence, changes)):
        return False
    given = Task.objects.filter(id__in=[change.row_id for change in changes if change.kind == Change.Kind.TASK])
    if given.exclude(assignee=None).exists():
        return False  # whether each of these people may still have their task is asked row by row
    for kind, group in groupby(changes, key=lambda change: change.kind):
        _revert(work, action, kind, list(group))
    return True


def _is_of_presence(change: Change) -> bool:
    before = change.before
    if change.kind not in _MODELS:
        return False
    return before is None or all(
        before.get(name) == value for name, value in change.after.items() if name not in {"deleted_at", "reminders"}
    )


def _revert(work: Work, action: str, kind: str, changes: Sequence[Change]) -> None:
    rows = _locked(kind, [change.row_id for change in changes])
    changed: list[tuple[Row, Snapshot, dt.datetime | None]] = []
    for change in changes:
        row = rows.get(change.row_id)
        if row is None:
            raise UndoConflict(title=title_of(change.after))
        present = _snapshot(row)
        if row.version != change.version_after and not is_same(present, change.after):
            raise UndoConflict(title=title_of(present))
        changed.append((row, present, _goal_of(change, work.change_set.created_at)))
    _check(work.actor.user, kind, changed)
    for each, _, deleted_at in changed:
        each.deleted_at, each.updated_at = deleted_at, timezone.now()
        each.version += 1
    manager: Any = Label.with_deleted if kind == Change.Kind.LABEL else _MODELS[kind].objects
    manager.bulk_update([each for each, _, _ in changed], ["deleted_at", "updated_at", "version"], batch_size=_BATCH)
    work.log.record_many(action, [(each, present, _snapshot(each)) for each, present, _ in changed])


def _goal_of(change: Change, now: dt.datetime) -> dt.datetime | None:
    """When the row is to have gone to the trash; None when it is to be there."""
    if change.before is None:
        return now
    moment = change.before["deleted_at"]
    return dt.datetime.fromisoformat(moment) if moment else None


def _locked(kind: str, ids: Sequence[UUID]) -> dict[UUID, Task | Project | Label]:
    model = _MODELS[kind]
    rows: QuerySet[Model] = (Label.with_deleted if model is Label else model.objects).filter(id__in=ids).order_by("id")
    locked = rows.select_for_update(of=("self",))
    if model is Task:
        list(Reminder.objects.select_for_update().filter(task__in=ids).order_by("id").values_list("id"))
        locked = locked.select_related("project").prefetch_related(
            "labels", Prefetch("reminders", queryset=Reminder.objects.order_by("id"))
        )
    return {row.pk: row for row in locked}  # type: ignore[misc]  # the model is one of three


def _snapshot(row: Row) -> Snapshot:
    if not isinstance(row, Task):
        return snapshot_of(row)
    return snapshot_of(row, [label.id for label in row.labels.all()], row.reminders.all())


def _check(user: User, kind: str, changed: Sequence[tuple[Row, Snapshot, dt.datetime | None]]) -> None:
    if kind == Change.Kind.TASK:
        _check_tasks(user, changed)
        return
    for row, present, deleted_at in changed:
        goal = {**present, "deleted_at": deleted_at.isoformat() if deleted_at else None}
        if not may_change(user, row, goal):
            raise NotAllowed
        if not has_place(user, row, goal):
            raise UndoConflict(title=title_of(present))


def _check_tasks(user: User, changed: Sequence[tuple[Row, Snapshot, dt.datetime | None]]) -> None:
    ids = {row.id for row, _, _ in changed}
    if Task.objects.of(user, _EDITORS).filter(id__in=ids).count() < len(ids):
        raise NotAllowed
    going = {row.id for row, _, deleted_at in changed if deleted_at}
    left = Task.objects.filter(parent__in=going, deleted_at=None).exclude(id__in=going).select_related("parent").first()
    if left is not None and left.parent is not None:
        raise UndoConflict(title=left.parent.title)
    projects = Project.objects.of(user, _EDITORS)
    present_projects = {str(id_) for id_ in projects.filter(deleted_at=None).values_list("id", flat=True)}
    all_projects = {str(id_) for id_ in projects.values_list("id", flat=True)}
    coming = {str(row.id) for row, _, deleted_at in changed if not deleted_at}
    wholes = {before["parent"] for _, before, deleted_at in changed if not deleted_at and before["parent"]}
    there = Task.objects.filter(id__in=wholes, deleted_at=None).values_list("id", flat=True)
    wholes -= {str(id_) for id_ in there} | coming
    for _, before, deleted_at in changed:
        places = all_projects if before["completed_at"] else present_projects
        is_lost = before["parent"] in wholes or (before["project"] and before["project"] not in places)
        if not deleted_at and is_lost:
            raise UndoConflict(title=title_of(before))
