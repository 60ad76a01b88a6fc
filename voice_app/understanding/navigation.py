"""Two halves of one command: "open my shopping list and add milk", "find the next meeting and delete it"."""

from __future__ import annotations

from collections.abc import Sequence

from voice_app.understanding.text import Token, fold
from voice_app.understanding.units import FINAL, MARK, PART, TIME, WRAPPING, Unit

GO = "go"
"""Tags a verb that only leads to a list ("open", "find")."""
_PLACES = frozenset({"list", "lists", "cal", "tasks", "events"})
_BETWEEN = frozenset({"det", "my", "all", "x", "event", "act", "ord", "into", "called", "left", *_PLACES})
_DONE_TO_IT = frozenset({"delete", "complete", "reopen", "move", "change"})
_POINTS = frozenset({"pron", "doneas", "notdone", "all", "wrap", "into", PART, TIME, MARK})


def own_list_first(tokens: Sequence[Token], names: Sequence[str]) -> int:
    """How many words at the beginning are one of the speaker's own lists, as in "groceries add milk"; else 0."""
    words = [token.norm for token in tokens]
    found = [len(name.split()) for name in names if words[: len(name.split())] == fold(name).split()]
    return max(found, default=0)


def joined(units: Sequence[Unit], commands: frozenset[str]) -> list[Unit]:
    """The units with a first half that only says where, or which one, made a part of the command behind it.

    Args:
        units: Of a whole utterance.
        commands: Tags of verbs that can follow.
    """
    found = list(units)
    lead = next((place for place, unit in enumerate(units) if unit.tag not in WRAPPING), None)
    joint = next((place for place, unit in enumerate(units) if unit.tag == "and"), None)
    if lead is None or joint is None or joint <= lead or not units[lead].leads or units[lead].tag != "show":
        return found
    head = next((place for place in range(joint + 1, len(units)) if units[place].tag not in WRAPPING), None)
    if head is None or not units[head].leads or units[head].tag not in commands:
        return found
    if GO in units[lead].tags and joint == lead + 1:
        return [*units[:lead], _wrapped(units[lead]), _wrapped(units[joint]), *units[joint + 1 :]]
    between = [unit.tag for unit in units[lead + 1 : joint] if unit.tag not in WRAPPING]
    if units[head].tag in _DONE_TO_IT and all(unit.tag in _POINTS for unit in units[head + 1 :]):
        return _turned(found, lead, joint, head) if set(between) <= _BETWEEN else found
    if GO in units[lead].tags and _PLACES & set(between) and set(between) <= _BETWEEN:
        found[lead : joint + 1] = _as_place(units[lead : joint + 1])
    return found


def _as_place(units: Sequence[Unit]) -> list[Unit]:
    """As in "open the garden list and": a list is where it happens; "open my calendar and" goes without saying."""
    if any(unit.tag == "list" for unit in units):
        return [Unit("into", units[0].first, units[0].last), *units[1:-1], _wrapped(units[-1])]
    return [_wrapped(unit) for unit in units]


def _turned(units: list[Unit], lead: int, joint: int, head: int) -> list[Unit]:
    """As in "find my next event and delete it": the second verb is said of what the first one named."""
    units[lead] = _wrapped(units[lead])
    units[joint] = _wrapped(units[joint])
    verb = units[head]
    units[head] = Unit(verb.tag, verb.first, verb.last, (*verb.tags, FINAL), leads=True)
    for place in range(head + 1, len(units)):
        if units[place].tag in {"pron", "all"}:
            units[place] = _wrapped(units[place])
    return units


def _wrapped(unit: Unit) -> Unit:
    return Unit("wrap", unit.first, unit.last, unit.tags, leads=unit.leads)
