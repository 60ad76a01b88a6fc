"""From a clause and its intent to the commands with all their fields."""

from __future__ import annotations

from tasks_app.intents import Intent
from voice_app.understanding import slots
from voice_app.understanding.clauses import Clause
from voice_app.understanding.creating import created
from voice_app.understanding.drafts import CREATES, PROJECTS, Draft, Scene, offer_near
from voice_app.understanding.referring import of_project, referring
from voice_app.understanding.selection import position_of
from voice_app.understanding.timing import add_times
from voice_app.understanding.units import FREE


def build(clause: Clause, intent: Intent, scene: Scene) -> list[Draft]:
    """The commands of one clause: one, or as many as things are enumerated."""
    draft = Draft(intent)
    add_times(draft, scene, clause)
    if intent is Intent.NONE:
        draft.filters |= position_of(clause, scene.lexicon)
    if intent in {Intent.NONE, Intent.UNDO, Intent.CONFIRM, Intent.DENY, Intent.CANCEL, Intent.HELP, Intent.GREETING}:
        return [draft]
    _named_fields(draft, clause, scene)
    if intent in CREATES:
        return created(draft, clause, scene)
    if intent in PROJECTS:
        return [of_project(draft, clause, scene)]
    if intent is Intent.LIST_PROJECTS:
        return [draft]
    return referring(draft, clause, scene)


def _begins_with_list(clause: Clause) -> bool:
    """As in "work list add write the minutes"."""
    place = next((place for place, unit in enumerate(clause.units) if unit.tag == "list"), None)
    if place is None or place + 1 >= len(clause.units) or not clause.units[place + 1].leads:
        return False
    return all(unit.tag in {FREE, "det", "my"} for unit in clause.units[:place])


def _named_fields(draft: Draft, clause: Clause, scene: Scene) -> None:
    priority = slots.find_priority(clause, scene.text, scene.lexicon)
    if priority is not None and draft.intent is not Intent.CREATE_PROJECT:
        value, said, span = priority
        draft.spans.append(span)
        if draft.intent in {Intent.CREATE_TASK, Intent.UPDATE_TASK}:
            draft.put("priority", value, said)
        else:
            draft.filters["priority"] = value.value
    for slot in slots.find_labels(clause, scene.text, scene.vocabulary):
        draft.put("labels", (*draft.values.get("labels", ()), slot.value), slot.said)
        draft.taken += slot.units
    if draft.intent in {Intent.CREATE_PROJECT, Intent.LIST_PROJECTS, *PROJECTS}:
        return
    bare = (
        _begins_with_list(clause)
        or draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}
        or (any(unit.tag == "list" for unit in clause.units[:3]) and draft.intent is not Intent.CREATE_TASK)
    )
    project = slots.find_project(clause, scene.text, scene.lexicon, scene.vocabulary, bare=bare)
    if project is not None:
        draft.taken += project.units
        if project.value:
            draft.put("project", project.value, project.said)
            offer_near(draft, "project", project)
