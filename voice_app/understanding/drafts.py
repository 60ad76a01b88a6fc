"""The fields of a command while they are being found, and what they are found in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from tasks_app.intents import Intent
from voice_app.types import Alternative, SpokenCommand, Vocabulary
from voice_app.understanding import slots, titles
from voice_app.understanding.clauses import Clause
from voice_app.understanding.dates import DateOrTime, Timing
from voice_app.understanding.lexicon import Lexicon
from voice_app.understanding.units import PART, TIME, Unit

CREATES = frozenset({Intent.CREATE_TASK, Intent.CREATE_PROJECT})


REFERS = frozenset(
    {
        Intent.COMPLETE_TASK, Intent.REOPEN_TASK, Intent.UPDATE_TASK, Intent.DELETE_TASK, Intent.ASSIGN_TASK,
        Intent.SNOOZE, Intent.LIST_TASKS, Intent.AGENDA,
    }
)  # fmt: skip


PROJECTS = frozenset({Intent.UPDATE_PROJECT, Intent.DELETE_PROJECT})


_VERBS = frozenset(
    {
        "add", "remind", "note", "new", "complete", "reopen", "delete", "change", "move", "rename", "snooze", "show",
        "assign", "ask", "doneas", "did", "notdone", PART, "undo", "wish", "have", "moved", "gone",
    }
)  # fmt: skip
UNSURE = 0.55
"""Below this an answer is asked back."""


@dataclass
class Draft:
    """The fields of one command while they are being found."""

    intent: Intent
    values: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    taken: list[Unit] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    filters: dict[str, Any] = field(default_factory=dict)
    alternatives: list[Alternative] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Fields whose names are none of the speaker's own."""

    def put(self, name: str, value: object, said: str) -> None:
        """Set a field and keep the words it came from."""
        self.values[name] = value
        self.said[name] = said

    def of_item(self, name: str, item: str) -> Draft:
        """The same command for one thing of an enumeration."""
        one = replace(self, values=dict(self.values), said=dict(self.said), filters=dict(self.filters))
        if item:
            one.put(name, item, item)
        return one

    def command(self) -> SpokenCommand:
        """The finished command."""
        return SpokenCommand(intent=self.intent, said=self.said, filters=self.filters or None, **self.values)


@dataclass(frozen=True)
class Scene:
    """What the fields of a clause depend on besides its words."""

    text: str
    lexicon: Lexicon
    vocabulary: Vocabulary
    timing: Timing | None
    said_at: dt.datetime


def iso(moment: DateOrTime) -> str:
    """A date or an aware datetime as it stands on the wire."""
    return moment.isoformat() if not isinstance(moment, dt.datetime) else moment.replace(microsecond=0).isoformat()


def day_of(moment: DateOrTime) -> str:
    """The day of a date or a datetime as it stands on the wire."""
    return iso(moment)[:10]


def offer_near(draft: Draft, name: str, slot: slots.Slot) -> None:
    """Note that a name is none of the speaker's own, and which of these it may be."""
    if slot.known:
        return
    draft.unknown.append(name)
    draft.alternatives += [Alternative(field=name, value=near, why="a name that sounds alike") for near in slot.near]


def frame_units(clause: Clause, *, keep: frozenset[str] = frozenset()) -> list[Unit]:
    """Units that only carry the command: verbs, their particles, polite words, and what joins them on."""
    found = titles.edge_units(clause.units)
    for unit in clause.units:
        if unit.tag in {"filler", "thanks", TIME, PART} or (
            unit.tag in _VERBS - keep and (unit.leads or unit.tag in {"doneas", "notdone", "did", "moved", "gone"})
        ):
            found.append(unit)
    return found
