"""Tells people's pages and webhooks of what was changed, once the transaction is through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import InitVar, dataclass, field

from django.db.models import prefetch_related_objects

from tasks_app.context import Source
from tasks_app.intents import Intent
from tasks_app.models import Change, ChangeSet, Label, Project, ProjectMember, Task, TaskComment
from tasks_app.serialization import (
    comment_to_json,
    label_to_json,
    member_to_json,
    project_to_json,
    task_to_json,
)
from tasks_app.snapshots import Row, title_of
from tasks_app.webhooks.recording import Happening, Recorder
from voicebot.errors import JsonValue
from voicebot.transactions import publish_on_commit

TOLD_TOGETHER_FROM = 20
"""So many changed rows and more are one event for a page, which then reads its list anew."""


@dataclass
class Announcer:
    """Tells those who may see a row of its changes in one set."""

    change_set: ChangeSet
    quiet: InitVar[frozenset[int]]
    """People who are known to have no webhook."""
    _members: dict[str, frozenset[int]] = field(default_factory=dict, init=False)
    _webhooks: Recorder = field(init=False)

    def __post_init__(self, quiet: frozenset[int]) -> None:
        self._webhooks = Recorder(quiet)

    def tell(self, changes: Sequence[tuple[Row, Change]]) -> None:
        """Tell of changes that were written down in this transaction, with the rows as they are now."""
        seen = [(row, change, self._people_who_see(row), self._people_who_saw(row, change)) for row, change in changes]
        everybody = frozenset().union(*(after | before for _, _, after, before in seen))
        together = len(changes) >= TOLD_TOGETHER_FROM
        if together:
            for person_id in sorted(everybody):
                publish_on_commit(person_id, {"event": "tasks.changed", "change_set_id": str(self.change_set.id)})
        if together and not self._webhooks.has_any(everybody):
            return
        prefetch_related_objects([row for row, _ in changes if isinstance(row, Task)], "project", "labels", "reminders")
        told: list[tuple[frozenset[int], Happening]] = []
        for row, change, present, was_present in seen:
            shown = _row_to_json(row)
            if not together:
                self._publish(change, shown, present, was_present - present)
            told += self._happenings(change, shown, present, was_present)
        self._webhooks.record(told)

    def _publish(self, change: Change, shown: JsonValue, present: Collection[int], gone: Collection[int]) -> None:
        event = {"event": _event_of(change), change.kind: shown, "change_set_id": str(self.change_set.id)}
        for person_id in present:
            publish_on_commit(person_id, event)
        for person_id in gone:
            publish_on_commit(person_id, {**event, "event": "task.deleted", "task": _gone(change)})

    def _happenings(
        self, change: Change, shown: dict[str, JsonValue], present: frozenset[int], was_present: frozenset[int]
    ) -> Iterator[tuple[frozenset[int], Happening]]:
        """What webhooks are told, by whom it is for; what a row was is not for those who could not see it then."""
        happening = self._happening(change, _event_of(change), shown)
        yield was_present - present, self._happening(change, "task.deleted", _gone(change))
        yield present - was_present, happening
        yield present & was_present, happening.with_difference(change.before, change.after)

    def _happening(self, change: Change, event: str, shown: dict[str, JsonValue]) -> Happening:
        return Happening(
            event,
            f"change:{self.change_set.id}:{change.ordinal}",
            Source(self.change_set.source),
            self.change_set.owner,
            shown,
            change_set=self.change_set.id,
        )

    def _people_who_saw(self, row: Row, change: Change) -> frozenset[int]:
        """Who saw it where it was before."""
        before = change.before
        if isinstance(row, Task) and before and before["project"] != change.after["project"]:
            return self._people_in(before["project"], before["owner"])
        return self._people_who_see(row)

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


def _verb(change: Change) -> str:
    """What a person's page is to do with the row: show it, change it, tick it off or take it away."""
    before, after = change.before, change.after
    if after["deleted_at"]:
        return "deleted"
    if before is None or before["deleted_at"]:
        return "created"
    is_newly_done = after.get("completed_at") and not before.get("completed_at")
    return "completed" if is_newly_done or change.action == Intent.COMPLETE_TASK else "updated"


def _event_of(change: Change) -> str:
    return f"{change.kind}.{_verb(change)}"


def _gone(change: Change) -> dict[str, JsonValue]:
    """What somebody is told who may not see the task any more."""
    return {"id": str(change.row_id), "title": title_of(change.before or change.after)}
