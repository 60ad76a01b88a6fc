"""Rows as they are at a moment: what is kept of every change, and how a row is put back.

A snapshot holds every field of a row but its identity and its version, and for a task its labels and reminders, as
plain JSON.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Field, Model

from tasks_app.models import Change, Label, Project, ProjectMember, Reminder, Task, TaskComment
from voicebot.errors import JsonValue

Row: TypeAlias = Task | Project | ProjectMember | Label | TaskComment
Snapshot: TypeAlias = dict[str, Any]

_NOT_CHANGED_BY_PEOPLE = frozenset({"id", "version", "created_at", "updated_at"})
_REMINDER_FIELDS = frozenset({"id", "before", "before_start", "remind_at", "state", "sent_at", "dismissed_at"})
_DELIVERY = frozenset({"state", "sent_at"})
_KINDS: dict[type[Row], Change.Kind] = {
    Task: Change.Kind.TASK,
    Project: Change.Kind.PROJECT,
    ProjectMember: Change.Kind.MEMBER,
    Label: Change.Kind.LABEL,
    TaskComment: Change.Kind.COMMENT,
}


def columns_of(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    """All columns of a table."""
    return tuple(model._meta.concrete_fields)  # noqa: SLF001  # Django's documented way to a model's fields


def fields_of(row: Row) -> Iterator[Field[Any, Any]]:
    """The columns of a row that a snapshot holds."""
    for each in columns_of(type(row)):
        if each.name not in _NOT_CHANGED_BY_PEOPLE:
            yield each


def _to_json(row: Row | Reminder, each: Field[Any, Any]) -> JsonValue:
    value = getattr(row, each.attname)
    return value if value is None or isinstance(value, bool | int | str) else each.value_to_string(row)


def take_snapshot(row: Row) -> Snapshot:
    """Everything that an undo has to put back; locks a task's reminders until the transaction ends."""
    if not isinstance(row, Task):
        return snapshot_of(row)
    reminders = row.reminders.select_for_update().order_by("id")
    return snapshot_of(row, row.labels.values_list("id", flat=True), reminders)


def take_snapshots(rows: Sequence[Row]) -> list[Snapshot]:
    """The same of many rows, with one question for all labels and one for all reminders."""
    ids = [row.id for row in rows if isinstance(row, Task)]
    labels: defaultdict[UUID, list[UUID]] = defaultdict(list)
    reminders: defaultdict[UUID, list[Reminder]] = defaultdict(list)
    tagged = Task.labels.through.objects.filter(task__in=ids, label__deleted_at=None)
    for task_id, label_id in tagged.values_list("task_id", "label_id"):
        labels[task_id].append(label_id)
    for reminder in Reminder.objects.filter(task__in=ids).select_for_update().order_by("id"):
        reminders[reminder.task_id].append(reminder)
    return [snapshot_of(row, labels[row.id], reminders[row.id]) for row in rows]


def snapshot_of_new(row: Row) -> Snapshot:
    """Of a row that this transaction made, which nobody else can change yet; a task's parts may be prefetched."""
    if not isinstance(row, Task):
        return snapshot_of(row)
    reminders = sorted(row.reminders.all(), key=lambda reminder: reminder.id)
    return snapshot_of(row, (label.id for label in row.labels.all()), reminders)


def snapshot_of(row: Row, label_ids: Iterable[UUID] = (), reminders: Iterable[Reminder] = ()) -> Snapshot:
    """The same without asking the database.

    Args:
        row: As it is saved.
        label_ids: Those of a task.
        reminders: Those of a task, by id.
    """
    snapshot: Snapshot = {each.name: _to_json(row, each) for each in fields_of(row)}
    if isinstance(row, Task):
        snapshot["labels"] = sorted(str(label_id) for label_id in label_ids)
        snapshot["reminders"] = [_reminder_to_json(reminder) for reminder in reminders]
    return snapshot


def _reminder_to_json(reminder: Reminder) -> dict[str, JsonValue]:
    is_sent = reminder.state == Reminder.State.SENT
    values = {each.name: _to_json(reminder, each) for each in columns_of(Reminder) if each.name in _REMINDER_FIELDS}
    return {**values, "state": str(Reminder.State.SENT if is_sent else Reminder.State.WAITING)}


def is_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots say the same, however far the delivery of reminders is.

    What only one of them has is a column that came later, and does not count.
    """
    one, other = _without_delivery(one), _without_delivery(other)
    return all(one[name] == other[name] for name in one.keys() & other.keys())


def _without_delivery(snapshot: Snapshot) -> Snapshot:
    reminders = [
        {key: value for key, value in each.items() if key not in _DELIVERY and value is not None}
        for each in snapshot.get("reminders", [])
    ]
    return {**snapshot, "reminders": reminders}


def kind_of(row: Row) -> Change.Kind:
    """What kind of row it is, as changes and events name it."""
    return _KINDS[type(row)]


def locked_row(kind: str, row_id: UUID) -> Row | None:
    """The row behind a change, in the trash or not, locked until the transaction ends."""
    model = next(model for model, name in _KINDS.items() if name == kind)
    rows = Label.with_deleted if model is Label else model.objects
    row: Row | None = rows.select_for_update().filter(id=row_id).first()
    return row


def title_of(row_snapshot: Snapshot) -> str:
    """The title of a task, the name of a project or label or the words of a comment, as people know it."""
    return next((str(row_snapshot[name]) for name in ("title", "name", "text") if row_snapshot.get(name)), "")
