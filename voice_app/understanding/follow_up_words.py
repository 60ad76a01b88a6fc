"""What an utterance is made of when it is taken as a continuation: its turns of phrase, its times, its own words."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from voice_app.types import Utterance
from voice_app.understanding.dates import TimeReading, find_times
from voice_app.understanding.kept import kept
from voice_app.understanding.languages import language_file, read_language
from voice_app.understanding.lexicon import Lexicon, Node, add_phrases, longest_match
from voice_app.understanding.text import Token, tidy, tokenise

SMALL, CLOCK = "small", "clock"
SHIFTS = frozenset({"later", "earlier"})
LONGEST = 24
"""Words; nobody continues with more than these."""
_LONGEST_CLOCK = 3


class _Phrases(NamedTuple):
    root: Node
    before_clock: str
    """What stands before a time of day ("at")."""


class Stretch(NamedTuple):
    """A turn of phrase in the text."""

    tag: str
    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """An utterance taken apart."""

    text: str
    turns: tuple[Stretch, ...]
    """The phrases that refer to what was said before, in order."""
    places: dict[str, Any] = field(default_factory=dict)
    """Which thing of a list is meant, as a filter, when besides the turns nothing else was said."""
    times: tuple[TimeReading, ...] = ()
    own: tuple[Token, ...] = ()
    """The words that are left: those of a title, or of a command of its own."""

    @property
    def tags(self) -> frozenset[str]:
        """Which turns of phrase there are."""
        return frozenset(turn.tag for turn in self.turns)

    @property
    def time_is_bound(self) -> bool:
        """Whether a time is said right beside "the same time", with no word of one's own between."""
        turn = next(turn for turn in self.turns if turn.tag == "time")
        return any(
            not any(
                first.end_char <= token.start < turn.start or turn.end <= token.start < first.start_char
                for token in self.own
            )
            for first in self.times
        )

    def begins_with(self, tag: str) -> bool:
        """Whether a turn of phrase comes first."""
        first = self.turns[0]
        return first.tag == tag and not any(char.isalnum() for char in self.text[: first.start])

    def behind(self, tag: str) -> str:
        """All that was said after a turn of phrase, when words of one's own did not come before it."""
        turn = next(turn for turn in self.turns if turn.tag == tag)
        if any(token.start < turn.start for token in self.own):
            return ""
        return tidy(self.text[turn.end :])

    def without(self, tag: str) -> str:
        """The text with the turns of that kind made blank."""
        return _blank(self.text, [turn for turn in self.turns if turn.tag == tag])


@functools.cache
def _phrases(code: str, *, split: bool) -> _Phrases:
    table = dict(kept("follow_up", language_file(code), (__file__,), lambda: read_language(code).get("follow_up", {})))
    root, clock = Node(), str(table.pop(CLOCK, ""))
    for tag, patterns in table.items():
        add_phrases(root, patterns, tag, split=split)
    return _Phrases(root, clock)


def read_words(utterance: Utterance, lexicon: Lexicon, *, has_list: bool) -> Words | None:
    """Take an utterance apart; None when nothing in it refers to what was said before.

    Args:
        utterance: What was said.
        lexicon: Of its language.
        has_list: Whether there is a list that "the second" can mean; else it is a day.
    """
    text, phrases = utterance.text, _phrases(lexicon.code, split=lexicon.split_apostrophes)
    tokens = tokenise(text, split_apostrophes=lexicon.split_apostrophes)
    if len(tokens) > LONGEST:
        return None
    found = list(_stretches(phrases.root, tokens))
    turns = [stretch for stretch in found if stretch.tag != SMALL]
    if not turns:
        return None
    said = [token for token in tokens if not token.is_mark]
    left = _outside(said, found)
    places = _places(left, lexicon) if has_list else {}
    if places:
        return Words(text, tuple(turns), places)
    shifts = [turn for turn in turns if turn.tag in SHIFTS]
    times = _length(text, turns, shifts, utterance, lexicon) if shifts else []
    times = times or _times(_blank(text, turns), utterance, lexicon, with_lengths=bool(shifts))
    timed = [Stretch("time", reading.start_char, reading.end_char) for reading in times]
    own = _outside(said, [*found, *timed])
    if own and not times and len(own) <= _LONGEST_CLOCK:
        times = _bare_clock(phrases.before_clock, own, utterance, lexicon)
        own = [] if times else own
    meant = _latest(_not_denied(times, turns, said, found))
    return Words(text, tuple(turns), {}, tuple(meant), tuple(own)) if meant or not times else None


def _stretches(root: Node, tokens: Sequence[Token]) -> Iterator[Stretch]:
    words = [token.norm for token in tokens]
    place = 0
    while place < len(words):
        end, tags = longest_match(root, words, place)
        if tags:
            yield Stretch(tags[0], tokens[place].start, tokens[end - 1].end)
        place = max(end, place + 1)


def _outside(tokens: Sequence[Token], stretches: Sequence[Stretch]) -> list[Token]:
    return [token for token in tokens if not any(one.start <= token.start < one.end for one in stretches)]


def _blank(text: str, stretches: Sequence[Stretch]) -> str:
    for stretch in stretches:
        text = text[: stretch.start] + " " * (stretch.end - stretch.start) + text[stretch.end :]
    return text


def _places(tokens: Sequence[Token], lexicon: Lexicon) -> dict[str, Any]:
    """Places in a list, when the words name nothing else."""
    words, place = [token.norm for token in tokens], 0
    nth = list[int]()
    while place < len(words):
        end, numbers = longest_match(lexicon.tables["ordinals"], words, place)
        if not numbers:
            end, tags = longest_match(lexicon.tables["filters"], words, place)
            return {"last": 1} if "last" in tags and end == len(words) and not nth else {}
        nth.append(int(numbers[0]))
        place = end
    return {"nth": nth} if nth else {}


def _times(text: str, utterance: Utterance, lexicon: Lexicon, *, with_lengths: bool = False) -> list[TimeReading]:
    found = find_times(
        text, lexicon.code, utterance.said_at, locale=utterance.locale, week_starts_on=utterance.week_starts_on
    )
    wanted = {"point", "range", "recurrence"} | ({"duration"} if with_lengths else set())
    return [reading for reading in found if reading.kind in wanted]


def _length(
    text: str, turns: Sequence[Stretch], shifts: Sequence[Stretch], utterance: Utterance, lexicon: Lexicon
) -> list[TimeReading]:
    """The length of "an hour later" where our reader knows these words together, and counts them from now."""
    blanked = _blank(text, [turn for turn in turns if turn not in shifts])
    for reading in _times(blanked, utterance, lexicon, with_lengths=True):
        overlaps = any(reading.start_char < shift.end and shift.start < reading.end_char for shift in shifts)
        if overlaps and reading.start is not None and not reading.rrule:
            return [replace(reading, kind="duration")]
    return []


def _not_denied(
    times: Sequence[TimeReading], turns: Sequence[Stretch], said: Sequence[Token], found: Sequence[Stretch]
) -> list[TimeReading]:
    """As in "not on Tuesday", "Friday instead of Tuesday": a time right behind such a word is not meant."""
    small = [stretch for stretch in found if stretch.tag == SMALL]
    words = _outside(said, small)

    def is_denied(reading: TimeReading) -> bool:
        before = [token for token in words if token.start < reading.start_char]
        return bool(before) and any(turn.tag == "not" and turn.start <= before[-1].start < turn.end for turn in turns)

    return [reading for reading in times if not is_denied(reading)]


def _latest(times: Sequence[TimeReading]) -> list[TimeReading]:
    """As in "not Tuesday, Wednesday": of two days the last one counts."""
    days = [index for index, reading in enumerate(times) if reading.has_date]
    return list(times[days[-1] :]) if len(days) > 1 else list(times)


def _bare_clock(before: str, own: Sequence[Token], utterance: Utterance, lexicon: Lexicon) -> list[TimeReading]:
    """As in "make it 5": a number alone is a time of day where a time was spoken of."""
    words = utterance.text[own[0].start : own[-1].end]
    text = f"{before} {words}"
    times = _times(text, utterance, lexicon)
    is_whole = len(times) == 1 and times[0].end_char == len(text) and times[0].start_char <= len(before) + 1
    return times if is_whole and isinstance(times[0].start, dt.datetime) and not times[0].has_date else []
