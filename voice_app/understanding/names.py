"""Which of the speaker's own names was meant, by spelling and by sound."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from voice_app.understanding.text import fold

SURE_SCORE = 0.82
"""From here on a name counts as the one that was said."""
NEAR_SCORE = 0.6
"""From here on a name is offered as an alternative."""
_SHORTEST_KEY = 3
_GROUPS = (
    (re.compile(r"sch|sh|ch|tch|cz|sz|ж|ш|щ|ч"), "x"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"gh(?=[^aeiou]|$)"), ""),
    (re.compile(r"ck|cc|qu|q"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"th|dt"), "t"),
    (re.compile(r"^(kn|gn|wr|ps)"), lambda match: match[0][1]),
    (re.compile(r"x"), "x"),
)
_LETTERS = str.maketrans(
    {
        "c": "k",
        "g": "k",
        "d": "t",
        "b": "p",
        "v": "f",
        "w": "",
        "h": "",
        "z": "s",
        "j": "y",
        "п": "п",
        "б": "п",
        "д": "т",
        "г": "к",
        "в": "ф",
        "з": "с",
    }
)
_VOWELS = re.compile(r"[aeiouyаеиоуыэюя ]+")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name of the speaker's own, and how well it fits what was said, 0 to 1."""

    name: str
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken without asking."""
        return self.score >= SURE_SCORE


@functools.lru_cache(maxsize=4096)
def sound_key(phrase: str) -> str:
    """The consonants of a phrase as they are heard: "grow series" and "Groceries" have the same."""
    key = "".join(char for char in fold(phrase) if char.isalpha())
    for pattern, heard in _GROUPS:
        key = pattern.sub(heard, key)
    first, rest = key[:1], key[1:]
    first = "a" if _VOWELS.match(first) else first.translate(_LETTERS)
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", rest).translate(_LETTERS))


@functools.lru_cache(maxsize=8192)
def likeness(said: str, name: str) -> float:
    """How alike a phrase and a name are, 0 to 1, by letters or by sound, whichever is more."""
    left, right = fold(said), fold(name)
    if left == right:
        return 1.0
    close, far = fuzz.ratio(left, right) / 100, fuzz.token_sort_ratio(said.lower(), name.lower()) / 100
    score = max(close, far * 0.98)
    if left in right.split() and len(left) >= _SHORTEST_KEY:
        score = max(score, 0.9)
    key, other = sound_key(said), sound_key(name)
    if min(len(key), len(other)) >= _SHORTEST_KEY:
        heard = fuzz.ratio(key, other) / 100
        score = max(score, 0.5 * heard + 0.45 * max(close, 0.5) + (0.05 if heard == 1.0 else 0.0))
        if heard == 1.0 and close > NEAR_SCORE:
            score = max(score, 0.9)
    return score


def rank_names(said: str, names: Iterable[str]) -> list[NameMatch]:
    """The names that may be meant, best first."""
    found = [NameMatch(name, likeness(said, name)) for name in names]
    return sorted((match for match in found if match.score >= NEAR_SCORE), key=lambda match: -match.score)


def best_name(said: str, names: Sequence[str]) -> NameMatch | None:
    """The name that was surely meant, if one was and no other fits as well."""
    ranked = rank_names(said, names)
    if not ranked or not ranked[0].is_sure:
        return None
    if len(ranked) > 1 and ranked[1].score > ranked[0].score - 0.02 and ranked[0].score < 1.0:
        return None
    return ranked[0]
