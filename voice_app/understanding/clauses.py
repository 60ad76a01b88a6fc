"""From an utterance to the clauses that each hold one command: fillers out, repairs made, the rest cut apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from voice_app.understanding.lexicon import Lexicon
from voice_app.understanding.navigation import joined
from voice_app.understanding.text import Token, blank
from voice_app.understanding.units import (
    BEHIND_VERB,
    FINAL,
    FREE,
    MARK,
    MOST_WORDS,
    NUMBER,
    PART,
    TIME,
    WRAPPING,
    Unit,
    tag_units,
)

COMMANDS = frozenset(
    {"add", "remind", "schedule", "note", "complete", "reopen", "delete", "change", "move", "rename", "assign", "new"}
)
"""Tags that open a clause of their own behind "and"."""
STATEMENTS = frozenset({"wish", "did", "undo", "snooze"})
CONTENT = frozenset({FREE, NUMBER, "event", "act", "list", "task", "topic", "high"})
_TO_DO = frozenset({"remind", "wish", "act"})
"""What is said behind these is something to do."""
_SAYS_WHAT = CONTENT | {TIME, "pron", "cal", "tasks", "ord"}
_OPENING = COMMANDS | STATEMENTS | {"act", "show", "ask", "have"}
ON_ITS_OWN = frozenset({"complete", "reopen", "delete", "move", "assign", "did", "snooze", "undo"})
"""Behind these a thing to do is no second thing that the same is done to: "cancel yoga and call Ben"."""
_SAME_CLAUSE = frozenset({"into", "from", "for"})
_TASK_NOUNS = frozenset({"task", "tasks", "list", "lists", "cal", "events"})
_ASKED_ABOUT = _TASK_NOUNS | {"left", "prog", "day", "busy", "event"}
MAX_CLAUSES = 12
"""Nobody gives more commands in one breath; what comes behind stays with the last one."""
_SEEN = 32
"""So many units on either side tell whether a clause begins; bounds the work that a row of commas can make."""


@dataclass(frozen=True)
class Clause:
    """A stretch of the text, from ``start`` to ``end``, with its words and units."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    units: tuple[Unit, ...]
    inherits: str | None = None
    """The tag of the command in the clause before that this one goes on with."""


def without_fillers(text: str, tokens: Sequence[Token], units: Sequence[Unit], lexicon: Lexicon) -> str:
    """The text with sounds of hesitation made blank, and words that were said twice by stammering."""
    for unit in units:
        if unit.tag == "filler":
            end = tokens[unit.last - 1].end
            if unit.last < len(tokens) and tokens[unit.last].norm == ",":
                end = tokens[unit.last].end
            text = blank(text, tokens[unit.first].start, end)
    for before, after in pairwise(token for token in tokens if text[token.start] != " "):
        if before.norm == after.norm and _stumbled(text, before, after, lexicon):
            text = blank(text, before.start, before.end)
    return text


def _stumbled(text: str, before: Token, after: Token, lexicon: Lexicon) -> bool:
    """Whether a word was said twice by mistake: a short word, a verb of command, or with a filler between."""
    if before.norm in lexicon.stammered or after.start - before.end > 1:
        return not text[before.end : after.start].strip()
    tags = {tag for node in lexicon.phrases.step(before.norm) for tag in node.tags}
    return bool(tags & (COMMANDS | {"act"})) or any(
        node.children for node in lexicon.phrases.step(before.norm) if not tags
    )


def repaired(text: str, tokens: Sequence[Token], lexicon: Lexicon, times: Sequence[tuple[int, int]]) -> str:
    """The text as it was meant: what the speaker took back ("tomorrow, no wait, Thursday") is made blank."""
    units = tag_units(tokens, lexicon, times)
    for index, unit in enumerate(units):
        if unit.tag != "repair" or not 0 < index < len(units) - 1:
            continue
        before = [other for other in units[:index] if other.tag not in {MARK, "filler"}]
        after = [other for other in units[index + 1 :] if other.tag not in {MARK, "filler", "repair"}]
        if not before or not after:
            continue
        text = blank(text, tokens[unit.first].start, tokens[unit.last - 1].end)
        for mark in units[max(0, index - 1) : index + 2]:
            if mark.tag == MARK:
                text = blank(text, tokens[mark.first].start, tokens[mark.first].end)
        for taken in _taken_back(before, after):
            text = blank(text, tokens[taken.first].start, tokens[taken.last - 1].end)
    return text


def _taken_back(before: list[Unit], after: list[Unit]) -> list[Unit]:
    """Which units the words behind a repair replace."""
    head = after[0]
    if head.leads and head.tag in COMMANDS | STATEMENTS:
        return before[_begin_of_last_command(before) :]
    told = [unit for unit in after if unit.tag not in {"into", "for", "by", "det"}]
    if told and told[0].tag == TIME:
        last = next((unit for unit in reversed(before) if unit.tag == TIME), None)
        return [last] if last is not None else []
    free = [unit for unit in after if unit.tag in CONTENT]
    taken = list[Unit]()
    for unit in reversed(before):
        if unit.tag not in CONTENT or len(taken) >= max(1, len(free)):
            break
        taken.append(unit)
    return taken if len(taken) < len(before) else []


def _begin_of_last_command(units: Sequence[Unit]) -> int:
    """Where the last command among several begins: "add milk and delete the rent, no wait, ..." keeps the milk."""
    for place in range(len(units) - 1, 0, -1):
        if units[place].leads and units[place].tag in COMMANDS | STATEMENTS and units[place - 1].tag == "and":
            return place
    return 0


def cut(tokens: Sequence[Token], units: Sequence[Unit]) -> list[Clause]:
    """The clauses of a repaired text, at least one when there are words."""
    units = _without_order(joined(units, COMMANDS))
    borders = _borders(units, tokens)
    clauses = []
    for (first, inherits), (last, _) in zip(borders, [*borders[1:], (len(units), None)], strict=True):
        part = units[first:last]
        while part and part[0].tag in {MARK, "and"}:
            part = part[1:]
        while part and part[-1].tag in {MARK, "and"}:
            part = part[:-1]
        if part:
            clauses.append(_clause(part, tokens, inherits))
    return clauses


def _without_order(units: Sequence[Unit]) -> list[Unit]:
    """The units with words that only say what comes when made polite ones: "first wash the car, next call Ben"."""
    found = list(units)
    several = any(unit.tag == "and" for unit in units)
    for place, (order, verb) in enumerate(pairwise(units)):
        opens = units[place - 1].tag in {"and", MARK} if place else several
        if order.tag != "ord" or not opens or "act" not in verb.tags:
            continue
        after = units[place + 2].tag if place + 2 < len(units) else None
        if "event" not in verb.tags or after in {"det", "my"}:
            found[place] = Unit("wrap", order.first, order.last, order.tags)
            found[place + 1] = Unit("act", verb.first, verb.last, verb.tags, leads=True)
    return found


def _clause(part: Sequence[Unit], tokens: Sequence[Token], inherits: str | None) -> Clause:
    first, last = part[0].first, part[-1].last
    moved = tuple(Unit(unit.tag, unit.first - first, unit.last - first, unit.tags, leads=unit.leads) for unit in part)
    return Clause(tokens[first].start, tokens[last - 1].end, tuple(tokens[first:last]), moved, inherits)


def without_times(clause: Clause, lexicon: Lexicon) -> Clause:
    """The clause with what was read as times taken for words of the speaker's own."""
    return replace(clause, units=tuple(tag_units(clause.tokens, lexicon, ())))


def _borders(units: Sequence[Unit], tokens: Sequence[Token]) -> list[tuple[int, str | None]]:
    """Where clauses begin, with the command that they inherit."""
    borders: list[tuple[int, str | None]] = [(0, None)]
    index = 1
    while index < min(len(units), MOST_WORDS) and len(borders) < MAX_CLAUSES:
        unit = units[index]
        joint = unit.tag == "and" or (unit.tag == MARK and tokens[unit.first].norm in ",.;?!\n")
        if joint:
            begin = index
            while index + 1 < len(units) and units[index + 1].tag in {"and", MARK}:
                index += 1
            start = borders[-1][0]
            opens = _opens_clause(units, borders[-1], begin, index + 1, tokens)
            if opens is not None:
                if opens == "act" and borders[-1][1] is None and _does(units[start:begin]):
                    borders[-1] = (start, "act")
                borders.append((index + 1, opens or None))
        index += 1
    return borders


def lead_of(units: Sequence[Unit]) -> Unit | None:
    """The first unit that says something; how urgent it is says something only where nothing else does."""
    said = [unit for unit in units if unit.tag not in WRAPPING and unit.tag != "high"]
    return said[0] if said else next((unit for unit in units if unit.tag == "high"), None)


def _does(units: Sequence[Unit]) -> bool:
    """Whether what looks like a request to show something is a thing to do beside another ("go to the bank")."""
    lead = lead_of(units)
    return lead is not None and lead.tag == "show" and "act" in lead.tags and not _names_tasks(units)


def _content(units: Sequence[Unit]) -> int:
    return sum(unit.last - unit.first for unit in units if unit.tag in CONTENT)


def _opens_clause(
    units: Sequence[Unit], before: tuple[int, str | None], joint: int, place: int, tokens: Sequence[Token]
) -> str | None:
    """Whether a clause begins at a place: None for no, else the command it inherits or an empty string."""
    left, right = units[before[0] : min(joint, before[0] + _SEEN)], units[place : place + _SEEN]
    head, lead = lead_of(right), lead_of(left)
    if head is None or lead is None or right[0].tag == PART or not _is_whole(left, lead):
        return None
    sentence = units[joint].tag == MARK and tokens[units[joint].first].norm in ".;?!\n"
    if lead.tag in {"remind", "wish"} and head.tag in {"from", "for", "into"}:
        head = lead_of(right[right.index(head) + 1 :]) or head
    if BEHIND_VERB not in units[joint].tags and _is_to_do(right, head):
        tag = _to_do_before(left, lead, before[1])
        told = lead.tag not in _TO_DO and before[1] not in _TO_DO and head.leads and head.tag in COMMANDS | STATEMENTS
        if tag is not None and not told:
            return tag
    if BEHIND_VERB in units[joint].tags and not (head.leads and head.tag in _OPENING):
        return _goes_on_to_verb(right, lead)
    if _commands(head, right, sentence=sentence or lead.tag in COMMANDS | STATEMENTS | {"ask", "show"}):
        return ""
    return _same_verb(left, right, lead) or ("" if sentence and _is_note(right) else None)


def _is_to_do(units: Sequence[Unit], head: Unit) -> bool:
    """Whether the units begin with a verb of something to do; one word that is an event too ("review") needs more."""
    if "act" not in head.tags or _names_tasks(units):
        return False
    rest = units[units.index(head) + 1 :][:1]
    return bool(rest and rest[0].tag not in {"and", MARK}) or "event" not in head.tags


def _to_do_before(left: Sequence[Unit], lead: Unit, inherits: str | None) -> str | None:
    """What a thing to do goes on with, when what stands before it is whole; None when the two belong together."""
    if inherits in _TO_DO:
        return inherits if _content(left) + (lead.tag not in CONTENT) > 1 else None
    if lead.tag in {"remind", "wish"}:
        return lead.tag if _content(left) else None
    if lead.tag == "act" or "act" in lead.tags:
        return "act" if _content(left) + (lead.tag not in CONTENT) > 1 else None
    told = [unit for unit in left[left.index(lead) + 1 :] if unit.tag in CONTENT | {"pron"}]
    return "act" if lead.tag in ON_ITS_OWN and told and "act" not in told[0].tags else None


def _goes_on_to_verb(right: Sequence[Unit], lead: Unit) -> str:
    """Behind a verb that stood last: the next verb is a command, or one more thing to do as the one before."""
    final = next((unit for unit in right if FINAL in unit.tags), None)
    if final is not None and final.tag in COMMANDS:
        return ""
    return lead.tag if lead.tag in {"remind", "wish"} else "act"


def _is_whole(units: Sequence[Unit], lead: Unit) -> bool:
    """Whether a command could end here: it says what it is about."""
    return lead.tag in {"undo", "show", "ask"} or any(unit.tag in _SAYS_WHAT for unit in units)


def _commands(head: Unit, units: Sequence[Unit], *, sentence: bool) -> bool:
    """Whether a verb of command opens the units, with something to act on."""
    if not head.leads:
        return False
    if head.tag in COMMANDS | STATEMENTS:
        return _weight(units) > 0 or (head.tag == "delete" and any(unit.tag == TIME for unit in units[:3]))
    if head.tag == "world":
        return sentence and any(unit.tag == "topic" for unit in units[:4])
    about = _ASKED_ABOUT | {TIME, "ord"} if head.tag == "ask" else _ASKED_ABOUT
    return head.tag in {"show", "ask"} and sentence and _names_tasks(units, about)


def _weight(units: Sequence[Unit]) -> int:
    return (
        sum(unit.tag not in WRAPPING for unit in units[:4])
        - 1
        + sum(unit.tag in {"undo", "snooze"} for unit in units[:2])
    )


def _names_tasks(units: Sequence[Unit], tags: frozenset[str] = _TASK_NOUNS) -> bool:
    for unit in units:
        if unit.tag in {"and", MARK}:
            return False
        if unit.tag in tags:
            return True
    return False


def _is_note(units: Sequence[Unit]) -> bool:
    return any(unit.tag == TIME for unit in units) or any(unit.tag in {"event", "act"} for unit in units[:2])


def _same_verb(left: Sequence[Unit], right: Sequence[Unit], lead: Unit) -> str | None:
    """As in "add milk to groceries and bolts to hardware": the second part has its own place or time, and no verb."""
    tags = ("into", "from") if lead.tag in {"delete", "move", "complete", "assign"} else ("into",) * (lead.tag == "add")
    own_list = any(unit.tag in tags for unit in left) and _place_follows(right, tags)
    timed = lead.tag in {"move", "remind", "wish", "have", "schedule", "add", "act", "change"} or lead.tag in {
        FREE,
        "event",
    }
    own_time = timed and any(unit.tag == TIME for unit in left) and _time_follows(right)
    times_lead = _begins_with_time(left) and _begins_with_time(right)
    return lead.tag if own_list or own_time or times_lead else None


def _begins_with_time(units: Sequence[Unit]) -> bool:
    """As in "at nine dentist, at eleven a meeting": a time, and then what happens."""
    said = [unit for unit in units if unit.tag not in WRAPPING - {TIME}]
    return len(said) > 1 and said[0].tag == TIME and any(unit.tag in CONTENT for unit in said[1:])


def _place_follows(units: Sequence[Unit], tags: tuple[str, ...]) -> bool:
    for index, unit in enumerate(units):
        if unit.tag in {"and", MARK}:
            return False
        if (
            unit.tag in tags
            and index
            and any(other.tag in {"list", "cal", FREE} for other in units[index + 1 : index + 4])
        ):
            return True
    return False


def _time_follows(units: Sequence[Unit]) -> bool:
    """Whether words of the speaker's own and a time come before the next joint."""
    content = timed = False
    for unit in units:
        if unit.tag in {"and", MARK}:
            break
        content = content or unit.tag in CONTENT
        timed = timed or unit.tag == TIME
    return content and timed
