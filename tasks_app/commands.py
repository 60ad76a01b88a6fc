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
COMMENT_MAX_LENGTH = 10_000
DURATION_MAX_MINUTES = 60 * 24 * 366
REMIND_BEFORE_MAX = dt.timedelta(days=3660)
YEARS = range(1970, 2201)
"""Years in which something can be due; outside of them it is a slip of the tongue or of a program."""


def _check_year(moment: dt.date) -> dt.date:
    if moment.year not in YEARS:
        raise ValueError(f"the year must be between {YEARS[0]} and {YEARS[-1]}")
    return moment


_Ahead: TypeAlias = Annotated[dt.timedelta, Field(ge=dt.timedelta(0), le=REMIND_BEFORE_MAX)]
_Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_check_year)]

Due: TypeAlias = Annotated[AwareDatetime | dt.date, Field(union_mode="smart"), AfterValidator(_check_year)]
"""A date when no time was given, else an aware datetime in the person's zone."""


class BeforeStart(BaseModel):
    """How long before a task starts its person is told of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before_start: _Ahead


RemindAt: TypeAlias = Annotated[_Ahead | _Moment | BeforeStart, Field(union_mode="left_to_right")]
"""How long before the due moment, an absolute moment, or how long before the start."""

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
Comment: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=COMMENT_MAX_LENGTH, pattern=_NO_NUL)
]
Minutes: TypeAlias = Annotated[int, Field(ge=1, le=DURATION_MAX_MINUTES)]
ColourName: TypeAlias = Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink", "brown"]
RoleName: TypeAlias = Literal["viewer", "editor", "owner"]
Reminders: TypeAlias = Annotated[tuple[RemindAt, ...], Field(max_length=REMINDERS_MAX_COUNT)]


class CommandBase(BaseModel):
    """Frozen and closed: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CreateTask(CommandBase):
    """Add a task; without a project it goes to the inbox."""

    kind: Literal["create_task"] = "create_task"
    title: Title
    notes: Notes = ""
    start: Due | None = None
    due: Due | None = None
    end: Due | None = None
    duration_minutes: Minutes | None = None
    rrule: RuleText | None = None
    repeats_after_completion: bool = False
    priority: Priority | None = None
    project_id: UUID | None = None
    parent_id: UUID | None = None
    labels: Labels = ()
    assignee_id: int | None = None
    remind: Reminders = ()


class UpdateTask(CommandBase):
    """Change a task; only the fields that were given are touched (``model_fields_set``)."""

    kind: Literal["update_task"] = "update_task"
    task_id: UUID
    title: Title | None = None
    notes: Notes | None = None
    start: Due | None = None
    due: Due | None = None
    end: Due | None = None
    duration_minutes: Minutes | None = None
    rrule: RuleText | None = None
    repeats_after_completion: bool | None = None
    priority: Priority | None = None
    project_id: UUID | None = None
    parent_id: UUID | None = None
    labels: Labels | None = None
    assignee_id: int | None = None
    remind: Reminders | None = None


class CompleteTask(CommandBase):
    """Mark a task as done, its open parts with it; a recurring one moves to its next occurrence."""

    kind: Literal["complete_task"] = "complete_task"
    task_id: UUID


class ReopenTask(CommandBase):
    """Take a completed task back, and the tasks of which it is a part."""

    kind: Literal["reopen_task"] = "reopen_task"
    task_id: UUID


class DeleteTask(CommandBase):
    """Put a task into the trash, its parts with it."""

    kind: Literal["delete_task"] = "delete_task"
    task_id: UUID


class RestoreTask(CommandBase):
    """Take a task out of the trash, with the parts that went there with it."""

    kind: Literal["restore_task"] = "restore_task"
    task_id: UUID


class MoveTask(CommandBase):
    """Put a task before or after another one of its list; without either, at the end."""

    kind: Literal["move_task"] = "move_task"
    task_id: UUID
    before_id: UUID | None = None
    after_id: UUID | None = None


class SnoozeTask(CommandBase):
    """Put a task off; a recurring one goes on from the occurrence that was put off."""

    kind: Literal["snooze_task"] = "snooze_task"
    task_id: UUID
    until: Due


class SnoozeReminder(CommandBase):
    """Tell a task once more at a later moment, and leave the task as it is."""

    kind: Literal["snooze_reminder"] = "snooze_reminder"
    task_id: UUID
    until: _Moment


class AddReminders(CommandBase):
    """Tell a task at more moments; one at which it is told already changes nothing."""

    kind: Literal["add_reminders"] = "add_reminders"
    task_id: UUID
    remind: Annotated[Reminders, Field(min_length=1)]


class DeleteReminder(CommandBase):
    """Take a reminder away."""

    kind: Literal["delete_reminder"] = "delete_reminder"
    reminder_id: UUID


class PutOffReminder(CommandBase):
    """Tell at a later moment instead; one that counts from due or start is back at the next occurrence."""

    kind: Literal["put_off_reminder"] = "put_off_reminder"
    reminder_id: UUID
    until: _Moment


class DismissReminder(CommandBase):
    """Be done with a reminder, told or not; one that counts from due or start is back at the next occurrence."""

    kind: Literal["dismiss_reminder"] = "dismiss_reminder"
    reminder_id: UUID


class SkipOccurrence(CommandBase):
    """Move a recurring task to its next occurrence without doing it."""

    kind: Literal["skip_occurrence"] = "skip_occurrence"
    task_id: UUID


class AddComment(CommandBase):
    """Say something about a task."""

    kind: Literal["add_comment"] = "add_comment"
    task_id: UUID
    text: Comment


class EditComment(CommandBase):
    """Say one's own comment in other words."""

    kind: Literal["edit_comment"] = "edit_comment"
    comment_id: UUID
    text: Comment


class DeleteComment(CommandBase):
    """Take one's own comment away."""

    kind: Literal["delete_comment"] = "delete_comment"
    comment_id: UUID


class CreateProject(CommandBase):
    """Add a project."""

    kind: Literal["create_project"] = "create_project"
    name: Name
    colour: ColourName = "grey"


class UpdateProject(CommandBase):
    """Rename, colour or archive a project, or bring it back from the archive."""

    kind: Literal["update_project"] = "update_project"
    project_id: UUID
    name: Name | None = None
    colour: ColourName | None = None
    is_archived: bool | None = None


class MoveProject(CommandBase):
    """Put a project before or after another one in the person's own list; without either, at the end."""

    kind: Literal["move_project"] = "move_project"
    project_id: UUID
    before_id: UUID | None = None
    after_id: UUID | None = None


class RestoreProject(CommandBase):
    """Take a project out of the trash, with the tasks that went there with it."""

    kind: Literal["restore_project"] = "restore_project"
    project_id: UUID


class InviteMember(CommandBase):
    """Ask a person to share a project; they see it once they agree."""

    kind: Literal["invite_member"] = "invite_member"
    project_id: UUID
    username: Name
    role: RoleName = "editor"


class AcceptInvitation(CommandBase):
    """Agree to share a project."""

    kind: Literal["accept_invitation"] = "accept_invitation"
    project_id: UUID


class ChangeMember(CommandBase):
    """Give a member another role."""

    kind: Literal["change_member"] = "change_member"
    project_id: UUID
    user_id: int
    role: RoleName


class RemoveMember(CommandBase):
    """Take a person out of a project."""

    kind: Literal["remove_member"] = "remove_member"
    project_id: UUID
    user_id: int


class LeaveProject(CommandBase):
    """Leave a project that somebody shares, or decline the invitation to it."""

    kind: Literal["leave_project"] = "leave_project"
    project_id: UUID


class CreateLabel(CommandBase):
    """Add a label."""

    kind: Literal["create_label"] = "create_label"
    name: Name
    colour: ColourName = "grey"


class UpdateLabel(CommandBase):
    """Rename or colour a label."""

    kind: Literal["update_label"] = "update_label"
    label_id: UUID
    name: Name | None = None
    colour: ColourName | None = None


class MergeLabels(CommandBase):
    """Give everything with one label another one instead, and delete the first."""

    kind: Literal["merge_labels"] = "merge_labels"
    label_id: UUID
    into_id: UUID


class DeleteLabel(CommandBase):
    """Take a label away, from all tasks."""

    kind: Literal["delete_label"] = "delete_label"
    label_id: UUID


class DeleteProject(CommandBase):
    """Put a project into the trash; its open tasks go with it."""

    kind: Literal["delete_project"] = "delete_project"
    project_id: UUID


class UndoChanges(CommandBase):
    """Revert one set of changes as a whole; without an id, the person's newest that is not undone."""

    kind: Literal["undo_changes"] = "undo_changes"
    change_set_id: UUID | None = None


TaskCommand: TypeAlias = (
    CreateTask
    | UpdateTask
    | CompleteTask
    | ReopenTask
    | DeleteTask
    | RestoreTask
    | MoveTask
    | SnoozeTask
    | SnoozeReminder
    | AddReminders
    | DeleteReminder
    | PutOffReminder
    | DismissReminder
    | SkipOccurrence
    | AddComment
    | EditComment
    | DeleteComment
)
ProjectCommand: TypeAlias = (
    CreateProject
    | UpdateProject
    | DeleteProject
    | RestoreProject
    | MoveProject
    | InviteMember
    | AcceptInvitation
    | ChangeMember
    | RemoveMember
    | LeaveProject
)
LabelCommand: TypeAlias = CreateLabel | UpdateLabel | MergeLabels | DeleteLabel
Command: TypeAlias = Annotated[TaskCommand | ProjectCommand | LabelCommand | UndoChanges, Field(discriminator="kind")]
