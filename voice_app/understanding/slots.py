"""Where a clause names a list, a priority, labels or a person, and which words say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks_app.intents import Priority
from voice_app.types import Vocabulary
from voice_app.understanding.clauses import Clause
from voice_app.understanding.lexicon import Lexicon, longest_match
from voice_app.understanding.names import best_name, rank_names
from voice_app.understanding.text import fold, tidy
from voice_app.understanding.units import FREE, MARK, PART, TIME, WRAPPING, Unit

PLACES = ("into", "from", "for")
_BEFORE = (*PLACES, PART)
"""What may stand before a list: "off" in "take the milk off the list" is the end of its verb."""
_NAME_TAGS = frozenset(
    {FREE, "num", "event", "act", "task", "tasks", "topic", "high", "events", "day", "ord", "left", "all"}
)
_THINGS = frozenset({FREE, "num", "event", "act", "task", "topic", "pron"})
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """A value with the units it was read from; ``known`` tells whether it is one of the speaker's own."""

    value: str
    said: str
    units: tuple[Unit, ...]
    known: bool = True
    near: tuple[str, ...] = ()
    """Own names that come close, when none fits surely."""


def words_between(clause: Clause, text: str, units: Sequence[Unit]) -> str:
    """The words of neighbouring units, as said."""
    if not units:
        return ""
    return tidy(text[clause.tokens[units[0].first].start : clause.tokens[units[-1].last - 1].end])


def matched(said: str, names: Sequence[str], units: tuple[Unit, ...]) -> Slot:
    """A said name as one of the speaker's own; when none fits, as said, with those that come near."""
    found = best_name(said, names)
    if found is not None:
        return Slot(found.name, said, units)
    near = tuple(match.name for match in rank_names(said, names)[:3])
    return Slot(said, said, units, known=not names, near=near)


def find_project(clause: Clause, text: str, lexicon: Lexicon, vocabulary: Vocabulary, *, bare: bool) -> Slot | None:
    """The list that is named: "onto my work list", "in the project garden", or an own name behind "to".

    Args:
        clause: Where to look.
        text: The repaired text of the utterance.
        lexicon: Of its language.
        vocabulary: The speaker's own names.
        bare: Whether a list without a word like "to" before it counts ("work list add milk").
    """
    for phrase in _list_phrases(clause.units, bare=bare):
        name = _name_of(clause, text, phrase, lexicon)
        if not name:
            return Slot("", words_between(clause, text, phrase), tuple(phrase))
        return matched(name, vocabulary.projects, tuple(phrase))
    hashed = _hashed(clause, text, "#", vocabulary.projects)
    if hashed is not None and not hashed.known and best_name(hashed.value, vocabulary.labels) is not None:
        hashed = None
    return hashed or _own_name(clause, text, vocabulary.projects)


def _list_phrases(units: Sequence[Unit], *, bare: bool) -> Iterator[list[Unit]]:
    """Stretches like ``into my x list x``: with their preposition first, or bare ones when these count."""
    lists = [index for index, unit in enumerate(units) if unit.tag in {"list", "lists"}]
    for index in reversed(lists):
        begin = index
        while begin and units[begin - 1].tag in _NAME_TAGS | {"det", "my", "pron"} and index - begin < _LONGEST_NAME:
            begin -= 1
        place = next((i for i in range(index - 1, begin - 2, -1) if i >= 0 and units[i].tag in _BEFORE), None)
        if place is None and not bare:
            place = _added_to(units, index)
            if place is None:
                continue
        start = place if place is not None else begin
        name = _named_after(units[index + 1 :])
        if not bare and not _has_more(units[:start], units[index + 1 + len(name) :]):
            name = []
        yield [*units[start : index + 1], *name]


def _has_more(before: Sequence[Unit], after: Sequence[Unit]) -> bool:
    """Whether a thing stands outside a list, so that what stands behind the list may be its name."""
    return any(unit.tag in _THINGS for unit in (*before, *after))


def _added_to(units: Sequence[Unit], index: int) -> int | None:
    """Where a list begins that is named without "to", as in "add milk the list": at its article, behind a thing."""
    lead = next((unit.tag for unit in units if unit.tag not in WRAPPING), "")
    place = next((i for i in range(index - 1, 0, -1) if units[i].tag in {"det", "my"}), None)
    if lead != "add" or place is None or not any(unit.tag in {FREE, "act"} for unit in units[1:place]):
        return None
    return place


def _named_after(units: Sequence[Unit]) -> list[Unit]:
    """The name behind its noun: "the list called garden", "project garden"."""
    found = list[Unit]()
    for unit in units[:_LONGEST_NAME]:
        if unit.tag not in {FREE, "num", "event", "act", "topic"} and not (unit.tag == "called" and not found):
            break
        found.append(unit)
    return found if any(unit.tag != "called" for unit in found) else []


def _name_of(clause: Clause, text: str, phrase: Sequence[Unit], lexicon: Lexicon) -> str:
    inner = [unit for unit in phrase if unit.tag not in {*_BEFORE, "det", "my", "called", "pron"}]
    position = next(index for index, unit in enumerate(inner) if unit.tag in {"list", "lists"})
    after, noun = inner[position + 1 :], inner[position]
    if after:
        return words_between(clause, text, after)
    said = _without_article(words_between(clause, text, inner[: position + 1]), lexicon)
    folded = " ".join(token.norm for token in clause.tokens[inner[0].first : noun.last])
    if folded in lexicon.generic_names:
        return ""
    last = text[clause.tokens[noun.last - 1].start : clause.tokens[noun.last - 1].end]
    shorter = tidy(said.removesuffix(last))
    if shorter and fold(last) in lexicon.list_nouns:
        return "" if fold(shorter.replace("-", " ")) in lexicon.generic_names else shorter
    return "" if fold(said) in lexicon.list_nouns else said


def _without_article(name: str, lexicon: Lexicon) -> str:
    """As in "the weekend project", where "the weekend" is one phrase."""
    first, _, rest = name.partition(" ")
    is_article = bool(rest) and not {"det", "my"}.isdisjoint(longest_match(lexicon.phrases, [fold(first)], 0)[1])
    return rest if is_article else name


def _hashed(clause: Clause, text: str, mark: str, names: Sequence[str]) -> Slot | None:
    for unit, after in zip(clause.units, clause.units[1:], strict=False):
        if unit.tag == MARK and clause.tokens[unit.first].norm == mark:
            return matched(words_between(clause, text, [after]), names, (unit, after))
    return None


def _own_name(clause: Clause, text: str, names: Sequence[str]) -> Slot | None:
    """An own list behind a preposition, at the end or before a time: "add milk to groceries"."""
    if not names:
        return None
    units = clause.units
    for index in range(len(units) - 1, 0, -1):
        if units[index].tag not in _BEFORE:
            continue
        after = []
        for unit in units[index + 1 : index + 1 + _LONGEST_NAME]:
            if unit.tag == TIME or unit.tag in WRAPPING:
                break
            after.append(unit)
        inner = [unit for unit in after if unit.tag not in {"det", "my"}]
        found = best_name(words_between(clause, text, inner), names) if inner else None
        if found is not None:
            said = words_between(clause, text, after)
            return Slot(found.name, said, (units[index], *after))
    return None


def find_labels(clause: Clause, text: str, vocabulary: Vocabulary) -> list[Slot]:
    """Labels: "@errand", "tagged urgent and home", "with the label errand"."""
    found = list[Slot]()
    for mark in "@#":
        hashed = _hashed(clause, text, mark, vocabulary.labels)
        if hashed is not None and (mark == "@" or (hashed.known and vocabulary.labels)):
            found.append(hashed)
    for index, unit in enumerate(clause.units):
        if unit.tag != "tags":
            continue
        begin = index
        while begin and clause.units[begin - 1].tag in {"for", "det", "into", "my", "and"}:
            begin -= 1
        name = [u for u in clause.units[index + 1 : index + 3] if u.tag not in {*PLACES, "det", "my", TIME, MARK}][:1]
        if name:
            slot = matched(
                words_between(clause, text, name), vocabulary.labels, (*clause.units[begin : index + 1], *name)
            )
            found.append(slot)
    return found


def find_priority(clause: Clause, text: str, lexicon: Lexicon) -> tuple[Priority, str, tuple[int, int]] | None:
    """A priority at the edge of a clause, or in two words or more anywhere, with its place in the text."""
    root = lexicon.tables["priority"]
    words = [token.norm for token in clause.tokens]
    for place, word in enumerate(words):
        if not root.step(word):
            continue
        end, tags = longest_match(root, words, place)
        if end == place:
            continue
        at_edge = (
            place == 0
            or end == len(words)
            or clause.tokens[place - 1].is_mark
            or (end < len(words) and clause.tokens[end].is_mark)
        )
        before_noun = any(unit.first == end and unit.tag in {"task", "tasks", "list"} for unit in clause.units)
        if end - place > 1 or at_edge or before_noun:
            start, stop = clause.tokens[place].start, clause.tokens[end - 1].end
            return Priority(tags[0]), tidy(text[start:stop]), (start, stop)
    return None


def find_person(clause: Clause, text: str, vocabulary: Vocabulary, after: frozenset[str]) -> Slot | None:
    """Who shall do it: the words behind the last preposition, matched to the people the speaker knows."""
    units = clause.units
    for index in range(len(units) - 1, -1, -1):
        if units[index].tag in after:
            name = []
            for unit in units[index + 1 :]:
                if unit.tag == TIME or unit.tag in {"into", "for", "and", MARK, "wrap"}:
                    break
                name.append(unit)
            inner = [unit for unit in name if unit.tag != "det"]
            if inner:
                return matched(words_between(clause, text, inner), vocabulary.people, (units[index], *name))
    return _person_in_front(clause, text, vocabulary)


def _person_in_front(clause: Clause, text: str, vocabulary: Vocabulary) -> Slot | None:
    """As in "Anna should handle the invoice" or "let Anna do it": all up to the name is not the task."""
    for index, unit in enumerate(clause.units[:4]):
        found = best_name(words_between(clause, text, [unit]), vocabulary.people) if unit.tag == FREE else None
        if found is not None:
            return Slot(found.name, words_between(clause, text, [unit]), clause.units[: index + 1])
    return None


def filter_tags(clause: Clause, lexicon: Lexicon) -> set[str]:
    """Which of the language's filter words (overdue, done, all, last, ...) the clause holds."""
    root = lexicon.tables["filters"]
    timed = {place for unit in clause.units if unit.tag == TIME for place in range(unit.first, unit.last)}
    words = ["" if place in timed else token.norm for place, token in enumerate(clause.tokens)]
    found, place = set[str](), 0
    while place < len(words):
        if root.step(words[place]):
            end, tags = longest_match(root, words, place)
            found.update(tags)
            place = max(end, place + 1)
        else:
            place += 1
    return found
