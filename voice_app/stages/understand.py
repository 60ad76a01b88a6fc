"""Finds what is asked for."""

from __future__ import annotations

from django.conf import settings

from voice_app.about_task import as_change
from voice_app.asking.on_terms import understand_for
from voice_app.proposing import as_proposal
from voice_app.providers.base import Deadline
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Ask the local engine, and a model where it is not sure; the understanding goes onto the command."""
    seconds = min(settings.VOICE_UNDERSTAND_SECONDS, work.deadline.remaining_seconds)
    understanding = understand_for(
        work.terms, work.utterance, deadline=Deadline.after(seconds), record=work.attempts.append
    ).understanding
    if work.about is not None:
        understanding = as_change(understanding, work.about, work.utterance)
    command = work.command
    if command.said_by:
        understanding = as_proposal(understanding)
    command.intent = understanding.commands[0].intent
    command.confidence = understanding.confidence
    command.language = command.language or understanding.language
    command.entities = understanding.model_dump(mode="json")
    return StageReport(provider=understanding.engine, detail={"needs": understanding.needs})
