"""Places in a list, which nobody may take for days or times: "the first two", "die erste auf Montag"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from voice_app.understanding.clauses import ON_ITS_OWN, lead_of
from voice_app.understanding.text import Token, blank
from voice_app.understanding.units import FINAL, FREE, MARK, NUMBER, PART, TIME, Unit

_POINTING = frozenset({"complete", "reopen", "delete", "change", "rename"})
_COUNT_DIGITS = 2
"""Longer numbers count no tasks: "March 3rd 2015", "next 5/12"."""
_COUNTS = frozenset({"count", NUMBER, "all"})
"""Beside a place in a list these say how many: "the first two"."""
_PLACE_WORDS = frozenset({"ord", "det", "and", "pron", "task", "tasks", "count", "wrap", MARK})
_POINTED_AT = frozenset({"ord", "det", "and", "pron", "task", "tasks", *_COUNTS})
"""What places of a list are named with: "the first two and the fourth"."""
_DONE_TO_PLACES = ON_ITS_OWN | _POINTING | {"add", "schedule"}
"""Commands that a place may follow: "move the first to Monday", "put the second on Tuesday"."""
_SAID_OF_PLACES = frozenset({"doneas", "gone", "moved"})


def without_places(text: str, tokens: Sequence[Token], units: Sequence[Unit]) -> str:
    """The text with what nobody may take for dates made blank.

    These are places in a list ("the first and the third"), "one" in "a new one", and events named after a part of
    the day ("parents' evening").
    """
    for unit in units:
        if unit.tag == "event" and unit.last - unit.first > 1:
            text = blank(text, tokens[unit.first].start, tokens[unit.last - 1].end)
    for unit in [*_standing_for_things(units), *_pointed_at(units)]:
        text = blank(text, tokens[unit.first].start, tokens[unit.last - 1].end)
    lead = lead_of(units)
    begin = len(units)
    while begin and units[begin - 1].tag in _PLACE_WORDS:
        begin -= 1
    for ordinal, count, after in zip(units, units[1:], [*units[2:], None], strict=False):
        if "ord" not in (ordinal.tag, count.tag) or not (_COUNTS & {ordinal.tag, count.tag}):
            continue
        numbers = [tokens[unit.first].norm for unit in (ordinal, count) if unit.tag == NUMBER]
        counted = all(number.isdigit() and len(number) <= _COUNT_DIGITS for number in numbers)
        joined_on = not text[tokens[ordinal.last - 1].end : tokens[count.first].start].strip()
        if counted and joined_on and (after is None or after.tag not in {FREE, NUMBER, TIME}):
            text = blank(text, tokens[ordinal.first].start, tokens[count.last - 1].end)
    tail = units[begin:]
    places = [unit for unit in tail if unit.tag == "ord"]
    if len(places) > 1 or (places and lead is not None and lead.leads and lead.tag in _POINTING):
        for unit in tail:
            text = blank(text, tokens[unit.first].start, tokens[unit.last - 1].end)
    return text


def _pointed_at(units: Sequence[Unit]) -> list[Unit]:
    """The places of a list that something is done to or said of, with their articles, counts and verb."""
    found, begin = list[Unit](), 0
    while begin < len(units):
        end = begin
        while end < len(units) and units[end].tag in _POINTED_AT and not _begins_anew(units, begin, end):
            end += 1
        run = list(units[begin:end])
        while run and run[-1].tag in {"det", "and"}:
            run.pop()
        behind = units[begin + len(run) :]
        if any(unit.tag == "ord" for unit in run) and _is_about_places(units[:begin], behind):
            found += [*units[max(0, begin - 1) : begin], *run]
        begin = max(end, begin + 1)
    return found


def _begins_anew(units: Sequence[Unit], begin: int, place: int) -> bool:
    """Whether an article stands behind a noun, as no article of the same thing does: "el tercero al 9 de marzo"."""
    return place > begin and units[place].tag == "det" and units[place - 1].tag != "and"


def _is_about_places(before: Sequence[Unit], behind: Sequence[Unit]) -> bool:
    """Whether a command stands before the places, or behind them what can only be said of things."""
    follows = behind[0].tag if behind else MARK
    if before and before[-1].leads and before[-1].tag in _DONE_TO_PLACES:
        return follows in {"into", "for", "from", "by", "det", "and", "wrap", "doneas", PART, MARK}
    if before and before[-1].tag not in {"and", MARK, "wrap"}:
        return False
    sentence = itertools.takewhile(lambda unit: unit.tag != MARK, behind)
    return follows in _SAID_OF_PLACES or (follows != FREE and any(FINAL in unit.tags for unit in sentence))


def _standing_for_things(units: Sequence[Unit]) -> list[Unit]:
    """Words like "one" in "a new one for Monday", which is no time of day."""
    found = []
    for place, unit in enumerate(units):
        before, after = [other.tag for other in units[max(0, place - 2) : place]], units[place + 1 : place + 2]
        counted = before[-1:] == ["det"] or (before[:1] == ["det"] and before[-1] in {FREE, "new"})
        if unit.tag == "pron" and counted and (not after or after[0].tag in {"for", "into", "and", MARK}):
            found.append(unit)
    return found
