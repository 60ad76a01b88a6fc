"""What an utterance comes to: changes to carry out, readings to show, or a question to ask first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks_app.commands import Command, UndoChanges
from tasks_app.intents import Intent
from voice_app.resolution import creation, projects, tasks
from voice_app.resolution.outcomes import Planned, Question, Resolved, Unresolved

if TYPE_CHECKING:
    from voice_app.resolution.scene import Scene
    from voice_app.types import SpokenCommand

__all__ = ["Planned", "Question", "Unresolved", "plan_utterance"]

_BEYOND_ONE_PROJECT = frozenset(
    {Intent.CREATE_PROJECT, Intent.UPDATE_PROJECT, Intent.DELETE_PROJECT, Intent.LIST_PROJECTS, Intent.UNDO}
)
"""What is never done where the words can touch one project alone."""


@dataclass(frozen=True)
class Plan:
    """One entry for each spoken command, in order; with a question nothing is carried out yet."""

    entries: tuple[Planned | Unresolved, ...]
    question: Question | None = None

    @property
    def commands(self) -> tuple[Command, ...]:
        """All that is to be changed, in order."""
        return tuple(command for entry in self.entries if isinstance(entry, Planned) for command in entry.commands)


def plan_utterance(scene: Scene) -> Plan:
    """Resolve each spoken command against the person's own rows; the first question ends it."""
    entries: list[Planned | Unresolved] = []
    for index, spoken in enumerate(scene.understanding.commands):
        resolved = _resolve(scene, spoken, index)
        if isinstance(resolved, Question):
            return Plan(tuple(entries), resolved)
        entries.append(resolved)
    return Plan(tuple(entries))


def _resolve(scene: Scene, spoken: SpokenCommand, index: int) -> Resolved:
    if scene.within_id and spoken.intent in _BEYOND_ONE_PROJECT:
        return Unresolved(spoken, "beyond_project")
    match spoken.intent:
        case Intent.CREATE_TASK:
            return creation.plan_task(scene, spoken, index)
        case Intent.CREATE_PROJECT | Intent.UPDATE_PROJECT | Intent.DELETE_PROJECT:
            return projects.plan_project(scene, spoken, index)
        case (
            Intent.COMPLETE_TASK
            | Intent.REOPEN_TASK
            | Intent.UPDATE_TASK
            | Intent.DELETE_TASK
            | Intent.ASSIGN_TASK
            | Intent.SNOOZE
        ):
            return tasks.plan_change(scene, spoken, index)
        case Intent.UNDO:
            is_about_session = bool((spoken.filters or {}).get("that"))
            return Planned(spoken, (UndoChanges(change_set_id=scene.last_change_id() if is_about_session else None),))
        case _:
            return Planned(spoken)
