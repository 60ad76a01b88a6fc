"""What a question or a command for many selects: overdue ones, those of a day, the second one, all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasks_app.intents import Intent
from voice_app.understanding.clauses import Clause
from voice_app.understanding.drafts import Draft, Scene
from voice_app.understanding.lexicon import Lexicon, longest_match
from voice_app.understanding.slots import filter_tags
from voice_app.understanding.units import CLITIC, EMPTY, FREE, WRAPPING, Unit

_CONTENT = frozenset({FREE, "event", "act", "topic", "world"})


def add_selection(draft: Draft, clause: Clause, scene: Scene) -> None:
    """What a question or a bulk command selects."""
    tags = filter_tags(clause, scene.lexicon)
    asks = draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}
    if "overdue" in tags:
        draft.filters["overdue"] = True
    elif asks:
        draft.filters["status"] = _status(clause, tags)
    elif draft.intent is Intent.DELETE_TASK and "done" in tags:
        draft.filters["status"] = "completed"
    emptied = any(EMPTY in unit.tags for unit in clause.units)
    plural = emptied or any(unit.tag in {"tasks", "events", "all", "cal"} for unit in clause.units)
    if not asks:
        draft.filters |= position_of(clause, scene.lexicon, draft.taken)
        every = "all" in tags or (plural and _is_whole(clause, draft.taken))
        if every and not draft.filters.keys() & {"nth", "last", "first"}:
            draft.filters["all"] = True
            draft.filters.pop("that", None)
    if "project" in draft.values and (asks or draft.intent is not Intent.UPDATE_TASK):
        draft.filters["project"] = draft.values["project"]
    if "labels" in draft.values and asks:
        draft.filters["label"] = draft.values["labels"][0]
    if "due" in draft.values and draft.intent not in {Intent.UPDATE_TASK, Intent.SNOOZE}:
        draft.filters |= {"from": draft.values["due"][:10], "to": (draft.values.get("end") or draft.values["due"])[:10]}


def _status(clause: Clause, tags: set[str]) -> str:
    """Done ones, open ones, or all for "did I pay the rent?", whose answer is either."""
    if any(unit.tag == "askdid" for unit in clause.units):
        return "all"
    return "completed" if "done" in tags and "open" not in tags else "open"


def _is_whole(clause: Clause, taken: Sequence[Unit]) -> bool:
    """Whether no words of the speaker's own say which tasks are meant; those that name the list do not count."""
    own = [unit for unit in clause.units if unit.tag in {FREE, "event", "act"} and not unit.leads]
    return not any(unit not in taken for unit in own)


def position_of(clause: Clause, lexicon: Lexicon, taken: Sequence[Unit] = ()) -> dict[str, Any]:
    """A place in what was shown: "the second one", "the last two", "that"."""
    content = [unit for unit in clause.units if unit.tag in _CONTENT and not unit.leads and unit not in taken]
    found: dict[str, Any] = {}
    places = list[int]()
    named = next((index for index, unit in enumerate(clause.units) if unit.tag in {"task", "tasks"}), None)
    for index, unit in enumerate(clause.units):
        if unit.tag == "ord" and not content:
            number = _number(clause, unit, lexicon, "ordinals")
            after = clause.units[index + 1] if index + 1 < len(clause.units) else None
            before = clause.units[index - 1] if index else None
            count = next((n for n in (_number(clause, u, lexicon, "counts") for u in (after, before) if u) if n), None)
            if number is None:
                found["last"] = count or 1
            elif count:
                found["first"] = count
            else:
                places.append(number)
        elif (
            unit.tag == "num"
            and index
            and clause.units[index - 1].tag in {"task", "tasks", "and", "mark"}
            and not content
        ):
            word = clause.tokens[unit.first].norm
            places += [int(word)] if word.isdigit() and named is not None and named < index else []
        elif (
            (unit.tag == "pron" or CLITIC in unit.tags)
            and not content
            and not any(other.tag in {"ord", "task", "event"} for other in clause.units)
        ):
            found["that"] = True
    if places:
        found["nth"] = places
    elif not found and not content and _lead_tag(clause) == "snooze":
        found["that"] = True
    return found


def _lead_tag(clause: Clause) -> str:
    return next((unit.tag for unit in clause.units if unit.tag not in WRAPPING), "")


def _number(clause: Clause, unit: Unit, lexicon: Lexicon, table: str) -> int | None:
    words = [token.norm for token in clause.tokens[unit.first : unit.last]]
    if unit.tag == "num":
        return int(words[0]) if words[0].isdigit() else None
    end, tags = longest_match(lexicon.tables[table], words, 0)
    if end != len(words):
        words = words[-1:]
        end, tags = longest_match(lexicon.tables[table], words, 0)
    return int(tags[0]) if end == len(words) else None
