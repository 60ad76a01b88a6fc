"""What a person means by a spoken phrase: which of their own tasks or projects. Pure, no database.

About half of all spoken commands arrive with a wrong word, and people name a task by what is special about it ("the
dentist thing"). So each word of the phrase looks for its best partner in a title, by letters, by ending and by sound;
a word that is rare among the person's titles counts more; and the best title is taken only when no other is close.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz

from tasks_app.phonetics import plain, sound_key

ACCEPT = 0.62
"""From here a title is what was meant: one content word in three may be wrong, or the only one misheard."""
MARGIN = 0.12
"""Closer ones than this to the best are as likely: the person is asked. A whole content word more or less moves the
score by more, a difference in spelling by less."""
NEAR = 0.4
"""From here a title is worth naming when nothing was found."""
MAX_CHOICES = 5
MAX_NEAR_MISSES = 3

_SAME_STEM, _SAME_START, _SAME_SOUND = 0.97, 0.9, 0.86
_SAME_LETTERS = 0.95
_LOOKS_ALIKE_FROM = 0.7
_MIN_LENGTH_FOR_START = 4
_MIN_LENGTH_FOR_SOUND = 2
_WEIGHT_OF_PHRASE = 0.8
"""The rest is how much of the title was said: it decides between titles that hold the same words."""
_FILLER_WEIGHT = 0.08

_FILLERS = frozenset(
    plain(
        "a an the this that these those my our your his her its one ones thing things stuff task tasks todo item items "
        "entry reminder of for to about with on in at from and or please again "
        "der die das den dem des ein eine einen meine mein aufgabe ding sache zu zum zur mit von fur und "
        "le la les un une des ma mon mes tache chose truc de du au pour avec et "
        "el los las una mi mis tarea cosa del para con y il lo gli i uno mio mia compito cosa di da per e "
        "o os as um uma meu minha tarefa coisa do da com het een mijn taak ding van voor met en"
    ).split()
)
_SUFFIXES = ("'s", "ies", "ings", "ing", "ers", "er", "ed", "es", "s", "en", "y", "e")
_MIN_STEM = 3

_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st one 1",
            "second 2nd two 2",
            "third 3rd three 3",
            "fourth 4th four 4",
            "fifth 5th five 5",
            "sixth 6th six 6",
            "seventh 7th seven 7",
            "eighth 8th eight 8",
            "ninth 9th nine 9",
            "tenth 10th ten 10",
        )
    )
    for word in words.split()
}
_DIGITS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
"""A recogniser writes numbers in either way."""
_LAST = frozenset({"last", "bottom", "final"})
_TOP = frozenset({"top"})
_AROUND_AN_ORDINAL = frozenset({
    "the", "a", "one", "ones", "number", "no", "task", "item", "option", "choice", "please", "thing", "entry", "on",
    "in", "of", "my", "list", "it", "is",
})  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Something of the person's that a phrase may mean."""

    id: UUID
    title: str
    due: str | None = None
    """In wire form; for telling alike titles apart."""
    order: int = 0
    """0 is the one touched last; breaks ties in what is shown."""


@dataclass(frozen=True)
class Match:
    """A candidate with how well the phrase fits it, 0 to 1."""

    candidate: Candidate
    score: float


class ResolutionKind(StrEnum):
    """How many were meant, as far as one can tell."""

    ONE = "one"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True)
class Resolution:
    """What a phrase means, best first."""

    kind: ResolutionKind
    matches: tuple[Match, ...]
    """The one; the ones to choose from; or near misses, which may be none."""

    @property
    def only(self) -> Candidate | None:
        """The candidate when there is exactly one."""
        return self.matches[0].candidate if self.kind is ResolutionKind.ONE else None


@dataclass(frozen=True)
class _Words:
    words: tuple[str, ...]
    joined: str


def rank(phrase: str, candidates: Sequence[Candidate]) -> list[Match]:
    """All candidates with their scores, best first; equal ones as they were touched."""
    titles = [_words_of(candidate.title) for candidate in candidates]
    frequency = Counter(_stem(word) for title in titles for word in set(title.words))
    asked = _words_of(phrase)
    matches = [
        Match(candidate, _score(asked, title, frequency, len(titles)))
        for candidate, title in zip(candidates, titles, strict=True)
    ]
    return sorted(matches, key=lambda match: (-match.score, match.candidate.order))


def resolve(phrase: str, candidates: Sequence[Candidate]) -> Resolution:
    """Decide whether a phrase means one candidate, one of several, or none of them."""
    ranked = rank(phrase, candidates)
    accepted = [match for match in ranked if match.score >= ACCEPT]
    if not accepted:
        near = tuple(match for match in ranked if match.score >= NEAR)[:MAX_NEAR_MISSES]
        return Resolution(ResolutionKind.NONE, near)
    exact = [match for match in accepted if _words_of(match.candidate.title) == _words_of(phrase)]
    close = exact or [match for match in accepted if match.score > accepted[0].score - MARGIN]
    if len(close) == 1:
        return Resolution(ResolutionKind.ONE, tuple(close))
    return Resolution(ResolutionKind.SEVERAL, tuple(close[:MAX_CHOICES]))


def find_all(phrase: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Every candidate that a phrase for many may mean ("all milk tasks"), best first."""
    return [match.candidate for match in rank(phrase, candidates) if match.score >= ACCEPT]


def pick_by_ordinal(phrase: str, length: int) -> int | None:
    """The place in a list of ``length`` that a phrase such as "the second one" or "number 3" names.

    Returns:
        An index from 0, or None when the phrase names no place or one outside of the list.
    """
    words = re.findall(r"\w+", plain(phrase))
    telling = [word for word in words if word not in _AROUND_AN_ORDINAL or words == ["one"]]
    if words[-2:] == ["number", "one"] and not telling:
        telling = ["one"]
    if len(telling) != 1:
        return None
    word = telling[0]
    if word in _LAST:
        return length - 1 if length else None
    place = 0 if word in _TOP else _ORDINALS.get(word, length)
    return place if place < length else None


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> _Words:
    found = re.findall(r"[^\W_]+(?:['\u2019]s)?", plain(text))
    words = tuple(_DIGITS.get(word, word) for word in found)
    return _Words(words, "".join(words))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
            return word.removesuffix(suffix)
    return word


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > _MIN_STEM else word


def _is_same_frame(one: str, other: str) -> bool:
    """Whether short words differ in a vowel alone, as "mum" and "mom" do."""
    return len(one) == len(other) and one[0] == other[0] and one[-1] == other[-1]


def _score(asked: _Words, title: _Words, frequency: Counter[str], total: int) -> float:
    if not asked.words or not title.words:
        return 0.0
    if asked.words == title.words:
        return 1.0
    if _FILLERS.issuperset(asked.words):
        return 0.0
    said, total_said = 0.0, 0.0
    covered: dict[int, float] = {}
    for word in asked.words:
        best, partner = max((_likeness(word, other), -place) for place, other in enumerate(title.words))
        weight = _weight(title.words[-partner] if best >= _SAME_SOUND else word, frequency, total)
        said += weight * best
        total_said += weight
        covered[-partner] = max(covered.get(-partner, 0.0), best)
    weights = [_weight(word, frequency, total) for word in title.words]
    part = sum(weights[place] * best for place, best in covered.items()) / sum(weights)
    by_words = _WEIGHT_OF_PHRASE * said / total_said + (1 - _WEIGHT_OF_PHRASE) * part
    return min(0.999, max(by_words, _likeness_without_spaces(asked, title)))


def _weight(word: str, frequency: Counter[str], total: int) -> float:
    """How much a word tells: fillers nearly nothing, a word of many titles less than one of few."""
    if word in _FILLERS:
        return _FILLER_WEIGHT
    return 1.0 + math.log((1 + total) / (1 + frequency[_stem(word)])) / math.log(2 + total)


def _likeness_without_spaces(asked: _Words, title: _Words) -> float:
    """For words that were heard apart or together ("book shelf", "bookshelf"); strict, since it sees no words."""
    return _SAME_LETTERS * fuzz.ratio(asked.joined, title.joined, score_cutoff=80) / 100


@lru_cache(maxsize=200_000)
def _likeness(one: str, other: str) -> float:
    """How likely one word is the other: 1 for the same, 0 for nothing in common."""
    if one == other:
        return 1.0
    if one in _FILLERS or other in _FILLERS or one.isdigit() or other.isdigit():
        return 0.0
    if _stem(one) == _stem(other):
        return _SAME_STEM
    best = 0.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _MIN_LENGTH_FOR_START and longer.startswith(shorter):
        best = _SAME_START
    key, other_key = sound_key(_singular(one)), sound_key(_singular(other))
    if key == other_key and (len(key) >= _MIN_LENGTH_FOR_SOUND or _is_same_frame(one, other)):
        best = max(best, _SAME_SOUND)
    by_letters = fuzz.ratio(one, other) / 100
    by_sound = _SAME_SOUND * fuzz.ratio(key, other_key) / 100 if min(len(key), len(other_key)) > _MIN_STEM else 0.0
    alike = max(by_letters, by_sound)
    return max(best, alike if alike >= _LOOKS_ALIKE_FROM else 0.0)
