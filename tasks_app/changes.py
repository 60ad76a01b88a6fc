"""Rows before and after: what is kept of every change, and how a row is put back.

A snapshot holds every field of a row but its identity and its version, and for a task its labels and reminders, as
plain JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Field, Model

from tasks_app.context import Source
from tasks_app.intents import Intent
from tasks_app.models import Change, ChangeSet, Label, Project, ProjectMember, Reminder, Task, TaskComment
from tasks_app.serialization import (
    comment_to_json,
    label_to_json,
    member_to_json,
    project_to_json,
    task_to_json,
)
from tasks_app.webhooks.recording import Happening, Recorder
from voicebot.errors import JsonValue
from voicebot.transactions import publish_on_commit

Row: TypeAlias = Task | Project | ProjectMember | Label | TaskComment
Snapshot: TypeAlias = dict[str, Any]

_NOT_CHANGED_BY_PEOPLE = frozenset({"id", "version", "created_at", "updated_at"})
_REMINDER_FIELDS = frozenset({"id", "before", "before_start", "remind_at", "state", "sent_at", "dismissed_at"})
_BATCH = 1000
_DELIVERY = frozenset({"state", "sent_at"})
_KINDS: dict[type[Row], Change.Kind] = {
    Task: Change.Kind.TASK,
    Project: Change.Kind.PROJECT,
    ProjectMember: Change.Kind.MEMBER,
    Label: Change.Kind.LABEL,
    TaskComment: Change.Kind.COMMENT,
}


def _columns_of(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)  # noqa: SLF001  # Django's documented way to a model's fields


def _fields_of(row: Row) -> Iterator[Field[Any, Any]]:
    for each in _columns_of(type(row)):
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


def _snapshot_of_new(row: Row) -> Snapshot:
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
    snapshot: Snapshot = {each.name: _to_json(row, each) for each in _fields_of(row)}
    if isinstance(row, Task):
        snapshot["labels"] = sorted(str(label_id) for label_id in label_ids)
        snapshot["reminders"] = [_reminder_to_json(reminder) for reminder in reminders]
    return snapshot


def _reminder_to_json(reminder: Reminder) -> dict[str, JsonValue]:
    is_sent = reminder.state == Reminder.State.SENT
    values = {each.name: _to_json(reminder, each) for each in _columns_of(Reminder) if each.name in _REMINDER_FIELDS}
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


def put_back(row: Row, snapshot: Snapshot) -> None:
    """Set a row to what a snapshot says; the row itself is not saved, its labels and reminders are."""
    for each in _fields_of(row):
        if each.name in snapshot:
            setattr(row, each.attname, each.to_python(snapshot[each.name]))
    if isinstance(row, Task):
        row.labels.set(Label.with_deleted.filter(owner=row.owner_id, id__in=snapshot["labels"]))
        _put_back_reminders(row, snapshot["reminders"])


def _put_back_reminders(task: Task, reminders: list[dict[str, Any]]) -> None:
    """A reminder that was told since, at or after the moment it is put back to, is not told again."""
    present = {str(each.id): each for each in task.reminders.select_for_update()}
    task.reminders.exclude(id__in=[each["id"] for each in reminders]).delete()
    for each in reminders:
        reminder = Reminder(task=task, lease_until=None)
        for column in _columns_of(Reminder):
            if column.name in each:
                setattr(reminder, column.name, column.to_python(each[column.name]))
        old = present.get(each["id"])
        if old and old.sent_at and reminder.remind_at and old.sent_at >= reminder.remind_at:
            reminder.state, reminder.sent_at = old.state, old.sent_at
        reminder.save(force_insert=old is None, force_update=old is not None)


@dataclass
class ChangeLog:
    """Writes down the changes of one set, in order, and announces them."""

    change_set: ChangeSet
    quiet: InitVar[frozenset[int]] = frozenset()
    """People who are known to have no webhook."""
    _ordinal: int = field(default=0, init=False)
    _members: dict[str, frozenset[int]] = field(default_factory=dict, init=False)
    _webhooks: Recorder = field(init=False)

    def __post_init__(self, quiet: frozenset[int]) -> None:
        self._webhooks = Recorder(quiet)

    def record(self, action: str, row: Row, before: Snapshot | None) -> bool:
        """Save a row that was changed, and write its change down.

        Args:
            action: The command's ``kind``.
            row: Locked by this transaction; its labels and reminders are written already.
            before: Taken before the change; None for a row that was just created.

        Returns:
            False when nothing is different, and nothing was written.
        """
        after = take_snapshot(row) if before is not None else _snapshot_of_new(row)
        if before is not None:
            if before == after:
                return False
            row.version += 1
            row.save()
        self._ordinal += 1
        Change.objects.create(
            change_set=self.change_set,
            ordinal=self._ordinal,
            action=action,
            kind=kind_of(row),
            row_id=row.id,
            before=before,
            after=after,
            version_after=row.version,
        )
        self._announce(action, row, before, after)
        return True

    def record_many(self, action: str, changed: Sequence[tuple[Row, Snapshot | None, Snapshot]]) -> None:
        """Write many rows down that are saved already, and tell of all of them in one event.

        Args:
            action: As for :meth:`record`.
            changed: The rows, what they were (None when they were made) and what they are; each behind those on which
                it depends.
        """
        people: set[int] = set()
        changes = []
        for row, before, after in changed:
            self._ordinal += 1
            changes.append(
                Change(
                    change_set=self.change_set,
                    ordinal=self._ordinal,
                    action=action,
                    kind=kind_of(row),
                    row_id=row.id,
                    before=before,
                    after=after,
                    version_after=row.version,
                )
            )
            seen_by = self._people_who_see(row)
            people |= seen_by
            if self._webhooks.has_any(seen_by):
                shown, event = _row_to_json(row), f"{kind_of(row).value}.{_verb(action, before, after)}"
                self._webhooks.record(seen_by, self._happening(event, shown).with_difference(before, after))
        Change.objects.bulk_create(changes, batch_size=_BATCH)
        for person_id in sorted(people):
            publish_on_commit(person_id, {"event": "tasks.changed", "change_set_id": str(self.change_set.id)})

    def _announce(self, action: str, row: Row, before: Snapshot | None, after: Snapshot) -> None:
        kind, shown = kind_of(row).value, _row_to_json(row)
        event: dict[str, JsonValue] = {
            "event": f"{kind}.{_verb(action, before, after)}",
            kind: shown,
            "change_set_id": str(self.change_set.id),
        }
        present = self._people_who_see(row)
        happening = self._happening(str(event["event"]), shown)
        for person_id in present:
            publish_on_commit(person_id, event)
        was_present = present
        if isinstance(row, Task) and before and before["project"] != after["project"]:
            gone: dict[str, JsonValue] = {"id": str(row.id), "title": title_of(before)}
            was_present = self._people_in(before["project"], before["owner"])
            for person_id in was_present - present:
                publish_on_commit(person_id, {**event, "event": "task.deleted", "task": gone})
            self._webhooks.record(was_present - present, self._happening("task.deleted", gone))
            self._webhooks.record(present - was_present, happening)
        self._webhooks.record(present & was_present, happening.with_difference(before, after))

    def _happening(self, event: str, shown: dict[str, JsonValue]) -> Happening:
        return Happening(
            event,
            f"change:{self.change_set.id}:{self._ordinal}",
            Source(self.change_set.source),
            self.change_set.owner,
            shown,
            change_set=self.change_set.id,
        )

    def _people_who_see(self, row: Row) -> frozenset[int]:
        match row:
            case Label():
                return frozenset({row.owner_id})
            case TaskComment():
                return self._people_in(row.task.project_id, row.task.owner_id)
            case ProjectMember():
                self._members.pop(str(row.project_id), None)
                return self._people_in(row.project_id, row.project.owner_id) | {row.user_id}
            case Project():
                return self._people_in(row.id, row.owner_id)
            case _:
                return self._people_in(row.project_id, row.owner_id)

    def _people_in(self, project_id: object, owner_id: int) -> frozenset[int]:
        """Who sees what is in a project, or in an inbox; asked once for each project of the set."""
        if project_id is None:
            return frozenset({owner_id})
        key = str(project_id)
        if key not in self._members:
            members = ProjectMember.objects.present().filter(project=key).values_list("user_id", flat=True)
            self._members[key] = frozenset(members)
        return self._members[key] | {owner_id}


def kind_of(row: Row) -> Change.Kind:
    """What kind of row it is, as changes and events name it."""
    return _KINDS[type(row)]


def locked_row(kind: str, row_id: UUID) -> Row | None:
    """The row behind a change, in the trash or not, locked until the transaction ends."""
    model = next(model for model, name in _KINDS.items() if name == kind)
    rows = Label.with_deleted if model is Label else model.objects
    row: Row | None = rows.select_for_update().filter(id=row_id).first()
    return row


def _row_to_json(row: Row) -> dict[str, JsonValue]:
    match row:
        case Task():
            return task_to_json(row)
        case Project():
            return project_to_json(row)
        case ProjectMember():
            return member_to_json(row)
        case Label():
            return label_to_json(row)
        case _:
            return comment_to_json(row)


def _verb(action: str, before: Snapshot | None, after: Snapshot) -> str:
    """What a person's page is to do with the row: show it, change it, tick it off or take it away."""
    if after["deleted_at"]:
        return "deleted"
    if before is None or before["deleted_at"]:
        return "created"
    is_newly_done = after.get("completed_at") and not before.get("completed_at")
    return "completed" if is_newly_done or action == Intent.COMPLETE_TASK else "updated"


def title_of(row_snapshot: Snapshot) -> str:
    """The title of a task, the name of a project or label or the words of a comment, as people know it."""
    return next((str(row_snapshot[name]) for name in ("title", "name", "text") if row_snapshot.get(name)), "")
