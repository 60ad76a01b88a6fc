"""What a file of tasks says, whichever program wrote it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from tasks_app.commands import BeforeStart, RemindAt
from tasks_app.intents import Priority
from tasks_app.transfer.errors import ImportTooManyRows
from voicebot.errors import AppError

ROWS_MAX = 20_000


class FileFormat(StrEnum):
    """Whose file it is; found from its content, never from its name."""

    OWN_JSON = "own_json"
    OWN_CSV = "own_csv"
    TODOIST_CSV = "todoist_csv"
    TODOIST_JSON = "todoist_json"
    MICROSOFT_TODO = "microsoft_todo"
    GOOGLE_TASKS = "google_tasks"
    VIKUNJA = "vikunja"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A day and a time on a clock, with the moment that was meant; the two differ where the clocks skip that time."""

    on: dt.date
    time: dt.time | None = None
    at: dt.datetime | None = None


Moment: TypeAlias = ClockTime | dt.datetime | dt.date
"""A day; a moment; or a naive time on the clock of the task's zone."""


def before_start(before: dt.timedelta) -> BeforeStart:
    """A reminder that counts from the start, as the file tells it: whether we can keep it is seen later."""
    return BeforeStart.model_construct(before_start=before)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the meaning of a file depends on."""

    zone: ZoneInfo
    """Of the person."""
    now: dt.datetime
    """Aware moment at which they gave the file."""
    language: str
    """ISO 639-1 code of the person's language."""
    username: str
    file_name: str = ""


@dataclass(slots=True)
class IncomingComment:
    """What was said about a task."""

    text: str
    created_at: dt.datetime | None = None
    author: str | None = None
    """The name of whoever said it; None when that is not told."""


@dataclass(slots=True)
class IncomingProject:
    """A list of tasks."""

    key: str
    """What the file's tasks call it."""
    name: str
    colour: str = ""
    is_archived: bool = False
    created_at: dt.datetime | None = None
    id: UUID | None = None
    """In files of our own."""


@dataclass(slots=True)
class IncomingTask:
    """A task as the file tells it; checked only as far as its kinds of values."""

    row: int
    key: str
    """What its program calls it: the same key in another file of that program is the same task."""
    title: str
    notes: str = ""
    project: str | None = None
    """The key of its project; None for the inbox."""
    parent: str | None = None
    """The key of the task of which it is a part."""
    priority: Priority | None = None
    labels: list[str] = field(default_factory=list)
    zone: str | None = None
    start: Moment | None = None
    due: Moment | None = None
    end: Moment | None = None
    duration_minutes: int | None = None
    rrule: str = ""
    repeats_after_completion: bool = False
    snoozed_from: ClockTime | None = None
    remind: list[RemindAt] = field(default_factory=list)
    """How long before it is due or starts, or aware moments; not checked yet."""
    comments: list[IncomingComment] = field(default_factory=list)
    is_done: bool = False
    completed_at: dt.datetime | None = None
    created_at: dt.datetime | None = None
    id: UUID | None = None
    """In files of our own."""
    warnings: list[AppError] = field(default_factory=list)
    """What could not be kept of it."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that becomes no task, and why."""

    row: int
    title: str
    error: AppError


@dataclass(slots=True)
class IncomingFile:
    """All that a file says."""

    file_format: FileFormat
    tasks: list[IncomingTask] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    projects: dict[str, IncomingProject] = field(default_factory=dict)
    """By key, in order."""
    labels: dict[str, str] = field(default_factory=dict)
    """Names and the colours that are told of them."""

    @property
    def rows(self) -> int:
        """How many tasks stand in it, good and bad."""
        return len(self.tasks) + len(self.problems)

    def next_row(self) -> int:
        """The number of the row that is read now, from 1.

        Raises:
            ImportTooManyRows: There are more than :data:`ROWS_MAX`.
        """
        if self.rows >= ROWS_MAX:
            raise ImportTooManyRows(limit=ROWS_MAX)
        return self.rows + 1

    def refuse(self, title: object, error: AppError) -> None:
        """Note that the row that is read now becomes no task."""
        self.problems.append(RowProblem(self.next_row(), title if isinstance(title, str) else "", error))
