"""What a command did, with all that a sentence about it needs."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from tasks_app.intents import Priority
from voicebot.errors import JsonValue


class Facts(BaseModel):
    """A task or project in short, as people are told of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    """The task's title or the project's name."""
    due: str | None = None
    """ISO date when there is no time, else an ISO datetime with the offset of the task's zone."""
    due_has_time: bool = False
    end: str | None = None
    rrule: str | None = None
    priority: Priority | None = None
    project: str | None = None
    """Its name; None is the inbox."""
    labels: tuple[str, ...] = ()
    remind: tuple[str, ...] = ()
    """Moments at which the person is told, ISO datetimes with the offset of the task's zone, earliest first."""
    is_completed: bool = False
    is_archived: bool = False


class Undone(BaseModel):
    """One command that was reverted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: str
    title: str


class CommandResult(Facts):
    """One command's outcome; the facts are those after it."""

    action: str
    """The command's ``kind``."""
    changed: bool = True
    """False when everything was so already, such as completing what is completed."""
    task_id: UUID | None = None
    project_id: UUID | None = None
    label_id: UUID | None = None
    comment_id: UUID | None = None
    user_id: int | None = None
    """The member whom it was about."""
    recurring: bool = False
    next_due: str | None = None
    """Where completing moved a recurring task to; None after its last time."""
    before: Facts | None = None
    """The facts before; None when it is new."""
    tasks_touched: int = 0
    """How many tasks went with it: those of a project or label, or the parts of a task."""
    undone: tuple[Undone, ...] = ()
    """For an undo: the commands that were reverted, in the order in which they were given."""
    undone_set_id: UUID | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """Plain JSON, for a row or an event."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, data: dict[str, JsonValue]) -> Self:
        """The result that :meth:`to_json` made this of."""
        return cls.model_validate(data)
