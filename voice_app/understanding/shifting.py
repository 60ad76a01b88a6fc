"""How far a task is moved from when it is due: "push it back an hour", "two days earlier", "um eine Stunde"."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from tasks_app.intents import Intent
from voice_app.shifts import Shift
from voice_app.understanding.clauses import Clause
from voice_app.understanding.dates import DateOrTime, TimeReading, find_times
from voice_app.understanding.drafts import Draft, Scene, day_of
from voice_app.understanding.kept import kept
from voice_app.understanding.languages import language_file, read_language
from voice_app.understanding.lexicon import Lexicon, Node, add_phrases, longest_match
from voice_app.understanding.text import tidy
from voice_app.understanding.units import FREE, TIME, Unit

_LATER, _EARLIER, _BY, _DELAYS, _ADVANCES = "later", "earlier", "by", "delays", "advances"
_ADVERBS = frozenset({_LATER, _EARLIER})
_VERBS = frozenset({_DELAYS, _ADVANCES})
_THINGS = frozenset({FREE, "event", "act", "task"})
_PLACES = frozenset({"into", "from"})
_AHEAD = "ahead"
_LONGEST = 8
"""Words of a length of time."""
_MOST_PLACES = 6
"""So many places of a clause are tried."""
_FARTHEST = dt.timedelta(days=36600)
"""Nobody moves a task by more than a century."""
_REFERENCES = (dt.datetime(2001, 1, 1, tzinfo=dt.UTC), dt.datetime(2001, 2, 1, tzinfo=dt.UTC))
"""Months of different lengths begin here, which tells a month from 31 days."""


class _Phrases(NamedTuple):
    root: Node
    ahead: str
    """What makes a length count from now ("in")."""


class _Found(NamedTuple):
    shift: Shift
    first: int
    """Places of the words among those of the clause: the first, and the one behind the last."""
    last: int


@functools.cache
def _phrases(code: str, *, split: bool) -> _Phrases:
    table = dict(kept("shift", language_file(code), (__file__,), lambda: read_language(code).get("shift", {})))
    root, ahead = Node(), str(table.pop(_AHEAD, ""))
    for tag, patterns in table.items():
        add_phrases(root, patterns, tag, split=split)
    return _Phrases(root, ahead)


def add_shift(draft: Draft, clause: Clause, scene: Scene) -> bool:
    """Set by how much the command moves its task, where the words say that; a time before it selects the task."""
    phrases = _phrases(scene.lexicon.code, split=scene.lexicon.split_apostrophes)
    tags = _tags(clause, phrases.root)
    readings = scene.timing.readings if scene.timing else ()
    if not phrases.ahead or not (any(tags) or any(reading.kind == "duration" for reading in readings)):
        return False
    found = next(_found(clause, scene, phrases, tags), None)
    if found is None:
        return False
    first, last = _with_adverbs(found, tags)
    adverbs = _ADVERBS.intersection(tags[first:last])
    if draft.intent is Intent.SNOOZE and not adverbs:
        return False
    adverbs |= _ADVERBS.intersection(tags[place] for place in (*_lead(clause), len(tags) - 1))
    start, end = clause.tokens[first].start, clause.tokens[last - 1].end
    others = [one for one in readings if one.start is not None and (one.end_char <= start or one.start_char >= end)]
    if any(one.start_char >= end for one in others):
        return False
    back = _EARLIER in adverbs or (not adverbs and _ADVANCES in tags)
    draft.put("shift", str(replace(found.shift, back=back)), tidy(scene.text[start:end]))
    draft.spans.append((start, end))
    if tags[-1] in _ADVERBS:
        draft.spans.append((clause.tokens[-1].start, clause.tokens[-1].end))
    if others and others[0].start is not None:
        draft.filters |= {"from": day_of(others[0].start), "to": day_of(others[0].end or others[0].start)}
        draft.said["filters"] = others[0].words
    return True


def is_instead(text: str, lexicon: Lexicon) -> bool:
    """Whether a text begins with "instead of", so that what comes behind it is not meant."""
    root = _phrases(lexicon.code, split=lexicon.split_apostrophes).root
    return "instead" in longest_match(root, list(lexicon.words(text)), 0)[1]


def _tags(clause: Clause, root: Node) -> list[str]:
    """What each word of a clause says of moving; empty where it says nothing."""
    words = [token.norm for token in clause.tokens]
    tags, place = [""] * len(words), 0
    while place < len(words):
        end, found = longest_match(root, words, place)
        if found:
            tags[place:end] = [found[0]] * (end - place)
        place = max(end, place + 1)
    return tags


def _found(clause: Clause, scene: Scene, phrases: _Phrases, tags: Sequence[str]) -> Iterator[_Found]:
    """Lengths of time that are no moments, in the order in which they stand."""
    readings = scene.timing.readings if scene.timing else ()
    by_unit = {place: unit for unit in clause.units for place in range(unit.first, unit.last)}
    places = [place for place, tag in enumerate(tags) if tag not in {_BY, *_ADVERBS}]
    timed = {place for place in places if (unit := by_unit.get(place)) is not None and unit.tag == TIME}
    likely = [place for place in places if place in timed or (place and tags[place - 1] == _BY)]
    for place in likely[:_MOST_PLACES]:
        length = _length_at(place, clause, scene, phrases, tags)
        if length is None:
            continue
        told = bool(_ADVERBS.intersection(tags[slice(*_with_adverbs(length, tags))]))
        token = clause.tokens[place]
        reading = next((one for one in readings if one.start_char <= token.start < one.end_char), None)
        if told or _is_bare(length, clause, by_unit, tags, reading):
            yield length


def _is_bare(
    length: _Found, clause: Clause, by_unit: dict[int, Unit], tags: Sequence[str], reading: TimeReading | None
) -> bool:
    """Whether a length without "later" moves the task: by its verb, by "by", and not as part of a name or a moment."""
    led = tags[length.first - 1] == _BY if length.first else False
    unit, after = by_unit.get(length.first), by_unit.get(length.last)
    if not led and (unit is None or unit.tag != TIME or unit.first != length.first or _behind_place(unit, clause)):
        return False
    if not led and after is not None and after.tag in _THINGS:
        return False
    if unit is not None and unit.tag == TIME and any(not tags[place] for place in range(length.last, unit.last)):
        return False
    return bool(_VERBS.intersection(tags)) or (reading.kind == "duration" if reading is not None else led)


def _behind_place(unit: Unit, clause: Clause) -> bool:
    """Whether "to" or "from" stands before a time."""
    index = clause.units.index(unit)
    return index > 0 and clause.units[index - 1].tag in _PLACES


def _length_at(place: int, clause: Clause, scene: Scene, phrases: _Phrases, tags: Sequence[str]) -> _Found | None:
    """The length of time that begins at a word, read as counted from two months of different lengths."""
    if _PLACES.intersection(longest_match(scene.lexicon.phrases, [clause.tokens[place].norm], 0)[1]):
        return None
    last = place
    while last < min(len(tags), place + _LONGEST) and tags[last] not in _ADVERBS:
        last += 1
    begin = clause.tokens[place].start
    text = f"{phrases.ahead} {scene.text[begin : clause.tokens[last - 1].end]}"
    readings = [_from(reference, text, scene.lexicon.code) for reference in _REFERENCES]
    one, other = readings
    if one is None or other is None or one.start is None or other.start is None:
        return None
    shift = _between(one.start, other.start)
    end = begin + one.end_char - len(phrases.ahead) - 1
    behind = next((n for n in range(place, len(tags)) if clause.tokens[n].start >= end), len(tags))
    return None if shift is None or behind == place else _Found(shift, place, behind)


@functools.lru_cache(maxsize=512)
def _from(reference: dt.datetime, text: str, code: str) -> TimeReading | None:
    """The length of time that a text begins with, as the moment in which it ends; people say few different ones."""
    found = find_times(text, code, reference)
    first = found[0] if found else None
    is_length = first is not None and first.kind == "point" and not first.start_char and not first.rrule
    return first if is_length else None


def _between(one: DateOrTime, other: DateOrTime) -> Shift | None:
    """From what the same words come to when counted from each reference."""
    apart = [_moment(moment) - reference for moment, reference in zip((one, other), _REFERENCES, strict=True)]
    if apart[0] != apart[1]:
        months = (_moment(one).year - _REFERENCES[0].year) * 12 + _moment(one).month - 1
        is_whole = _moment(one).day == 1 and 0 < months <= _FARTHEST.days // 30
        return Shift(months=months) if is_whole else None
    minutes = round(apart[0] / dt.timedelta(minutes=1))
    if minutes <= 0 or apart[0] > _FARTHEST:
        return None
    return Shift(minutes=minutes) if isinstance(one, dt.datetime) else Shift(days=apart[0].days)


def _moment(day: DateOrTime) -> dt.datetime:
    return day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time(), dt.UTC)


def _with_adverbs(found: _Found, tags: Sequence[str]) -> tuple[int, int]:
    """The places of a length with what stands beside it of "by", "back" and "later"."""
    first, last = found.first, found.last
    while first and tags[first - 1] in {_BY, *_ADVERBS}:
        first -= 1
    while last < len(tags) and tags[last] in _ADVERBS:
        last += 1
    return first, last


def _lead(clause: Clause) -> range:
    """The places of the words of the command's verb."""
    lead = next((unit for unit in clause.units if unit.leads), None)
    return range(lead.first, lead.last) if lead is not None else range(0)
