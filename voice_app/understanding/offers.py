"""A thing to do or to buy that is said alone ("laundry"): offered as a task, and asked about before it is made."""

from __future__ import annotations

from tasks_app.intents import Intent
from voice_app.understanding.clauses import Clause
from voice_app.understanding.decide import Decision
from voice_app.understanding.drafts import UNSURE, Draft, Scene
from voice_app.understanding.fields import build
from voice_app.understanding.lexicon import whole_match

_MOST_WORDS = 3
_LESS_THAN_SURE = UNSURE - 0.01


def offered(clause: Clause, decision: Decision, scene: Scene) -> tuple[Decision, list[Draft]] | None:
    """The task that an utterance of one clause may be a note of; None when it means something, or names no errand.

    Args:
        clause: The whole utterance.
        decision: What was made of it.
        scene: What its fields depend on.

    Returns:
        The decision for a new task, never surer than what is asked back, and its fields.
    """
    words = [token for token in clause.tokens if not token.is_mark]
    commands = any(unit.leads and unit.tag in scene.lexicon.lead for unit in clause.units)
    if decision.intent is not Intent.NONE or len(words) > _MOST_WORDS or commands:
        return None
    drafts = build(clause, Intent.CREATE_TASK, scene)
    titles = [list(scene.lexicon.words(draft.values.get("title", ""))) for draft in drafts]
    if not all(title and whole_match(scene.lexicon.errands, title) for title in titles):
        return None
    chance = decision.confidence if decision.second is Intent.CREATE_TASK else 1 - decision.confidence
    return Decision(Intent.CREATE_TASK, "an errand said alone", min(chance, _LESS_THAN_SURE)), drafts
