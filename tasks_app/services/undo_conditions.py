"""What has to hold for a row to be put back."""

from __future__ import annotations

from django.db.models import QuerySet

from tasks_app.models import Label, Project, ProjectMember, Task, TaskComment, User
from tasks_app.sharing import find_member_user
from tasks_app.snapshots import Row, Snapshot

_EDITORS, _OWNERS = ("editor", "owner"), ("owner",)


def may_change(user: User, row: Row, goal: Snapshot) -> bool:
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


def has_place(user: User, row: Row, goal: Snapshot) -> bool:
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


def is_member(project: Project | None, person_id: int, owner_id: int) -> bool:
    """Whether a person may have tasks of a project, or of its owner's inbox."""
    return person_id == owner_id or (project is not None and find_member_user(project, person_id) is not None)
