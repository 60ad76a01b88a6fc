"""What of a conversation a continuation can refer to: what was made, changed, listed and offered last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tasks_app.intents import Intent
from voice_app.types import SpokenCommand, Turn

LISTS = frozenset({Intent.LIST_TASKS, Intent.AGENDA})
CHANGES = frozenset({Intent.CREATE_TASK, Intent.UPDATE_TASK, Intent.SNOOZE, Intent.ASSIGN_TASK, Intent.REOPEN_TASK})
"""What leaves an open task behind that can be given another date."""
PICKS = frozenset(
    {
        Intent.COMPLETE_TASK, Intent.REOPEN_TASK, Intent.UPDATE_TASK, Intent.DELETE_TASK, Intent.ASSIGN_TASK,
        Intent.SNOOZE,
    }
)  # fmt: skip
"""What can be done to one of several tasks."""
_CHANGES_TASKS = PICKS | {Intent.CREATE_TASK}


@dataclass(frozen=True)
class Thing:
    """A task that was made, as it is now."""

    command: SpokenCommand
    title: str
    due: str | None


@dataclass(frozen=True)
class Made:
    """What one utterance made."""

    things: tuple[Thing, ...]
    is_last: bool
    """Whether nothing else was done since, but to change it."""


@dataclass(frozen=True)
class Memory:
    """The turns that came to something, oldest first; at least one."""

    turns: tuple[Turn, ...]

    @property
    def last(self) -> Turn:
        """The latest."""
        return self.turns[-1]

    @property
    def last_intents(self) -> frozenset[Intent]:
        """What was wanted in it, but for what it took back."""
        wanted = [command.intent for command in self.last.commands]
        return frozenset(wanted if set(wanted) == {Intent.UNDO} else [one for one in wanted if one is not Intent.UNDO])

    @property
    def changed_one(self) -> bool:
        """Whether it is clear what "it" is: one task that is still open."""
        return len(self.last.touched) == 1 and bool(self.last_intents) and self.last_intents <= CHANGES

    @property
    def shown(self) -> tuple[str, ...]:
        """The titles of the list or the offer that was seen last."""
        return _seen_last(self.turns)

    @property
    def can_pick(self) -> bool:
        """Whether something was done, or was about to be done, to one of several things."""
        return bool(self.last_intents & PICKS) and bool(self.shown)

    @property
    def waits_for_choice(self) -> bool:
        """Whether the latest turn asks which of several things is meant."""
        return not self.last.touched and len(self.last.shown) > 1

    @property
    def last_time(self) -> str | None:
        """The newest moment with a time of day that was spoken of."""
        dues = (due for turn in reversed(self.turns) for due in reversed(turn.due))
        return next((due for due in dues if due and "T" in due), None)

    def has_places(self, places: dict[str, Any]) -> bool:
        """Whether the list is long enough for these places."""
        shown = self._offered
        return self.can_pick and bool(shown) and max(places.get("nth", (1,))) <= len(shown)

    def other_place(self) -> dict[str, Any]:
        """As in "the other one": the one of two that was not taken."""
        shown = self._offered
        left = [place for place, title in enumerate(shown, 1) if title not in self.last.touched]
        return {"nth": left} if len(shown) == 2 and len(left) == 1 else {}  # noqa: PLR2004  # the other of two

    @property
    def _offered(self) -> tuple[str, ...]:
        """The list that a place is a place in; what is only read back ("Delete A?") is none."""
        is_read_back = not self.last.touched and len(self.last.shown) == 1
        return _seen_last(self.turns[:-1] if is_read_back else self.turns)

    def made(self) -> Made | None:
        """What was made last, with what was changed about it since; None when it was taken back."""
        later: list[Turn] = []
        for turn in reversed(self.turns):
            if {command.intent for command in turn.commands} == {Intent.UNDO}:
                return None
            if any(command.intent is Intent.CREATE_TASK for command in turn.commands):
                things = tuple(_things(turn))
                changes = [change for change in reversed(later) if _is_about_it(change)]
                for change in changes if len(things) == 1 else ():
                    things = (_changed(things[0], change),)
                return Made(things, is_last=len(changes) == len(later))
            later.append(turn)
        return None


def recall(conversation: Sequence[Turn]) -> Memory | None:
    """What there is to refer to; None when nothing came of anything."""
    turns = tuple(turn for turn in conversation if _came_to_something(turn))
    return Memory(turns) if turns else None


def _seen_last(turns: Sequence[Turn]) -> tuple[str, ...]:
    """The titles of the list or the offer that was seen last."""
    return next((turn.shown for turn in reversed(turns) if turn.shown), ())


def _came_to_something(turn: Turn) -> bool:
    asked = any(command.intent in LISTS | {Intent.UNDO} for command in turn.commands)
    return bool(turn.touched or turn.shown) or asked


def _things(turn: Turn) -> Iterator[Thing]:
    """The tasks that a turn made; where they cannot be told apart from others, as they were spoken of."""
    changes = [command for command in turn.commands if command.intent in _CHANGES_TASKS]
    is_paired = len(changes) == len(turn.touched) == len(turn.due)
    for place, command in enumerate(changes):
        if command.intent is Intent.CREATE_TASK:
            title, due = (turn.touched[place], turn.due[place]) if is_paired else (command.title or "", command.due)
            yield Thing(command, title, due)


def _is_about_it(turn: Turn) -> bool:
    """Whether a turn only changed the task that was spoken of last."""
    return (
        len(turn.touched) == len(turn.due) == len(turn.commands) == 1
        and turn.commands[0].intent is Intent.UPDATE_TASK
        and bool((turn.commands[0].filters or {}).get("that"))
    )


def _changed(thing: Thing, turn: Turn) -> Thing:
    given = turn.commands[0].model_dump(include={"project", "priority", "labels"}, exclude_defaults=True)
    return Thing(thing.command.model_copy(update=given), turn.touched[0], turn.due[0])
