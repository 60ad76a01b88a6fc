"""What the carrying out of one set of commands shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tasks_app.changes import ChangeLog
from tasks_app.context import Actor
from tasks_app.models import ChangeSet, Task


@dataclass(frozen=True)
class Work:
    """One set in hand: who acts, the set's row and the log of its changes."""

    actor: Actor
    change_set: ChangeSet
    log: ChangeLog
    made: dict[UUID, Task] = field(default_factory=dict)
    """Tasks that are new, with their labels and reminders, for whoever wants to show them without another look."""
