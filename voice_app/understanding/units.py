"""What each stretch of an utterance is: a verb of command, a noun of lists, a time, or words of the speaker's own."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from voice_app.understanding.lexicon import END, Lexicon, Node
from voice_app.understanding.text import MARKS, MAX_CHARACTERS, Token

FREE = "x"
"""The tag of words that no table knows: the stuff that titles are made of."""
TIME, NUMBER, PART, MARK = "time", "num", "part", "mark"
FINAL = "final"
"""Marks a command that stands last in its sentence ("Milch kaufen und Brot abhaken")."""
CLITIC = "clitic"
"""Marks a command that has what it is about hanging on its verb ("bórrala", delete it)."""
BEHIND_VERB = "behind verb"
"""Marks a joint that stands behind such a verb, when the words behind it have a verb of their own."""
WRAPPING = frozenset({"wrap", "filler", "and", "repair", TIME, MARK, "thanks"})
"""What may stand before a command without being one."""
_WRAPPED_OR_WANTED = WRAPPING | {"want"}
_UNSAID = frozenset({"filler", "wrap", "and", "repair", "thanks", MARK})
WANT, PUT, TIDY = "want", "put", "tidy"
"""What data files leave open: "I want" before a command is polite, else a wish; "put" is for lists and for lamps,
"clear" for lists and for rooms."""
DELETE, EMPTY = "delete", "empty"
"""To empty a list is to delete its tasks; it is drawn as both, since to delete a list is something else."""
_ABOUT_WORLD = frozenset({"topic", "world"})
_ABOUT_TASKS = frozenset({"list", "lists", "task", "tasks", "cal", "event", "events"})
_EMPTIED = frozenset({"list", "lists", "tasks", "cal", "events"})
_OWN_WORDS = frozenset({FREE, "act", "event", "topic", "world", "task", NUMBER})
_SETTLED = frozenset({"did", "have", WANT, PUT, TIDY, EMPTY})
"""Tags that the words behind them settle."""
_LOOKED_AT = 64
"""So many units behind such a word are looked at."""
_LONGEST_PHRASE = 9
MOST_WORDS = 96
"""Words and marks behind so many are no commands and no times: they belong to the last title."""


class Unit(NamedTuple):
    """A stretch of tokens that means one thing; ``first`` and ``last`` are places among the tokens, ``last`` behind."""

    tag: str
    first: int
    last: int
    tags: tuple[str, ...] = ()
    """All that the phrase can be, commands first."""
    leads: bool = False
    """It stands where a command can begin."""


class _Found(NamedTuple):
    end: int
    tags: tuple[str, ...]
    tail: tuple[int, int] | None = None


class _Told(NamedTuple):
    """What stands at a place, wherever the stretch before the next time or part of a verb ends behind ``reach``."""

    unit: Unit
    tail: tuple[int, int] | None
    reach: int


Seen = dict[tuple[int, bool], _Told]
"""What the same tokens were found to be before, by place and by whether a command can begin there."""


def _tail_place(tokens: Sequence[Token], tail: tuple[str, ...], start: int) -> tuple[int, int] | None:
    at_end = tail[-1] == END
    if at_end:
        tail = tail[:-1]
    size = len(tail)
    for place in range(start, min(len(tokens) - size, start + 24) + 1):
        norm = tokens[place].norm
        if norm in ".;?!\n":
            return None
        if (
            (not tail or norm == tail[0])
            and all(tokens[place + i].norm == word for i, word in enumerate(tail))
            and not (at_end and not _ends(tokens, place + size))
        ):
            return place, place + size
    return None


def _ends(tokens: Sequence[Token], place: int) -> bool:
    return place == len(tokens) or tokens[place].is_mark


def _longest(
    root: Node, tokens: Sequence[Token], start: int, lead: frozenset[str], *, lead_ok: bool, stop: int = MAX_CHARACTERS
) -> tuple[_Found | None, int]:
    """The longest phrase at a place, and the place up to which it was looked for.

    A phrase with a gap wins over the same words without.
    """
    nodes, best, split = root.step(tokens[start].norm), None, None
    reach = start + 1
    if not nodes:
        return None, reach
    for position in range(start, min(start + _LONGEST_PHRASE, len(tokens), stop)):
        reach = position + 1
        if position > start:
            norm = tokens[position].norm
            if norm == ",":
                continue
            nodes = nodes[0].step(norm) if len(nodes) == 1 else [after for node in nodes for after in node.step(norm)]
        if not nodes:
            break
        tags = nodes[0].tags if len(nodes) == 1 else [tag for node in nodes for tag in node.tags]
        if tags and not lead_ok:
            tags = [tag for tag in tags if tag not in lead]
        if tags:
            best = _Found(position + 1, tuple(tags))
        if lead_ok:
            split = _parted(nodes, tokens, position + 1, split)
    if split is not None and (best is None or best.end <= split.end):
        return split, reach
    return best, reach


def _parted(nodes: Sequence[Node], tokens: Sequence[Token], end: int, split: _Found | None) -> _Found | None:
    """The verb whose first part ends at a place, with the longest second part behind it; else what was found before."""
    for node in nodes:
        for tail, tag in node.tails:
            place = _tail_place(tokens, tail, end)
            if place is not None and place[0] > end and _width(place) >= _width(split and split.tail):
                split = _Found(end, (tag,), place)
    return split


def _width(tail: tuple[int, int] | None) -> int:
    return tail[1] - tail[0] if tail is not None else 0


def _suffix_tag(word: str, lexicon: Lexicon) -> str | None:
    if not word.endswith(lexicon.endings):
        return None
    for ending, tag in lexicon.suffixes:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return tag
    return None


def _timed(tokens: Sequence[Token], times: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The places of words that tell a time, each with the place behind the last word of the same time."""
    starts = [token.start for token in tokens] if times else []
    found: dict[int, int] = {}
    for start, end in times:
        last = bisect.bisect_left(starts, end)
        for place in range(bisect.bisect_left(starts, start), last):
            found.setdefault(place, last)
    return found


def tag_units(
    tokens: Sequence[Token],
    lexicon: Lexicon,
    times: Sequence[tuple[int, int]],
    *,
    named: int = 0,
    seen: Seen | None = None,
) -> list[Unit]:
    """Cut tokens into units.

    Args:
        tokens: The words of the utterance.
        lexicon: Of its language.
        times: Stretches of the text that tell a time.
        named: So many words at the beginning name a list of the speaker's own.
        seen: What was found out about the same tokens before; it is read and added to.
    """
    units: list[Unit] = []
    parts: dict[int, int] = {}
    place, at_lead = 0, True
    seen = {} if seen is None else seen
    timed = _timed(tokens, times)
    begins = sorted(timed)
    while place < len(tokens):
        token = tokens[place]
        if place < named:
            unit = Unit("list", 0, named)
        elif place in parts:
            unit = Unit(PART, place, parts[place])
        elif token.norm in MARKS:
            unit = Unit(MARK, place, place + 1)
        elif place in timed:
            unit = Unit(TIME, place, timed[place])
        else:
            after = bisect.bisect_right(begins, place) if begins else 0
            stop = begins[after] if after < len(begins) else len(tokens)
            stop = min([stop, *(part for part in parts if part > place)]) if parts else stop
            told = _told(tokens, place, lexicon, seen, at_lead=at_lead, stop=stop)
            unit = told.unit
            if told.tail is not None:
                parts[told.tail[0]] = told.tail[1]
        units.append(unit)
        place = unit.last
        wrapped = unit.tag in _WRAPPED_OR_WANTED and (unit.tag != MARK or token.norm not in "#@")
        at_lead = (wrapped and (at_lead or _opens(unit))) or (unit.tag in {"list", "cal"} and _is_place(units))
    if lexicon.verb_final:
        sentences = _parts_with_verbs(units, tokens, lexicon)
        units = [unit for part in sentences for unit in _with_final_verb(part, tokens, lexicon)]
    return _settled(units, lexicon, asked=bool(tokens) and tokens[-1].norm == "?")


def _told(tokens: Sequence[Token], place: int, lexicon: Lexicon, seen: Seen, *, at_lead: bool, stop: int) -> _Told:
    """What stands at a place, from what was seen before where that still holds."""
    if place >= MOST_WORDS:
        return _Told(Unit(FREE, place, place + 1), None, place)
    told = seen.get((place, at_lead))
    if told is None or stop < told.reach:
        told = _word_unit(tokens, place, lexicon, at_lead=at_lead, stop=stop)
        if told.reach < stop or stop == len(tokens):
            seen[place, at_lead] = told
    return told


def _settled(units: list[Unit], lexicon: Lexicon, *, asked: bool) -> list[Unit]:
    """The units with each "want" and "put", and what was done when it is asked, made what the words behind it say."""
    for index, unit in enumerate(units):
        if unit.tag not in _SETTLED:
            continue
        rest = units[index + 1 : index + _LOOKED_AT]
        if unit.tag in {"did", "have"}:
            if not asked or any(_commands(other, units, lexicon) for other in rest):
                continue
            units[index] = _as(unit, "askdid" if unit.tag == "did" else "ask")
        elif unit.tag == WANT:
            after = next((other for other in rest if other.tag not in WRAPPING), None)
            units[index] = _as(unit, "wrap" if after is not None and _commands(after, units, lexicon) else "wish")
        elif unit.tag == PUT:
            tags = {other.tag for other in (units if FINAL in unit.tags else rest)}
            units[index] = _as(unit, "world" if tags & _ABOUT_WORLD and not tags & _ABOUT_TASKS else "add")
        elif unit.tag == TIDY:
            units[index] = _tidied(unit, rest)
        elif unit.tag == EMPTY:
            units[index] = Unit(DELETE, unit.first, unit.last, (DELETE, EMPTY), leads=unit.leads)
    return units


def _tidied(unit: Unit, rest: Sequence[Unit]) -> Unit:
    """A verb for lists and for rooms, as which of the two the words behind it say."""
    clause = list(itertools.takewhile(lambda other: other.tag not in {"and", "repair"}, rest))
    about = next((other.tag for other in clause if other.tag in _OWN_WORDS | _EMPTIED), None)
    emptied = about in {None, "event", "task"} or any(other.tag in _EMPTIED for other in clause)
    if emptied and clause:
        return Unit(DELETE, unit.first, unit.last, (DELETE, EMPTY), leads=unit.leads)
    return Unit("act", unit.first, unit.last, ("act",), leads=unit.leads)


def _commands(unit: Unit, units: Sequence[Unit], lexicon: Lexicon) -> bool:
    """Whether a verb is said to the program; one that is also something to do needs a word of tasks beside it."""
    if not unit.leads or unit.tag not in lexicon.lead:
        return False
    return "act" not in unit.tags or any(other.tag in _ABOUT_TASKS for other in units)


def _as(unit: Unit, tag: str) -> Unit:
    return Unit(tag, unit.first, unit.last, (tag, *unit.tags[1:]), leads=unit.leads)


_PLACE = WRAPPING | {"into", "from", "for", "det", "my", "list", "cal"}


def _is_place(units: Sequence[Unit]) -> bool:
    """Whether all that was said is a list, behind which a command may begin: "on the shopping list put milk"."""
    return all(unit.tag in _PLACE for unit in units)


def _opens(unit: Unit) -> bool:
    """Whether a command may begin behind the unit, wherever it stands."""
    return unit.tag in {"and", MARK, "repair", "wrap", WANT}


def _word_unit(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, at_lead: bool, stop: int) -> _Told:
    found, reach = _longest(lexicon.phrases, tokens, place, lexicon.lead, lead_ok=at_lead, stop=stop)
    hanging = _with_clitic(tokens[place].norm, lexicon) if at_lead and lexicon.clitics else ()
    if hanging and (found is None or (found.end == place + 1 and {*hanging} & {*found.tags})):
        return _Told(Unit(hanging[0], place, place + 1, (*hanging, CLITIC), leads=True), None, reach)
    if found is not None:
        tags = found.tags
        if len(tags) > 1:
            tags = tuple(sorted(tags, key=lambda tag: _rank(tag, lexicon, at_lead=at_lead)))
        return _Told(Unit(tags[0], place, found.end, tags, leads=at_lead), found.tail, reach)
    norm = tokens[place].norm
    if norm[0].isdigit():
        return _Told(Unit(NUMBER, place, place + 1), None, reach)
    tag = _suffix_tag(norm, lexicon)
    return _Told(Unit(tag or FREE, place, place + 1, (tag,) if tag else ()), None, reach)


def _with_clitic(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The tags of a verb of command that "it" hangs on."""
    for clitic in lexicon.clitics:
        if not word.endswith(clitic):
            continue
        stem = word.removesuffix(clitic)
        tags = [tag for node in lexicon.phrases.step(stem) for tag in node.tags if tag in lexicon.lead]
        if tags:
            return tuple(tags)
    return ()


def _rank(tag: str, lexicon: Lexicon, *, at_lead: bool) -> int:
    """Where a command can begin, commands come first and things to do next; elsewhere these come last."""
    if tag == "act":
        return 1 if at_lead else 3
    return 0 if tag in lexicon.lead else 2


def _final(unit: Unit, tags: tuple[str, ...]) -> Unit:
    return Unit(tags[0], unit.first, unit.last, (*tags, FINAL), leads=True)


_NOT_FINAL = frozenset({"ask", "askdid", "did", "have", "wish"})
"""Said before a verb at the end, these make it no command."""
_BEHIND_FINAL = WRAPPING | {"into", "from", "my", "det", "list", "cal"}
"""What may follow a verb at the end: "Milch hinzufügen zu meiner Liste"."""


def _parts_with_verbs(units: list[Unit], tokens: Sequence[Token], lexicon: Lexicon) -> list[list[Unit]]:
    """Cut behind each verb or what was done that a joint follows and another verb.

    As in "Milch kaufen | und den Bericht abhaken", "die ersten sind erledigt, | die dritte auf Montag verschieben".
    """
    parts, begin = list[list[Unit]](), 0
    for index in range(1, len(units)):
        joint = units[index]
        if joint.tag not in {"and", MARK} or units[index - 1].tag in {"and", MARK}:
            continue
        is_told = units[index - 1].tag == "doneas" or _final_verb(units[begin:index], tokens, lexicon) is not None
        if is_told and _final_verb(units[index:], tokens, lexicon) is not None:
            units[index] = Unit(joint.tag, joint.first, joint.last, (joint.tag, BEHIND_VERB))
            parts.append(units[begin:index])
            begin = index
    return [*parts, units[begin:]]


def _with_final_verb(units: list[Unit], tokens: Sequence[Token], lexicon: Lexicon) -> list[Unit]:
    """In a language that puts the verb last, the last free word may be the command."""
    if any(unit.tag in _NOT_FINAL for unit in units):
        return units
    leading = [index for index, unit in enumerate(units) if unit.leads and unit.tag in lexicon.lead]
    if leading:
        place = leading[0]
        if place and place == len(units) - 1 and units[0].tag in _PLACE:
            units[place] = _final(units[place], units[place].tags)
        return units
    found = _final_verb(units, tokens, lexicon)
    if found is not None:
        place, tags = found
        units[place] = _final(units[place], tags)
    return units


def _final_verb(units: Sequence[Unit], tokens: Sequence[Token], lexicon: Lexicon) -> tuple[int, tuple[str, ...]] | None:
    """The last word that says something, with its tags, when it is a verb and words stand before it."""
    index = next((i for i in range(len(units) - 1, 0, -1) if units[i].tag not in _BEHIND_FINAL), 0)
    if not any(unit.tag not in {"and", MARK} for unit in units[:index]):
        return None
    unit = units[index]
    if unit.leads:
        return None
    words = tokens[unit.first : unit.last]
    found, _ = _longest(lexicon.phrases, words, 0, lexicon.lead, lead_ok=True)
    if found is None or found.end != len(words):
        return (index, unit.tags) if unit.tags[:1] == ("act",) else None
    return (index, found.tags) if found.tags[0] in lexicon.lead or found.tags[0] == "act" else None


def symbols(units: Sequence[Unit]) -> str:
    """The units as one line of tags between spaces, runs of free words drawn together: what frames are matched on."""
    line = [" "]
    before = ""
    for unit in sorted(units, key=lambda unit: FINAL not in unit.tags):
        tag = unit.tag
        if tag in _UNSAID or (tag == FREE and before == FREE):
            continue
        line.append(tag + " ")
        if EMPTY in unit.tags:
            line.append(EMPTY + " ")
        if CLITIC in unit.tags:
            line.append("pron ")
        before = tag
    return "".join(line)
