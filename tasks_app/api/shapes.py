"""What the API answers with, for the schema; :mod:`tasks_app.serialization` makes the objects themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from tasks_app.commands import ColourName, RoleName
from tasks_app.context import Source
from tasks_app.intents import Priority
from tasks_app.results import CommandResult

ScopeName = Literal["read", "write", "voice", "account"]
Day = dt.date | AwareDatetime
TASK_ID = "8b1f6a52-3c2e-4d5f-9a53-0a8f5e1c7d10"
PROJECT_ID = "2f7d1c9e-64a1-4b0e-8f6c-7f5d3f0f9b11"
CHANGE_SET_ID = "5d1e0c77-9b1d-4a39-8c44-3b6b7d2f1e12"
LABEL_ID = "a3c5e7f9-1b2d-4c6e-8a0f-2d4e6f8a0b13"


class ProjectInShort(BaseModel):
    """The project in which a task is."""

    id: UUID
    name: str


class Task(BaseModel):
    """Something to do."""

    id: UUID
    title: str
    notes: str
    start: Day | None = Field(description="From when it can be done.")
    due: Day | None = Field(description="A date when no time was given, else a moment with the offset of its zone.")
    due_has_time: bool
    end: Day | None
    duration_minutes: int | None
    rrule: str | None = Field(description="RFC 5545 recurrence rule without `RRULE:`.")
    repeats_after_completion: bool
    priority: Priority | None
    parent_id: UUID | None = Field(description="The task of which it is a part.")
    position: float = Field(description="Where it stands in its list, lowest first.")
    project: ProjectInShort | None = Field(description="null is the inbox.")
    labels: list[str]
    remind: list[AwareDatetime] = Field(description="When the person is told of it, earliest first.")
    assignee_id: int | None
    completed_at: AwareDatetime | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: int = Field(description="Goes up with every change; also in the `ETag`.")


class Project(BaseModel):
    """A list of tasks with a name."""

    id: UUID
    name: str
    colour: ColourName
    owner_id: int
    is_archived: bool
    created_at: AwareDatetime
    version: int


class Label(BaseModel):
    """A word that groups tasks across projects."""

    id: UUID
    name: str
    colour: ColourName
    version: int


class Comment(BaseModel):
    """What a person said about a task."""

    id: UUID
    task_id: UUID
    author_id: int | None
    author: str | None
    text: str
    created_at: AwareDatetime
    edited_at: AwareDatetime | None
    version: int


class Member(BaseModel):
    """A person who shares a project."""

    id: UUID
    user_id: int
    username: str
    name: str
    role: RoleName
    has_joined: bool = Field(description="False while they are invited.")
    project: ProjectInShort


class ChangeSet(BaseModel):
    """All changes of one utterance, one request or one press of a button: one unit to undo."""

    id: UUID
    source: Source
    created_at: AwareDatetime
    undoes: UUID | None = Field(description="The set that this one reverts.")
    undone_by: UUID | None = Field(description="The set that reverts this one.")
    results: list[CommandResult]


class HistoryEntry(BaseModel):
    """One change of a task."""

    at: AwareDatetime
    by: str = Field(description="Who did it.")
    source: Source
    change_set: UUID
    action: str = Field(description="The command, such as `complete_task`.")
    before: dict[str, Any] | None = Field(description="What changed, as it was; null when it was made.")
    after: dict[str, Any] = Field(description="The same fields as they became.")


class History(BaseModel):
    """What was done to a task, latest first."""

    results: list[HistoryEntry]


class Me(BaseModel):
    """The person who asks."""

    id: int
    username: str
    name: str
    email: str
    timezone: str = Field(description="Empty while it is not known.")
    language: str = Field(description="ISO 639-1 code; empty while it is not known.")
    locale: str
    week_starts_on: int = Field(description="0 is Monday.")
    confirmation: Literal["when_unsure", "before_deleting", "always"] = Field(
        description="When you are asked before something that you said is done to what exists."
    )
    keep_recordings_days: int | None = Field(description="null is as long as the installation keeps them.")
    shares_with_services: bool = Field(
        description="Consent: whether what you say may be sent to speech engines and models that others run."
    )
    sharing_decided_at: AwareDatetime | None = Field(description="When you last said so; null is as it came.")


class Device(BaseModel):
    """A browser in which a person is signed in."""

    id: int
    agent: str = Field(description="What the browser calls itself.")
    address: str | None = Field(description="From where it came last.")
    signed_in_at: AwareDatetime
    last_seen_at: AwareDatetime
    is_this_one: bool = Field(description="Whether this request comes from it.")


class Devices(BaseModel):
    """Where a person is signed in."""

    results: list[Device]


class TaskInShort(BaseModel):
    """The task that a reminder is of."""

    id: UUID
    title: str


class Reminder(BaseModel):
    """A moment at which a person is told of a task."""

    id: UUID
    task: TaskInShort
    before: str | None = Field(
        description="How long before the due moment, an ISO duration; null when it does not count from it."
    )
    before_start: str | None = Field(description="How long before the start, in the same way.")
    remind_at: AwareDatetime | None = Field(description="When; null while the task lacks what it counts from.")
    state: Literal["upcoming", "held", "missed", "delivered", "dismissed", "idle"] = Field(
        description="`held` waits for the end of quiet hours, `missed` should have been told and was not yet, "
        "`idle` is of a task that is done, or lacks what it counts from."
    )
    held_until: AwareDatetime | None = Field(description="The end of the quiet hours in which it came due.")
    delivered_at: AwareDatetime | None
    channels: list[Literal["telegram", "web", "email", "push"]] | None = Field(
        description="On which ways you were told; null when you were not, or it is long ago."
    )


class TrashedTask(BaseModel):
    """A task in the trash."""

    id: UUID
    title: str
    project: ProjectInShort | None
    deleted_at: AwareDatetime
    destroyed_from: AwareDatetime = Field(description="From then on it is gone for good.")


class TrashedProject(BaseModel):
    """A project in the trash."""

    id: UUID
    name: str
    deleted_at: AwareDatetime
    destroyed_from: AwareDatetime = Field(description="From then on it is gone for good.")


class Emptied(BaseModel):
    """What emptying the trash did."""

    destroyed: int = Field(description="How many tasks and projects are gone, the parts of tasks included.")


class Changed(BaseModel):
    """A change that has no object to show."""

    change_set: UUID = Field(description="What `changes/{change_set_id}/undo/` takes.")


class TaskChanged(Changed):
    """A task as it is now."""

    task: Task


class ProjectChanged(Changed):
    """A project as it is now."""

    project: Project


class LabelChanged(Changed):
    """A label as it is now."""

    label: Label


class CommentChanged(Changed):
    """A comment as it is now."""

    comment: Comment


class Results(Changed):
    """What each command did."""

    results: list[CommandResult]


class Reminders(Changed):
    """Reminders of a task as they are now."""

    reminders: list[Reminder]


class UndoResults(BaseModel):
    """What each undo did."""

    results: list[CommandResult]


class Token(BaseModel):
    """An API token, without the token itself."""

    id: UUID
    name: str = Field(description="Empty for one that was made before tokens had names.")
    begins_with: str = Field(description="Its first characters, to find it again.")
    scopes: list[ScopeName]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    last_used_at: AwareDatetime | None = Field(description="Right to the minute; null when it was never used.")


class MadeToken(Token):
    """A token, shown this once."""

    token: str


TASK_EXAMPLE: dict[str, Any] = {
    "id": TASK_ID,
    "title": "Call mum",
    "notes": "",
    "start": None,
    "due": "2026-11-23T17:00:00+01:00",
    "due_has_time": True,
    "end": None,
    "duration_minutes": None,
    "rrule": None,
    "repeats_after_completion": False,
    "priority": "high",
    "parent_id": None,
    "position": 1795338000.0,
    "project": {"id": PROJECT_ID, "name": "Home"},
    "labels": ["family"],
    "remind": ["2026-11-23T16:30:00+01:00"],
    "assignee_id": None,
    "completed_at": None,
    "created_at": "2026-11-22T09:00:00+00:00",
    "updated_at": "2026-11-22T09:00:00+00:00",
    "version": 1,
}
PROJECT_EXAMPLE: dict[str, Any] = {
    "id": PROJECT_ID,
    "name": "Home",
    "colour": "blue",
    "owner_id": 3,
    "is_archived": False,
    "created_at": "2026-11-22T09:00:00+00:00",
    "version": 1,
}
RESULT_EXAMPLE = CommandResult(
    action="complete_task", task_id=UUID(TASK_ID), title="Call mum", is_completed=True
).to_json()
