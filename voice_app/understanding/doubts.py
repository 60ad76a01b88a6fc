"""What is missing from a command, or too unsure to be done without asking."""

from __future__ import annotations

from collections.abc import Sequence

from tasks_app.intents import Intent
from voice_app.understanding.drafts import CREATES, PROJECTS, REFERS, UNSURE, Draft

SURE_ENOUGH = 0.8
"""Below this a command that destroys is asked back."""
DESTRUCTIVE = frozenset({Intent.DELETE_TASK, Intent.DELETE_PROJECT})
_NEEDS_TASK = REFERS - {Intent.LIST_TASKS, Intent.AGENDA, Intent.SNOOZE}


def missing(drafts: Sequence[tuple[Draft, float]]) -> str | None:
    """What must be asked first, if anything.

    Args:
        drafts: The commands of an utterance, each with the confidence in its intent, 0 to 1.

    Returns:
        ``confirmation``, ``title``, ``choice``, ``assignee`` or ``project``; None when all is clear.
    """
    if any(_is_dangerous(draft, confidence) for draft, confidence in drafts):
        return "confirmation"
    lacking = next((found for draft, _ in drafts if (found := _lacks(draft)) is not None), None)
    if lacking is not None:
        return lacking
    unsure = any(confidence < UNSURE and draft.intent is not Intent.NONE for draft, confidence in drafts)
    return "confirmation" if unsure else None


def _is_dangerous(draft: Draft, confidence: float) -> bool:
    return draft.intent in DESTRUCTIVE and (
        bool(draft.filters.get("all")) or confidence < SURE_ENOUGH or draft.intent is Intent.DELETE_PROJECT
    )


def _lacks(draft: Draft) -> str | None:
    if draft.intent in CREATES and "title" not in draft.values:
        return "title"
    if draft.intent in _NEEDS_TASK and "task" not in draft.values and not draft.filters:
        return "choice"
    if draft.intent in PROJECTS and "project" not in draft.values:
        return "choice"
    if draft.intent is Intent.ASSIGN_TASK and "assignee" not in draft.values:
        return "assignee"
    return draft.unknown[0] if draft.unknown else None
