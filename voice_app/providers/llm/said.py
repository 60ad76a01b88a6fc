"""Whether words were said, and where: what a model points at is looked for in what was heard."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

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
        pairs = _aligned(asked, norms)
        rest = [word for place, word in enumerate(asked) if place not in dict(pairs)]
        taken = {place for _, place in pairs}
        elsewhere, missing = set[int](), list[str]()
        for word in rest:
            place = next((p for p, norm in enumerate(norms) if p not in taken | elsewhere and alike(word, norm)), None)
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


def _aligned(asked: Sequence[str], norms: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run of pairs of alike words that is in order in both (longest common subsequence)."""
    rows, columns = len(asked), len(norms)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            if alike(asked[row], norms[column]):
                best[row][column] = best[row + 1][column + 1] + 1
            else:
                best[row][column] = max(best[row + 1][column], best[row][column + 1])
    pairs, row, column = list[tuple[int, int]](), 0, 0
    while row < rows and column < columns:
        if alike(asked[row], norms[column]):
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row + 1][column] >= best[row][column + 1]:
            row += 1
        else:
            column += 1
    return pairs


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
