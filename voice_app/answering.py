"""Lets an utterance answer the question that is open: "yes", "no", "the second one", "the one for Anna"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tasks_app.intents import Intent
from tasks_app.matching import Candidate, pick_by_ordinal, rank
from voice_app import selectors, services

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand
    from voice_app.work import Work

SURE_OF_OPTION = 0.8
MOST_WORDS_OF_AN_ANSWER = 8


def answer_open_question(work: Work) -> VoiceCommand | None:
    """The command whose question this utterance answered; None when it is a command of its own."""
    asked = selectors.find_open_question(work.command)
    if asked is None or asked.question is None:
        return None
    intent = work.understanding.commands[0].intent
    if intent in {Intent.DENY, Intent.CANCEL}:
        return services.cancel(work.actor, asked.pk)
    kind = asked.question["kind"]
    if kind == "confirmation":
        return services.confirm(work.actor, asked.pk) if intent is Intent.CONFIRM else None
    if kind == "choice":
        return _choose(work, asked, asked.question)
    return services.give_title(work.actor, asked.pk, work.command.command_text)


def _choose(work: Work, asked: VoiceCommand, question: dict[str, Any]) -> VoiceCommand | None:
    places = _places(work, [option["label"] for option in question["options"]])
    ids = [question["options"][place]["id"] for place in places]
    return services.choose(work.actor, asked.pk, ids) if ids else None


def _places(work: Work, labels: list[str]) -> list[int]:
    """Which options are meant, counted from 0: by yes to the only one, by ordinal, or by name."""
    spoken, text = work.understanding.commands[0], work.command.command_text
    if spoken.intent is Intent.CONFIRM and len(labels) == 1:
        return [0]
    if len(text.split()) > MOST_WORDS_OF_AN_ANSWER:
        return []
    if nth := (spoken.filters or {}).get("nth"):
        return [place - 1 for place in nth if 0 < place <= len(labels)]
    place = pick_by_ordinal(text, len(labels))
    if place is not None:
        return [place]
    options = [Candidate(id=uuid4(), title=label, order=order) for order, label in enumerate(labels)]
    best, *others = rank(text, options)
    is_clear = best.score >= SURE_OF_OPTION and all(other.score < best.score for other in others)
    return [best.candidate.order] if is_clear else []
