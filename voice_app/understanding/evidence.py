"""What the statistical model looks at: the words of a clause, their letters, and what the rules made of them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32 as _crc32

from voice_app.understanding.clauses import Clause
from voice_app.understanding.units import MARK, NUMBER, TIME

BUCKETS = 1 << 16
"""Features are hashed into so many places; a power of two."""
_LAST_BUCKET = BUCKETS - 1
_LETTERS = (3, 4, 5)
_MOST_WORDS = 60
_TIME_WORD, _NUMBER_WORD = "<t>", "<n>"
"""Stand for every time and every number: which one it is says nothing about the intent."""

Evidence = tuple[list[int], list[int], list[int]]
"""Places of words, of letters and of tags; each group counts as much as the others, however long it is."""


def evidence_of(clause: Clause, line: str, frame: str) -> Evidence:
    """The features of a clause.

    Args:
        clause: With its words and units.
        line: Its tags, as :func:`voice_app.understanding.units.symbols` draws them.
        frame: The name of the frame that fits it.
    """
    words = _words(clause)[:_MOST_WORDS]
    letters = [place for word in words for place in _letter_places(word)]
    return _hashed(_word_features(words)), letters, _tag_places(line, frame)


def _words(clause: Clause) -> list[str]:
    found = []
    for unit in clause.units:
        if unit.tag == TIME:
            found.append(_TIME_WORD)
        elif unit.tag == NUMBER:
            found.append(_NUMBER_WORD)
        elif unit.tag != MARK:
            found += [token.norm for token in clause.tokens[unit.first : unit.last]]
    return found


def _word_features(words: Sequence[str]) -> Iterable[str]:
    yield from ("w" + word for word in words)
    yield from (f"b{left} {right}" for left, right in pairwise(["^", *words, "$"]))


@functools.lru_cache(maxsize=8192)
def _letter_places(word: str) -> tuple[int, ...]:
    """The places of the letters of a word; most words that are said were said before."""
    if word.startswith("<"):
        return ()
    padded = f" {word} "
    return tuple(_hashed(padded[place : place + size] for size in _LETTERS for place in range(len(padded) - size + 1)))


@functools.lru_cache(maxsize=2048)
def _tag_places(line: str, frame: str) -> list[int]:
    return _hashed(_tag_features(line, frame))


def _tag_features(line: str, frame: str) -> Iterable[str]:
    tags = ["^", *line.split(), "$"]
    yield "f" + frame
    yield "l" + line
    yield from ("t" + tag for tag in set(tags))
    yield from (f"p{left} {right}" for left, right in pairwise(tags))
    yield from (f"r{a} {b} {c}" for a, b, c in zip(tags, tags[1:], tags[2:], strict=False))


def _hashed(features: Iterable[str]) -> list[int]:
    return [_crc32(feature.encode()) & _LAST_BUCKET for feature in features]
