"""Commands on labels."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from tasks_app import selectors
from tasks_app.commands import CreateLabel, DeleteLabel, MergeLabels, UpdateLabel
from tasks_app.errors import LabelNameTaken
from tasks_app.models import Label, Task, User
from tasks_app.results import CommandResult
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot, take_snapshots


def create_label(work: Work, command: CreateLabel) -> CommandResult:
    """Add a label."""
    _check_name(work.actor.user, command.name)
    label = Label.objects.create(owner=work.actor.user, name=command.name, colour=command.colour)
    work.log.record(command.kind, label, before=None)
    return _result(command.kind, label)


def update_label(work: Work, command: UpdateLabel) -> CommandResult:
    """Rename or colour a label."""
    label = selectors.get_label(work.actor.user, command.label_id, for_update=True)
    before = take_snapshot(label)
    if command.name is not None:
        _check_name(work.actor.user, command.name, except_id=label.id)
        label.name = command.name
    if command.colour is not None:
        label.colour = command.colour
    return _result(command.kind, label, changed=work.log.record(command.kind, label, before))


def merge_labels(work: Work, command: MergeLabels) -> CommandResult:
    """Give the tasks of one label another one instead; merging a label into itself changes nothing."""
    label = selectors.get_label(work.actor.user, command.label_id, for_update=True)
    into = selectors.get_label(work.actor.user, command.into_id, for_update=True)
    if label.id == into.id:
        return _result(command.kind, into, changed=False)
    tasks = list(Task.objects.filter(labels=label).exclude(labels=into).select_for_update(of=("self",)))
    befores = take_snapshots(tasks)
    into.tasks.add(*tasks)
    work.log.record_all(command.kind, tasks, befores)
    _delete(work, command.kind, label)
    return _result(command.kind, into, tasks_touched=len(tasks))


def delete_label(work: Work, command: DeleteLabel) -> CommandResult:
    """Take a label away; no task shows it any more, and an undo shows it again."""
    label = selectors.get_label(work.actor.user, command.label_id, for_update=True)
    touched = label.tasks.filter(deleted_at=None).count()
    _delete(work, command.kind, label)
    return _result(command.kind, label, tasks_touched=touched)


def _delete(work: Work, action: str, label: Label) -> None:
    before = take_snapshot(label)
    label.deleted_at = timezone.now()
    work.log.record(action, label, before)


def _check_name(owner: User, name: str, except_id: UUID | None = None) -> None:
    if Label.objects.visible_to(owner).filter(name__iexact=name).exclude(id=except_id).exists():
        raise LabelNameTaken(name=name)


def _result(action: str, label: Label, *, changed: bool = True, tasks_touched: int = 0) -> CommandResult:
    return CommandResult(
        title=label.name, action=action, changed=changed, label_id=label.id, tasks_touched=tasks_touched
    )
