"""Destroying what lies in the trash, when its days of grace are over or its owner wants it gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from tasks_app.errors import ProjectNotFound, TaskNotFound
from tasks_app.models import Change, ChangeSet, Label, Project, ProjectMember, Task, TaskComment, User
from tasks_app.trash import OWNERS, list_projects_in_trash, list_tasks_in_trash
from voicebot.errors import NotAllowed

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH_SIZE = 500


def purge_trash(before: dt.datetime) -> int:
    """Destroy what went to the trash before a moment, with all that hangs on it and the record of its changes.

    Returns:
        How many rows of the trash are gone.
    """
    count = 0
    for rows in (
        TaskComment.objects.all(),
        Task.objects.all(),
        Project.objects.all(),
        ProjectMember.objects.all(),
        Label.with_deleted.all(),
    ):
        old = rows.filter(deleted_at__lt=before)
        while destroyed := _purge_batch(old):
            count += destroyed
    return count


@transaction.atomic
def destroy_task(user: User, task_id: UUID) -> int:
    """Destroy a task of the trash now, with its parts; nothing brings it back.

    Returns:
        How many tasks are gone.

    Raises:
        TaskNotFound: There is none in the trash that they may bring back.
        NotAllowed: They may bring it back and do not own it.
    """
    task = list_tasks_in_trash(user).filter(id=task_id).select_for_update(of=("self",)).first()
    if task is None:
        raise TaskNotFound
    if not Task.objects.of(user, OWNERS).filter(id=task_id).exists():
        raise NotAllowed
    return _destroy_tasks([task.id])


@transaction.atomic
def destroy_project(user: User, project_id: UUID) -> int:
    """Destroy a project of the trash now, with the tasks of it that are there; nothing brings it back.

    Returns:
        How many tasks and projects are gone.

    Raises:
        ProjectNotFound: There is none in the trash that they may bring back.
    """
    project = list_projects_in_trash(user).filter(id=project_id).select_for_update(of=("self",)).first()
    if project is None:
        raise ProjectNotFound
    tasks = Task.objects.filter(project=project, deleted_at__isnull=False).select_for_update(of=("self",))
    count = _destroy_tasks(list(tasks.values_list("id", flat=True)))
    _destroy(Project, [project.id])
    return count + 1


@transaction.atomic
def empty_trash(user: User) -> int:
    """Destroy now all that a person owns in the trash; nothing brings it back.

    Returns:
        How many tasks and projects are gone.
    """
    tasks = Task.objects.filter(owner=user, deleted_at__isnull=False).select_for_update(of=("self",))
    projects = Project.objects.filter(owner=user, deleted_at__isnull=False).select_for_update(of=("self",))
    count = _destroy_tasks(list(tasks.values_list("id", flat=True)))
    project_ids = list(projects.values_list("id", flat=True))
    if project_ids:
        _destroy(Project, project_ids)
    return count + len(project_ids)


def _destroy_tasks(ids: list[UUID]) -> int:
    """Tasks and all parts of them, whose record goes too."""
    level = ids
    while level := _parts_in_trash(level, ids):
        ids = [*ids, *level]
    if ids:
        _destroy(Task, ids)
    return len(ids)


def _parts_in_trash(level: list[UUID], known: list[UUID]) -> list[UUID]:
    parts = Task.objects.filter(parent__in=level, deleted_at__isnull=False).exclude(id__in=known)
    return list(parts.values_list("id", flat=True))


@transaction.atomic
def _purge_batch(old: QuerySet[Any]) -> int:
    ids = list(old.order_by("deleted_at").values_list("id", flat=True)[:BATCH_SIZE])
    if ids:
        _destroy(old.model, ids)
    return len(ids)


def _destroy(model: type[Any], ids: Sequence[UUID]) -> None:
    """Rows of one model, with all that hangs on them and the record of their changes.

    A part that is done stays when its project goes, and outlives the task that it was a part of.
    """
    if model is Task:
        Task.objects.filter(parent__in=ids, deleted_at=None).update(parent=None)
    hanging = list(TaskComment.objects.filter(task__in=ids).values_list("id", flat=True)) if model is Task else []
    changes = Change.objects.filter(row_id__in=[*ids, *hanging])
    gone = {str(row_id) for row_id in ids}
    sets = list(ChangeSet.objects.filter(changes__in=changes).distinct())
    for each in sets:
        each.results = [result for result in each.results if gone.isdisjoint(_rows_of(result))]
    ChangeSet.objects.bulk_update(sets, ["results"])
    changes.delete()
    model._base_manager.filter(id__in=ids).delete()  # noqa: SLF001  # Django's documented manager for every row


def _rows_of(result: dict[str, Any]) -> set[str]:
    """What a result is about: its project only when it is about nothing in it."""
    about = {str(result[name]) for name in ("task_id", "label_id", "comment_id") if result.get(name)}
    return about or {str(result.get("project_id"))}
