"""Many new rows at once: as few statements as can be, and the same records that one by one would leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from tasks_app.models import Label, Project, ProjectMember, Reminder, Task, TaskComment
from tasks_app.models.rows import places_at_end
from tasks_app.results import CommandResult
from tasks_app.services.work import Work
from tasks_app.snapshots import Row, Snapshot, snapshot_of

ACTION = "import_tasks"
_BATCH = 1000


@dataclass(slots=True)
class NewTask:
    """A checked task that is not saved yet, and its parts."""

    task: Task
    """With owner, project, parent and all that it is."""
    labels: list[Label] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    comments: list[TaskComment] = field(default_factory=list)
    created_at: dt.datetime | None = None


@dataclass(slots=True)
class Batch:
    """Rows to be made together; each names only rows that are there or are in the batch."""

    projects: list[Project] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    tasks: list[NewTask] = field(default_factory=list)
    """In the order of their list."""
    created_at: dict[UUID, dt.datetime] = field(default_factory=dict)
    """When projects and comments were made, where that is told."""


def add_batch(work: Work, batch: Batch) -> CommandResult:
    """Make all rows of a batch, and one change for each but for comments: these go and come back with their task.

    Args:
        work: The set in hand.
        batch: Checked; its labels are those of the tasks' owners.
    """
    _add_projects(work, batch.projects)
    Label.objects.bulk_create(batch.labels, batch_size=_BATCH)
    comments = [comment for each in batch.tasks for comment in each.comments]
    TaskComment.objects.bulk_create(comments, batch_size=_BATCH)
    _add_tasks(batch.tasks)
    _set_created_at(Project, batch.projects, batch.created_at)
    _set_created_at(TaskComment, comments, batch.created_at)
    _set_created_at(Task, [each.task for each in batch.tasks],
                    {each.task.id: each.created_at for each in batch.tasks if each.created_at})  # fmt: skip
    work.log.record_saved(ACTION, _changes_of(batch))
    return CommandResult(action=ACTION, changed=bool(batch.tasks or batch.projects or batch.labels),
                         tasks_touched=len(batch.tasks))  # fmt: skip


def _add_projects(work: Work, projects: Sequence[Project]) -> None:
    Project.objects.bulk_create(projects, batch_size=_BATCH)
    now = timezone.now()
    ProjectMember.objects.bulk_create(
        [
            ProjectMember(
                project=project, user=work.actor.user, role=ProjectMember.Role.OWNER, joined_at=now,
                position=place,
            )
            for project, place in zip(projects, places_at_end(len(projects)), strict=True)
        ],
        batch_size=_BATCH,
    )  # fmt: skip


def _add_tasks(tasks: Sequence[NewTask]) -> None:
    """The tasks after their comments and labels, so that the search entry of each is made once, with all of them in it.

    What points to a task that is not there yet is checked when the transaction ends.
    """
    for each, place in zip(tasks, places_at_end(len(tasks)), strict=True):
        each.task.position = place
    tagged = Task.labels.through
    tagged.objects.bulk_create(
        [tagged(task_id=each.task.id, label_id=label.id) for each in tasks for label in each.labels], batch_size=_BATCH
    )
    Task.objects.bulk_create([each.task for each in tasks], batch_size=_BATCH)
    Reminder.objects.bulk_create([reminder for each in tasks for reminder in each.reminders], batch_size=_BATCH)


def _set_created_at(model: type[Any], rows: Iterable[Any], moments: dict[UUID, dt.datetime]) -> None:
    """Django sets the moment of creation itself when it inserts, so what a file tells of it is written behind."""
    told = [row for row in rows if row.id in moments]
    for row in told:
        row.created_at = moments[row.id]
    model.objects.bulk_update(told, ["created_at"], batch_size=_BATCH)


def _changes_of(batch: Batch) -> list[tuple[Row, Snapshot | None, Snapshot]]:
    """Wholes before their parts, so that an undo, which goes backwards, takes the parts first."""
    groups: list[Row] = [*batch.projects, *batch.labels]
    changes: list[tuple[Row, Snapshot | None, Snapshot]] = [(row, None, snapshot_of(row)) for row in groups]
    for each in sorted(batch.tasks, key=lambda each: _depth(each.task)):
        reminders = sorted(each.reminders, key=lambda reminder: reminder.id)
        changes.append((each.task, None, snapshot_of(each.task, [label.id for label in each.labels], reminders)))
    return changes


def _depth(task: Task) -> int:
    depth = 0
    while task.parent is not None:
        task, depth = task.parent, depth + 1
    return depth
