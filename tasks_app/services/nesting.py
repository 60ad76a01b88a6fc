"""Tasks as parts of tasks, and where a task lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from tasks_app.errors import TaskNestingTooDeep, TaskParentInvalid
from tasks_app.models import Label, Project, ProjectMember, Task, User
from tasks_app.models.rows import places_at_end
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshots

DEPTH_MAX = 3
"""Levels: a task, its parts, and their parts."""


def parts_of(tasks: Sequence[Task], deleted_at: dt.datetime | None = None) -> list[Task]:
    """All parts of tasks and theirs that are not in the trash, upper levels first, locked.

    Args:
        tasks: Of which they are parts.
        deleted_at: When given, those that went to the trash at that moment instead.
    """
    found: list[Task] = []
    level = list(tasks)
    while level:
        parts = Task.objects.filter(parent__in=level, deleted_at=deleted_at).select_related("project")
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


def relocate(work: Work, tasks: Sequence[Task], project: Project | None) -> None:
    """Put saved tasks into a project or, with None, into the person's own inbox; the caller records them.

    Their labels become those of the new owner, by name. Whoever has one and is not in the new place loses it.
    """
    owner = project.owner if project else work.actor.user
    _give_labels_of(owner, [task for task in tasks if task.owner_id != owner.pk])
    assignees = {task.assignee_id for task in tasks} - {None, owner.pk}
    strangers = assignees - _members_among(project, assignees)
    for task, place in zip(tasks, places_at_end(len(tasks)), strict=True):
        task.owner, task.project, task.position = owner, project, place
        if task.assignee_id in strangers:
            task.assignee = None


def relocate_parts(work: Work, action: str, task: Task) -> int:
    """Bring the parts of a task to where it lies now; how many there are."""
    parts = parts_of([task])
    befores = take_snapshots(parts)
    relocate(work, parts, task.project)
    work.log.record_all(action, parts, befores)
    return len(parts)


def _members_among(project: Project | None, people: Collection[int | None]) -> set[int]:
    if project is None or not people:
        return set()
    present = ProjectMember.objects.present().filter(project=project, user__in=people)
    return set(present.values_list("user_id", flat=True))


def _give_labels_of(owner: User, tasks: Sequence[Task]) -> None:
    """Put labels of the same names in the place of those that tasks have."""
    tagged = Task.labels.through.objects.filter(task__in=tasks, label__deleted_at=None)
    names: dict[str, list[UUID]] = {}
    for name, task_id in tagged.values_list("label__name", "task_id"):
        names.setdefault(name, []).append(task_id)
    new = {label.name.casefold(): label for label in labels_named(owner, names)}
    tagged.delete()
    given = ((task_id, new[name.casefold()]) for name, ids in names.items() for task_id in ids)
    Task.labels.through.objects.bulk_create(
        (Task.labels.through(task_id=task_id, label=label) for task_id, label in given), ignore_conflicts=True
    )


def labels_named(owner: User, names: Iterable[str]) -> list[Label]:
    """A person's labels of these names, whatever their case; new ones are made."""
    labels = []
    for name in {name.casefold(): name for name in names}.values():
        label = Label.objects.filter(owner=owner, name__iexact=name).first()
        labels.append(label or Label.objects.create(owner=owner, name=name))
    return labels
