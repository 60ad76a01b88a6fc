"""From a clause that makes something to its commands: one, or as many as things are enumerated."""

from __future__ import annotations

from collections.abc import Sequence

from tasks_app.intents import Intent
from voice_app.types import Vocabulary
from voice_app.understanding import slots, titles
from voice_app.understanding.clauses import Clause
from voice_app.understanding.drafts import Draft, Scene, frame_units
from voice_app.understanding.lexicon import Lexicon
from voice_app.understanding.units import FREE, TIME, WRAPPING, Unit

_KEPT = frozenset(
    {"complete", "reopen", "delete", "change", "move", "rename", "show", "assign", "ask", "undo", "snooze"}
)
"""Verbs that are commands elsewhere; in a new task they say what is to be done ("I must finish the slides")."""


def created(draft: Draft, clause: Clause, scene: Scene) -> list[Draft]:
    """The new tasks or the new list, each with its title."""
    verb = next((unit for unit in clause.units if unit.tag not in WRAPPING), None)
    keeps_verb = clause.inherits in {"remind", "wish", "act"} and verb is not None and "act" in verb.tags
    taken = [*draft.taken]
    wished = verb is not None and verb.tag == "wish"
    if keeps_verb and verb is not None:
        taken += [unit for unit in frame_units(clause) if unit is not verb]
    else:
        taken += [u for u in frame_units(clause, keep=_KEPT) if not (u.tag == "note" and (wished or "act" in u.tags))]
        taken += _schedule_verb(clause)
    taken += _nouns_of_creation(clause, taken)
    title = titles.rest_of(clause, scene.text, taken, draft.spans, scene.lexicon)
    title = title or _event_title(clause, scene)
    if draft.intent is Intent.CREATE_PROJECT:
        return [_new_project(draft, clause, scene, title)]
    listed = "project" in draft.values or (verb is not None and verb.tag == "add")
    starts_with_verb = keeps_verb or _starts_with_act(title, scene.lexicon)
    items = [title] if starts_with_verb else titles.items_of(title, scene.lexicon, listed=listed)
    return [draft.of_item("title", titles.with_plain_verb(item, scene.lexicon)) for item in items]


def _starts_with_act(title: str, lexicon: Lexicon) -> bool:
    words = lexicon.words(title)
    nodes = lexicon.phrases.step(words[0]) if words else []
    return any("act" in node.tags for node in nodes)


def _schedule_verb(clause: Clause) -> list[Unit]:
    """Only the frame: "schedule a meeting" is titled "meeting", but "book a table" keeps its verb."""
    for index, unit in enumerate(clause.units):
        if unit.tag == "schedule" and unit.leads:
            rest = [other for other in clause.units[index + 1 :] if other.tag not in {"det", "my", *WRAPPING}]
            plain = (
                "act" not in unit.tags
                or not rest
                or any(other.tag in {"event", "task", "cal", "events"} for other in rest)
            )
            return [unit] if plain else []
    return []


def _nouns_of_creation(clause: Clause, taken: Sequence[Unit]) -> list[Unit]:
    """As in "a new task called" and "to my calendar": nouns that say what is made and not what it is about."""
    found: list[Unit] = []
    units = clause.units
    started = False
    for index, unit in enumerate(units):
        if unit in taken:
            started = True
            continue
        if started and unit.tag in {"det", "new", "my", "for"} and index + 1 < len(units):
            continue
        if unit.tag in {"task", "tasks"} and all(
            other in taken or other.tag in {"det", "new", "my", "left", TIME, "high"} for other in units[:index]
        ):
            found.append(unit)
            found += [other for other in units[:index] if other.tag in {"det", "new", "my"}]
        break
    for index, unit in enumerate(units):
        named = unit.tag == "cal" or (unit.tag == "tasks" and index == len(units) - 1)
        if named and index and units[index - 1].tag in {"into", "for", "from", "my"}:
            begin = index - 1
            while (
                begin
                and units[begin].tag in {"my", "det", FREE}
                and units[begin - 1].tag in {"into", "for", "my", "det"}
            ):
                begin -= 1
            found += units[begin : index + 1]
    return found


def _event_title(clause: Clause, scene: Scene) -> str:
    noun = next((unit for unit in clause.units if unit.tag == "event"), None)
    return slots.words_between(clause, scene.text, [noun]) if noun is not None else ""


def _new_project(draft: Draft, clause: Clause, scene: Scene, title: str) -> Draft:
    named = slots.find_project(clause, scene.text, scene.lexicon, Vocabulary(), bare=True)
    rest = [*frame_units(clause), *(unit for unit in clause.units if unit.tag in {"list", "lists", "new"})]
    name = (named.value if named is not None else title) or titles.rest_of(clause, scene.text, rest, (), scene.lexicon)
    if name:
        draft.put("title", name, name)
    return draft
