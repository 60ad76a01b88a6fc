"""Tasks as parts of tasks, and where a task lies."""

from __future__ import annotations

from collections.abc import Iterable

from tasks_app.changes import take_snapshot
from tasks_app.errors import TaskNestingTooDeep, TaskParentInvalid
from tasks_app.models import Label, Project, Task, User
from tasks_app.models.rows import place_at_end
from tasks_app.services.work import Work
from tasks_app.sharing import find_member_user

DEPTH_MAX = 3
"""Levels: a task, its parts, and their parts."""


def parts_of(task: Task) -> list[Task]:
    """All parts of a task and theirs that are not in the trash, upper levels first, locked."""
    found: list[Task] = []
    level = [task]
    while level:
        parts = Task.objects.filter(parent__in=level, deleted_at=None).select_related("project")
        level = list(parts.select_for_update(of=("self",)).in_list_order())
        found += level
    return found


def wholes_of(task: Task) -> list[Task]:
    """The tasks of which this is a part, nearest first, locked."""
    found: list[Task] = []
    while task.parent_id is not None:
        rows = Task.objects.select_for_update(of=("self",)).select_related("project")
        task = rows.get(id=task.parent_id)
        found.append(task)
    return found


def set_parent(task: Task, parent: Task | None) -> None:
    """Make a task a part of another one, or of none.

    Raises:
        TaskParentInvalid: It would be a part of itself.
        TaskNestingTooDeep: There would be more than :data:`DEPTH_MAX` levels.
    """
    if parent is not None:
        wholes = [parent, *wholes_of(parent)]
        if task.id in {each.id for each in wholes}:
            raise TaskParentInvalid
        if len(wholes) + _height(task) > DEPTH_MAX:
            raise TaskNestingTooDeep(limit=DEPTH_MAX)
    task.parent = parent


def _height(task: Task) -> int:
    """Levels from a task down to its deepest part, itself included."""
    height, level = 0, [task.id]
    while level:
        height += 1
        level = list(Task.objects.filter(parent__in=level, deleted_at=None).values_list("id", flat=True))
    return height


def relocate(work: Work, task: Task, project: Project | None) -> None:
    """Put a saved task into a project or, with None, into the person's own inbox; the caller records it.

    Its labels become those of the new owner, by name. Whoever has it and is not in the new place loses it.
    """
    owner = project.owner if project else work.actor.user
    if owner.pk != task.owner_id:
        names = [label.name for label in task.labels.all()]
        task.owner = owner
        task.labels.set(labels_named(owner, names))
    task.project, task.position = project, place_at_end()
    if task.assignee_id is not None and not _may_have(task.assignee_id, project, owner):
        task.assignee = None


def relocate_parts(work: Work, action: str, task: Task) -> int:
    """Bring the parts of a task to where it lies now; how many there are."""
    parts = parts_of(task)
    for part in parts:
        before = take_snapshot(part)
        relocate(work, part, task.project)
        work.log.record(action, part, before)
    return len(parts)


def _may_have(person_id: int, project: Project | None, owner: User) -> bool:
    return person_id == owner.pk or (project is not None and find_member_user(project, person_id) is not None)


def labels_named(owner: User, names: Iterable[str]) -> list[Label]:
    """A person's labels of these names, whatever their case; new ones are made."""
    labels = []
    for name in {name.casefold(): name for name in names}.values():
        label = Label.objects.filter(owner=owner, name__iexact=name).first()
        labels.append(label or Label.objects.create(owner=owner, name=name))
    return labels
