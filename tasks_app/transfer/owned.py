"""What belongs to one person and goes with them: not what others share with them, and not the trash."""

from __future__ import annotations

from collections.abc import Iterator

from tasks_app.models import Label, Project, ProjectMember, Task, User

_CHUNK = 2000


def own_projects(user: User) -> list[Project]:
    """The projects that they made, in the order in which they put them."""
    places = dict(ProjectMember.objects.present().filter(user=user).values_list("project_id", "position"))
    projects = Project.objects.filter(owner=user, deleted_at=None)
    return sorted(projects, key=lambda project: (places.get(project.id, float("inf")), project.name))


def own_labels(user: User) -> list[Label]:
    """Their labels, by name."""
    return list(Label.objects.visible_to(user).order_by("name"))


def own_tasks(user: User, *parts: str) -> Iterator[Task]:
    """Their tasks, open and done, in list order, with project and labels; a few at a time.

    Args:
        user: Whose tasks.
        parts: What else is fetched with them, such as ``reminders``.
    """
    tasks = Task.objects.filter(owner=user, deleted_at=None).in_list_order().select_related("project")
    yield from tasks.prefetch_related("labels", *parts).iterator(chunk_size=_CHUNK)
