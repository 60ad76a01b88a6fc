"""The one vocabulary: what can be done to a person's tasks.

REST, the spoken pipeline, chat buttons and the web page all produce these frozen models, and only
:mod:`tasks_app.services` carries them out. They name rows by id; what was *said* is
:class:`voice_app.types.SpokenCommand`, which the resolve stage turns into these.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tasks_app.intents import Priority

TITLE_MAX_LENGTH = 500
NAME_MAX_LENGTH = 120
NOTES_MAX_LENGTH = 20_000
LABELS_MAX_COUNT = 50
REMINDERS_MAX_COUNT = 20
REMIND_BEFORE_MAX = dt.timedelta(days=3660)
YEARS = range(1970, 2201)
"""Years in which something can be due; outside of them it is a slip of the tongue or of a program."""


def _check_year(moment: dt.date) -> dt.date:
    if moment.year not in YEARS:
        raise ValueError(f"the year must be between {YEARS[0]} and {YEARS[-1]}")
    return moment


_BeforeDue: TypeAlias = Annotated[dt.timedelta, Field(ge=dt.timedelta(0), le=REMIND_BEFORE_MAX)]
_Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_check_year)]

Due: TypeAlias = Annotated[AwareDatetime | dt.date, Field(union_mode="smart"), AfterValidator(_check_year)]
"""A date when no time was given, else an aware datetime in the person's zone."""

RemindAt: TypeAlias = Annotated[_BeforeDue | _Moment, Field(union_mode="left_to_right")]
"""How long before the due moment, or an absolute moment."""

_NO_NUL = r"^[^\x00]*$"  # PostgreSQL has no place for the NUL character in a text

Title: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_MAX_LENGTH, pattern=_NO_NUL)
]
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX_LENGTH, pattern=_NO_NUL)
]
Notes: TypeAlias = Annotated[str, StringConstraints(max_length=NOTES_MAX_LENGTH, pattern=_NO_NUL)]
RuleText: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Labels: TypeAlias = Annotated[tuple[Name, ...], Field(max_length=LABELS_MAX_COUNT)]
Reminders: TypeAlias = Annotated[tuple[RemindAt, ...], Field(max_length=REMINDERS_MAX_COUNT)]


class CommandBase(BaseModel):
    """Frozen and closed: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CreateTask(CommandBase):
    """Add a task; without a project it goes to the inbox."""

    kind: Literal["create_task"] = "create_task"
    title: Title
    notes: Notes = ""
    due: Due | None = None
    end: Due | None = None
    rrule: RuleText | None = None
    priority: Priority | None = None
    project_id: UUID | None = None
    labels: Labels = ()
    assignee_id: int | None = None
    remind: Reminders = ()


class UpdateTask(CommandBase):
    """Change a task; only the fields that were given are touched (``model_fields_set``)."""

    kind: Literal["update_task"] = "update_task"
    task_id: UUID
    title: Title | None = None
    notes: Notes | None = None
    due: Due | None = None
    end: Due | None = None
    rrule: RuleText | None = None
    priority: Priority | None = None
    project_id: UUID | None = None
    labels: Labels | None = None
    assignee_id: int | None = None
    remind: Reminders | None = None


class CompleteTask(CommandBase):
    """Mark a task as done; a recurring one moves to its next occurrence."""

    kind: Literal["complete_task"] = "complete_task"
    task_id: UUID


class ReopenTask(CommandBase):
    """Take a completed task back."""

    kind: Literal["reopen_task"] = "reopen_task"
    task_id: UUID


class DeleteTask(CommandBase):
    """Put a task into the trash."""

    kind: Literal["delete_task"] = "delete_task"
    task_id: UUID


class CreateProject(CommandBase):
    """Add a project."""

    kind: Literal["create_project"] = "create_project"
    name: Name


class UpdateProject(CommandBase):
    """Rename or archive a project."""

    kind: Literal["update_project"] = "update_project"
    project_id: UUID
    name: Name | None = None
    is_archived: bool | None = None


class DeleteProject(CommandBase):
    """Put a project into the trash; its open tasks go with it."""

    kind: Literal["delete_project"] = "delete_project"
    project_id: UUID


class UndoChanges(CommandBase):
    """Revert one set of changes as a whole; without an id, the person's newest that is not undone."""

    kind: Literal["undo_changes"] = "undo_changes"
    change_set_id: UUID | None = None


Command: TypeAlias = Annotated[
    CreateTask
    | UpdateTask
    | CompleteTask
    | ReopenTask
    | DeleteTask
    | CreateProject
    | UpdateProject
    | DeleteProject
    | UndoChanges,
    Field(discriminator="kind"),
]
