"""Reverting a set of changes as a whole, and undoing that again."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tasks_app.changes import Row, Snapshot, is_same, locked_row, put_back, take_snapshot, title_of
from tasks_app.commands import UndoChanges
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, NothingToUndo, UndoConflict
from tasks_app.models import Change, ChangeSet, Label, Project, ProjectMember, Task, TaskComment, User
from tasks_app.results import CommandResult, Undone
from tasks_app.services.work import Work
from tasks_app.sharing import find_member_user
from voicebot.errors import NotAllowed

_EDITORS, _OWNERS = ("editor", "owner"), ("owner",)


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
    changed_last: set[UUID] = set()
    for change in target.changes.order_by("-ordinal"):
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
    if not _may_change(work.actor.user, row, goal):
        raise NotAllowed
    if not _has_place(work.actor.user, row, goal):
        raise UndoConflict(title=title_of(present))
    put_back(row, goal)
    if isinstance(row, Task) and row.assignee_id and not _is_member(row.project, row.assignee_id, row.owner_id):
        row.assignee = None
    work.log.record(action, row, present)


def _may_change(user: User, row: Row, goal: Snapshot) -> bool:
    """Whether the person may still change this row, in the trash or not."""
    match row:
        case Task():
            return Task.objects.of(user, _EDITORS).filter(id=row.id).exists()
        case Project():
            return Project.objects.of(user, _OWNERS).filter(id=row.id).exists()
        case ProjectMember():
            return _may_change_member(user, row, goal)
        case TaskComment():
            return row.author_id == user.pk and Task.objects.of(user, _EDITORS).filter(id=row.task_id).exists()
        case _:
            return row.owner_id == user.pk


def _may_change_member(user: User, row: ProjectMember, goal: Snapshot) -> bool:
    """Owners may; a person may move or give up their own place, and not take back what they gave up."""
    if Project.objects.of(user, _OWNERS).filter(id=row.project_id).exists():
        return True
    gains = goal["role"] != row.role or (row.deleted_at and not goal["deleted_at"])
    return row.user_id == user.pk and not (gains or (goal["joined_at"] and not row.joined_at))


def _has_place(user: User, row: Row, goal: Snapshot) -> bool:
    """Whether all that the row needs is there, and nothing is left that needs a row which goes."""
    match row:
        case Task():
            return _task_has_place(user, row, goal)
        case Project():
            is_needed = Task.objects.open().filter(project=row, deleted_at=None).exists()
            return not is_needed if goal["deleted_at"] else _is_free(Project.objects.filter(owner=row.owner), row, goal)
        case ProjectMember():
            others = ProjectMember.objects.filter(project=row.project_id, user=row.user_id, deleted_at=None)
            is_alone = not others.exclude(id=row.id).exists()
            return bool(goal["deleted_at"]) or (is_alone and row.project.deleted_at is None)
        case Label():
            return bool(goal["deleted_at"]) or _is_free(Label.objects.filter(owner=row.owner), row, goal)
        case _:
            return bool(goal["deleted_at"]) or row.task.deleted_at is None


def _task_has_place(user: User, row: Task, goal: Snapshot) -> bool:
    if goal["deleted_at"]:
        return not row.children.filter(deleted_at=None).exists()
    if goal["project"]:
        places = Project.objects.of(user, _EDITORS).filter(id=goal["project"])
        if not (places if goal["completed_at"] else places.filter(deleted_at=None)).exists():
            return False
    whole = goal.get("parent")
    return whole is None or Task.objects.filter(id=whole, deleted_at=None).exists()


def _is_free(rows: QuerySet[Project] | QuerySet[Label], row: Row, goal: Snapshot) -> bool:
    return not rows.filter(deleted_at=None, name__iexact=goal["name"]).exclude(id=row.id).exists()


def _is_member(project: Project | None, person_id: int, owner_id: int) -> bool:
    return person_id == owner_id or (project is not None and find_member_user(project, person_id) is not None)
