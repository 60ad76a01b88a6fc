"""The three things that a spoken command can come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tasks_app.commands import Command
from voice_app.types import SpokenCommand


@dataclass(frozen=True)
class Planned:
    """It is clear; without commands it only reads."""

    spoken: SpokenCommand
    commands: tuple[Command, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    """What was said and could not be used, such as ``{"unknown_project": "Garden"}``."""


@dataclass(frozen=True)
class Option:
    """One answer that can be given."""

    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """What must be answered first."""

    kind: str
    """``choice``, ``confirmation`` or ``title``."""
    action: int
    """Which spoken command it is about, counted from 0."""
    reason: str
    """Why it is asked: ``several_match``, ``near_misses``, ``destructive``, ``unsure``, ``no_title``."""
    intent: str
    phrase: str = ""
    options: tuple[Option, ...] = ()

    def to_json(self, *, text: str, expires_at: str) -> dict[str, Any]:
        """The question as it is stored and shown."""
        return {
            "kind": self.kind,
            "action": self.action,
            "reason": self.reason,
            "intent": self.intent,
            "phrase": self.phrase,
            "options": [{"id": option.id, "label": option.label} for option in self.options],
            "text": text,
            "expires_at": expires_at,
        }


@dataclass(frozen=True)
class Unresolved:
    """It is clear what is wanted and not what with; nothing is done for it."""

    spoken: SpokenCommand
    problem: str
    """``task_not_found``, ``project_not_found``, ``project_name_taken``, ``person_not_found``, ``change_missing``,
    ``due_missing``, ``time_missing``, ``beyond_project``."""
    phrase: str = ""


Resolved: TypeAlias = Planned | Question | Unresolved
