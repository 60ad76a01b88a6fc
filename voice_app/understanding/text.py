"""Words with their place in the text, and one spelling for comparing them."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

MAX_CHARACTERS = 2_000
"""What lies behind this is not read: nobody says so much in one breath."""

_APOSTROPHES = "'’ʼ`´‘"
_JOINED = re.compile(
    rf"\d+(?:[.:,/]\d+)*|[^\W\d_]+(?:\s[{_APOSTROPHES}]\s(?:s|t|m|re|ve|ll|d)\b|[{_APOSTROPHES}][^\W\d_]+)*|[.,;:?!#@\n]"
)
_SPLIT = re.compile(rf"\d+(?:[.:,/]\d+)*|[^\W\d_]+[{_APOSTROPHES}]?|[.,;:?!#@\n]")
_DROPPED = str.maketrans("", "", _APOSTROPHES + " ")
_SPECIAL = str.maketrans({"ß": "ss", "ё": "е", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})


class Token(NamedTuple):
    """A word, a number or a mark; ``start`` and ``end`` are places in the text."""

    start: int
    end: int
    norm: str
    """The spelling to compare: lower case, without accents and apostrophes."""

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return self.norm in MARKS


MARKS = frozenset(".,;:?!#@\n")


@functools.lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """One spelling for a word, however it is accented, capitalised or apostrophised."""
    lowered = word.lower().translate(_DROPPED).translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokenise(text: str, *, split_apostrophes: bool) -> list[Token]:
    """The words and marks of a text.

    Args:
        text: As heard or typed; only the first :data:`MAX_CHARACTERS` are read.
        split_apostrophes: Whether ``l'ami`` is two words (French, Italian) or one (``don't``).
    """
    pattern = _SPLIT if split_apostrophes else _JOINED
    found = pattern.finditer(text, 0, MAX_CHARACTERS)
    return [Token(*match.span(), fold(match[0]) or match[0]) for match in found]


def tidy(text: str) -> str:
    """The text with single spaces, and none before a comma or around its ends."""
    return re.sub(r"\s+([,;])", r"\1", " ".join(text.split())).strip(" ,;:-–—.!?")


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch made of spaces, so that all places stay."""
    return text[:start] + " " * (end - start) + text[end:]
