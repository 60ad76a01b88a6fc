"""What lies in the trash of a person: what they deleted, or others in what they may write."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

from tasks_app.models import Project, Task, User

if TYPE_CHECKING:
    from tasks_app.querysets import ProjectQuerySet, TaskQuerySet
    from voicebot.errors import JsonValue

EDITORS, OWNERS = ("editor", "owner"), ("owner",)


def list_tasks_in_trash(user: User) -> TaskQuerySet:
    """The tasks there that this person may bring back, last deleted first; their projects are fetched."""
    tasks: TaskQuerySet = Task.objects.of(user, EDITORS).filter(deleted_at__isnull=False)
    return tasks.select_related("project").order_by("-deleted_at", "-id")


def list_projects_in_trash(user: User) -> ProjectQuerySet:
    """The projects there that this person may bring back, last deleted first."""
    projects: ProjectQuerySet = Project.objects.of(user, OWNERS).filter(deleted_at__isnull=False)
    return projects.order_by("-deleted_at", "-id")


def trashed_task_to_json(task: Task) -> dict[str, JsonValue]:
    """A deleted task in short; reads its project."""
    project: JsonValue = {"id": str(task.project.id), "name": task.project.name} if task.project else None
    return {"id": str(task.id), "title": task.title, "project": project, **_when(task.deleted_at)}


def trashed_project_to_json(project: Project) -> dict[str, JsonValue]:
    """A deleted project in short."""
    return {"id": str(project.id), "name": project.name, **_when(project.deleted_at)}


def _when(deleted_at: dt.datetime | None) -> dict[str, JsonValue]:
    if deleted_at is None:
        raise AssertionError("what was not deleted is not in the trash")
    destroyed_from = deleted_at + dt.timedelta(days=settings.TRASH_DAYS)
    return {"deleted_at": deleted_at.isoformat(), "destroyed_from": destroyed_from.isoformat()}
