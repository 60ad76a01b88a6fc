"""Puts many rows of a set back at once, with few statements: such as those of an import, or a task with all its parts.

It does what :mod:`tasks_app.services.undo` does row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Manager, QuerySet

from tasks_app.errors import UndoConflict
from tasks_app.models import Change, Label, Project, ProjectMember, Task, User
from tasks_app.services.undo_conditions import has_place, may_change
from tasks_app.services.work import Work
from tasks_app.snapshots import Row, Snapshot, fields_of, is_same, take_snapshots, title_of
from voicebot.errors import NotAllowed

_EDITORS = ("editor", "owner")
_MODELS: dict[str, type[Task | Project | Label]] = {
    Change.Kind.TASK: Task,
    Change.Kind.PROJECT: Project,
    Change.Kind.LABEL: Label,
}


def can_go_together(change: Change) -> bool:
    """Whether a change is of a kind that is put back here: of a row's own columns, not of a task's reminders."""
    before, after = change.before, change.after
    if change.kind not in _MODELS:
        return False
    return before is None or is_same(*({"reminders": each.get("reminders", [])} for each in (before, after)))


def revert_together(work: Work, action: str, changes: Sequence[Change]) -> None:
    """Put rows back.

    Args:
        work: The undoing set.
        action: What to call it in the log.
        changes: Of one kind, each of another row, that :func:`can_go_together`; last first.

    Raises:
        UndoConflict, NotAllowed: As for an undo row by row; nothing is reverted.
    """
    found = _locked(changes[0].kind, [change.row_id for change in changes])
    if missing := next((change for change in changes if change.row_id not in found), None):
        raise UndoConflict(title=title_of(missing.after))
    rows = [found[change.row_id] for change in changes]
    presents, goals = take_snapshots(rows), []
    for row, present, change in zip(rows, presents, changes, strict=True):
        if row.version != change.version_after and not is_same(present, change.after):
            raise UndoConflict(title=title_of(present))
        goals.append(change.before or {**present, "deleted_at": work.change_set.created_at.isoformat()})
    _check(work.actor.user, rows, presents, goals)
    for row, goal in zip(rows, goals, strict=True):
        for each in fields_of(row):
            if each.name in goal:
                setattr(row, each.attname, each.to_python(goal[each.name]))
    tasks = [row for row in rows if isinstance(row, Task)]
    _put_labels_back(tasks, presents, goals)
    _take_from_strangers(tasks)
    work.log.record_all(action, rows, presents)


def _locked(kind: str, ids: Sequence[UUID]) -> dict[UUID, Row]:
    model = _MODELS[kind]
    every: Manager[Any] = model._base_manager  # noqa: SLF001  # Django's documented manager for every row
    locked = every.filter(id__in=ids).order_by("id").select_for_update(of=("self",))
    return {row.pk: row for row in (locked.select_related("project") if model is Task else locked)}


def _put_labels_back(tasks: Sequence[Task], presents: Sequence[Snapshot], goals: Sequence[Snapshot]) -> None:
    """Labels of somebody who does not own the task any more stay away."""
    differing = {
        task: goal["labels"] for task, present, goal in zip(tasks, presents, goals, strict=False)
        if present["labels"] != goal["labels"]
    }  # fmt: skip
    if not differing:
        return
    named = {label_id for labels in differing.values() for label_id in labels}
    owners = dict(Label.with_deleted.filter(id__in=named).values_list("id", "owner"))
    tagged = Task.labels.through
    tagged.objects.filter(task__in=differing, label__deleted_at=None).delete()
    tagged.objects.bulk_create(
        [
            tagged(task=task, label_id=UUID(label_id))
            for task, labels in differing.items() for label_id in labels
            if owners.get(UUID(label_id)) == task.owner_id
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _take_from_strangers(tasks: Sequence[Task]) -> None:
    """Whoever has a task and is not in its project any more loses it."""
    projects = {task.project_id for task in tasks if task.assignee_id}
    members = set(ProjectMember.objects.present().filter(project__in=projects).values_list("project", "user"))
    for task in tasks:
        if task.assignee_id not in {None, task.owner_id} and (task.project_id, task.assignee_id) not in members:
            task.assignee = None


def _check(user: User, rows: Sequence[Row], presents: Sequence[Snapshot], goals: Sequence[Snapshot]) -> None:
    if isinstance(rows[0], Task):
        _check_tasks(user, rows, presents, goals)
        return
    for row, present, goal in zip(rows, presents, goals, strict=True):
        if not may_change(user, row, goal):
            raise NotAllowed
        if not has_place(user, row, goal):
            raise UndoConflict(title=title_of(present))


def _check_tasks(user: User, rows: Sequence[Row], presents: Sequence[Snapshot], goals: Sequence[Snapshot]) -> None:
    ids = {row.id for row in rows}
    if Task.objects.of(user, _EDITORS).filter(id__in=ids).count() < len(ids):
        raise NotAllowed
    going = {row.id for row, goal in zip(rows, goals, strict=True) if goal["deleted_at"]}
    left = Task.objects.filter(parent__in=going, deleted_at=None).exclude(id__in=going).select_related("parent").first()
    if left is not None and left.parent is not None:
        raise UndoConflict(title=left.parent.title)
    places = _Places(user, {str(id_) for id_ in ids - going}, goals)
    for present, goal in zip(presents, goals, strict=True):
        if not goal["deleted_at"] and not places.has(goal):
            raise UndoConflict(title=title_of(present))


class _Places:
    """Projects and wholes to which tasks can be put back."""

    def __init__(self, user: User, coming: Collection[str], goals: Sequence[Snapshot]) -> None:
        named = [goal["project"] for goal in goals if goal["project"]]
        projects = Project.objects.of(user, _EDITORS).filter(id__in=named)
        self._projects = _texts(projects)
        self._present = _texts(projects.filter(deleted_at=None))
        wholes = [goal["parent"] for goal in goals if goal.get("parent")]
        self._wholes = {*coming, *_texts(Task.objects.filter(id__in=wholes, deleted_at=None))}

    def has(self, goal: Snapshot) -> bool:
        """Whether both are there; a task that is done may lie in a project of the trash."""
        projects = self._projects if goal["completed_at"] else self._present
        return goal["project"] in {None, *projects} and goal.get("parent") in {None, *self._wholes}


def _texts(rows: QuerySet[Any]) -> set[str]:
    return {str(id_) for id_ in rows.values_list("id", flat=True)}
