"""From a clause about tasks or lists that exist to its commands: which ones, and what shall be new."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tasks_app.intents import Intent
from voice_app.understanding import slots, titles
from voice_app.understanding.clauses import Clause
from voice_app.understanding.drafts import Draft, Scene, frame_units, offer_near
from voice_app.understanding.names import best_name
from voice_app.understanding.selection import add_selection
from voice_app.understanding.sparing import spare
from voice_app.understanding.units import FREE, PART, Unit

ASKS = frozenset({Intent.LIST_TASKS, Intent.AGENDA})
_ASKED = frozenset(
    {
        "list", "task", "have", "ord", "by", "all", "pron", "doneas", "did", "lists", "high", "ask", "askdid", "show",
    }
)  # fmt: skip
"""What a question is made of; the rest of it is what to look for."""


def referring(draft: Draft, clause: Clause, scene: Scene) -> list[Draft]:
    """Fields of commands on tasks that exist already, and of questions about them."""
    if draft.intent is Intent.UPDATE_TASK and any(unit.tag == "rename" for unit in clause.units):
        return [renamed(draft, clause, scene, None)]
    if draft.intent is Intent.ASSIGN_TASK:
        person = slots.find_person(clause, scene.text, scene.vocabulary, frozenset({"into", "for", PART}))
        if person is not None:
            draft.put("assignee", person.value, person.said)
            draft.taken += person.units
            offer_near(draft, "assignee", person)
    add_selection(draft, clause, scene)
    phrase = _without_spared(draft, _reference(draft, clause, scene), scene)
    if draft.intent in ASKS:
        if phrase:
            draft.filters["text"] = phrase
        return [draft]
    if not phrase:
        if "shift" in draft.values and not draft.filters:
            draft.filters["that"] = True
        return [draft]
    if draft.filters.keys() & {"nth", "last", "first", "that"}:
        draft.put("task", phrase, phrase)
        return [draft]
    known = best_name(phrase, scene.vocabulary.tasks) is not None
    several = draft.intent in {Intent.COMPLETE_TASK, Intent.DELETE_TASK, Intent.REOPEN_TASK} and not known
    items = titles.items_of(phrase, scene.lexicon, listed=True) if several else [phrase]
    return [draft.of_item("task", item) for item in items]


def _without_spared(draft: Draft, phrase: str, scene: Scene) -> str:
    """The phrase without what a command for all leaves out, which becomes a filter."""
    if not draft.filters.get("all"):
        return phrase
    phrase, spared = spare(phrase, scene.lexicon)
    if spared:
        draft.filters["except"] = spared
    return phrase


def _reference(draft: Draft, clause: Clause, scene: Scene) -> str:
    """The phrase for an existing task: "the dentist thing", "the second one", "it"; empty when a filter says it all."""
    plain = {"tasks", "cal", "events"} if draft.filters or draft.intent in ASKS else {"cal"}
    taken = [*draft.taken, *frame_units(clause)]
    taken += [unit for unit in clause.units if unit.tag in plain | {"left", "busy", "day", "prog"}]
    if draft.intent in ASKS:
        taken += [unit for unit in clause.units if unit.tag in _ASKED or (unit.tag == "schedule" and unit.leads)]
        taken += _asked_verbs(clause)
        taken += [
            unit
            for before, unit in pairwise(clause.units)
            if before.tag in {"ask", "askdid"} and {"act", "complete"} & {unit.tag, *unit.tags}
        ]
    if draft.filters.get("all"):
        taken += [unit for unit in clause.units if unit.tag in {"all", "pron", "doneas"}]
    if draft.intent not in ASKS:
        taken += [
            unit for unit in clause.units if unit.tag in {"by", "field"} or (unit.tag == "schedule" and unit.leads)
        ]
    pointed = any(unit.tag in {"ord", "pron"} and unit not in taken for unit in clause.units)
    if pointed and draft.intent not in ASKS:
        return _pointed_phrase(clause, scene, taken, draft)
    rest = titles.rest_of(clause, scene.text, [*taken, *_task_nouns(clause)], draft.spans, scene.lexicon)
    if rest or draft.filters:
        return rest
    noun = [unit for unit in clause.units if unit.tag in {"task", "event", "pron", "cal"}]
    return slots.words_between(clause, scene.text, noun[:1])


def _asked_verbs(clause: Clause) -> list[Unit]:
    """The verb of "have I paid the rent?": it may stand in another form in the task."""
    return [
        verb
        for before, verb, after in zip(clause.units, clause.units[1:], clause.units[2:], strict=False)
        if before.tag == "askdid" and verb.tag == FREE and after.tag in {"det", "my", "all", "pron"}
    ]


def _task_nouns(clause: Clause) -> list[Unit]:
    """The noun of "the task" before a name; behind one ("the dentist thing") it is part of the phrase."""
    for index, unit in enumerate(clause.units):
        if unit.tag in {"task", "tasks"} and not any(u.tag in {FREE, "event", "act"} for u in clause.units[:index]):
            return [unit]
        if unit.tag in {FREE, "event", "act"} and not unit.leads:
            return []
    return []


def _pointed_phrase(clause: Clause, scene: Scene, taken: Sequence[Unit], draft: Draft) -> str:
    kept = [
        unit
        for unit in clause.units
        if unit not in taken and not any(s <= clause.tokens[unit.first].start < e for s, e in draft.spans)
    ]
    while kept and kept[-1].tag in {*slots.PLACES, "and", "by", "mark", "det", "my", "wrap"}:
        kept.pop()
    while kept and kept[0].tag in {*slots.PLACES, "and", "by", "mark"}:
        kept = kept[1:]
    return slots.words_between(clause, scene.text, kept)


def of_project(draft: Draft, clause: Clause, scene: Scene) -> Draft:
    """Which list is meant, and its new name."""
    named = slots.find_project(clause, scene.text, scene.lexicon, scene.vocabulary, bare=True)
    if draft.intent is Intent.UPDATE_PROJECT:
        return renamed(draft, clause, scene, named)
    if named is not None and named.value:
        draft.put("project", named.value, named.said)
        offer_near(draft, "project", named)
    elif not any(unit.tag == "lists" for unit in clause.units):
        rest = titles.rest_of(
            clause,
            scene.text,
            [*frame_units(clause), *(u for u in clause.units if u.tag == "list")],
            draft.spans,
            scene.lexicon,
        )
        if rest:
            draft.put("project", rest, rest)
    return draft


def renamed(draft: Draft, clause: Clause, scene: Scene, named: slots.Slot | None) -> Draft:
    """As in "rename the work list to office": the last preposition parts the old name from the new one."""
    units = clause.units
    place = next(
        (i for i in range(len(units) - 1, 0, -1) if units[i].tag in slots.PLACES or units[i].tag == "by"), None
    )
    if place is not None and units[place + 1 :]:
        new = slots.words_between(clause, scene.text, units[place + 1 :])
        draft.put("title", titles.trimmed(new, scene.lexicon) or new, new)
        old = Clause(clause.start, clause.end, clause.tokens, units[:place], clause.inherits)
        named = slots.find_project(old, scene.text, scene.lexicon, scene.vocabulary, bare=True)
        if draft.intent is Intent.UPDATE_TASK:
            rest = titles.rest_of(
                Clause(clause.start, clause.tokens[units[place].first].start, clause.tokens, units[:place]),
                scene.text,
                frame_units(old),
                (),
                scene.lexicon,
            )
            draft.put("task", rest, rest)
            return draft
    if named is not None and named.value:
        draft.put("project", named.value, named.said)
        offer_near(draft, "project", named)
    return draft
