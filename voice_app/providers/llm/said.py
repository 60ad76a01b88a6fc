"""Whether words were said, and where: what a model points at is looked for in what was heard."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from tasks_app.phonetics import plain, sound_key
from voice_app.understanding.text import fold, tidy

ALIKE = 80.0
"""Likeness of letters, 0 to 100, from which two words are forms of one: "anzurufen" and "anrufen"."""
_SHORTEST_FUZZY = 4
_SHORTEST_SOUND = 2
_ALIKE_WHEN_HEARD_ALIKE = 55.0
"""Words that sound the same must look as alike as this, 0 to 100: "mail" and "male"."""
_SHORTEST_STEM, _LONGEST_ENDING = 3, 3
_BEYOND_THE_TEXT = 3
"""A phrase with so many words more than the text was not said."""
_LONGEST_LOOSE = 40
"""A phrase of more words counts only where they stand in the text without a gap."""
_MOST_WORDS = 400
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts that put no space between words."""
_HARMLESS = frozenset(" ,.'’&/()+-:")
"""Marks that a title may have though they were not said."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with its place in it."""

    start: int
    end: int
    norm: str


@dataclass(frozen=True)
class Found:
    """Where the words of a phrase were said."""

    places: tuple[int, ...]
    """Which words of the text, ascending, each once."""
    missing: tuple[str, ...]
    """Words of the phrase that were not said."""
    in_order: float
    """Share of the words that were said whose order is that of the phrase, 0 to 1."""
    as_said: str | None = None
    """The stretch of the text, where the phrase stands there without a gap."""


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in any script: runs of letters, the marks that belong to them, and digits."""
    found: list[Word] = []
    start: int | None = None
    for place, char in enumerate(f"{text} "):
        inside = unicodedata.category(char)[0] in "LMN"
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            word = text[start:place]
            found.append(Word(start, place, fold(word) or word))
            start = None
    return tuple(found[:_MOST_WORDS])


@dataclass(frozen=True)
class Heard:
    """A text in which words are looked for."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return words_of(self.text)

    @cached_property
    def _places(self) -> dict[str, tuple[int, ...]]:
        return {}

    @cached_property
    def _joined(self) -> str:
        return "".join(word.norm for word in self.words)

    def find(self, phrase: str) -> Found:
        """Look for the words of a phrase, as they stand or in another form."""
        asked = [word.norm for word in words_of(phrase)]
        norms = [word.norm for word in self.words]
        if len(asked) > len(norms) + _BEYOND_THE_TEXT:
            return Found((), tuple(asked), 0.0)
        begin = _run(norms, asked)
        if begin is not None:
            places = tuple(range(begin, begin + len(asked)))
            return Found(places, (), 1.0, self.between(places))
        if len(asked) > _LONGEST_LOOSE:
            return Found((), tuple(asked), 0.0)
        pairs = _aligned([self._alike(word) for word in asked])
        rest = [word for place, word in enumerate(asked) if place not in dict(pairs)]
        taken = {place for _, place in pairs}
        elsewhere, missing = set[int](), list[str]()
        for word in rest:
            place = next((p for p in self._alike(word) if p not in taken and p not in elsewhere), None)
            if place is not None:
                elsewhere.add(place)
            elif not (_is_unspaced(word) and word in self._joined):
                missing.append(word)
        said = len(asked) - len(missing)
        return Found(
            tuple(sorted(taken | elsewhere)),
            tuple(missing),
            (said - len(elsewhere)) / said if said else 0.0,
        )

    def _alike(self, word: str) -> tuple[int, ...]:
        """The places of words like this one, ascending."""
        if word not in self._places:
            self._places[word] = tuple(place for place, other in enumerate(self.words) if alike(word, other.norm))
        return self._places[word]

    def between(self, places: Sequence[int]) -> str:
        """The text from the first of these words to the last."""
        return tidy(self.text[self.words[places[0]].start : self.words[places[-1]].end]) if places else ""

    def cleaned(self, phrase: str) -> str:
        """A phrase without characters that are neither letters nor harmless nor in the text; no control characters."""
        allowed = _HARMLESS.union(self.text)
        kept = "".join(
            char if unicodedata.category(char)[0] in "LMN" or (char in allowed and char.isprintable()) else " "
            for char in phrase
        )
        return tidy(kept)


def _run(norms: Sequence[str], asked: Sequence[str]) -> int | None:
    """Where the asked words stand one behind the other."""
    size = len(asked)
    if not size:
        return None
    return next((b for b in range(len(norms) - size + 1) if list(norms[b : b + size]) == list(asked)), None)


def _aligned(places: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The most pairs of a word asked for and a place that are in order in both (Hunt and Szymanski, 1977).

    Args:
        places: For each word asked for, where it may stand, ascending.
    """
    ends = list[int]()
    chains = list[_Chain]()
    for asked, found in enumerate(places):
        for place in reversed(found):
            at = bisect_left(ends, place)
            chain = _Chain(asked, place, chains[at - 1] if at else None)
            if at == len(ends):
                ends.append(place)
                chains.append(chain)
            else:
                ends[at], chains[at] = place, chain
    pairs, link = list[tuple[int, int]](), chains[-1] if chains else None
    while link is not None:
        pairs.append((link.asked, link.place))
        link = link.before
    return pairs[::-1]


class _Chain(NamedTuple):
    asked: int
    place: int
    before: _Chain | None


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two words are the same, forms of one, or heard alike; numbers only when they are the same."""
    if one == other:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    if min(len(one), len(other)) >= _SHORTEST_FUZZY and fuzz.ratio(one, other, score_cutoff=ALIKE):
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _SHORTEST_STEM and longer.startswith(shorter) and len(longer) - len(shorter) <= _LONGEST_ENDING:
        return True
    key = sound_key(plain(one))
    likeness = _ALIKE_WHEN_HEARD_ALIKE if len(key) >= _SHORTEST_SOUND else ALIKE
    return key == sound_key(plain(other)) and fuzz.ratio(one, other) >= likeness


def _is_unspaced(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith(_UNSPACED)
