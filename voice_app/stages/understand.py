"""Finds what is asked for."""

from __future__ import annotations

from voice_app.providers.registry import language_engines
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Ask the first language engine that is there; the understanding goes onto the command."""
    engine = next(engine for engine in language_engines() if engine.availability().ok)
    understanding = engine.understand(work.utterance, deadline=work.deadline).understanding
    command = work.command
    command.intent = understanding.commands[0].intent
    command.confidence = understanding.confidence
    command.language = command.language or understanding.language
    command.entities = understanding.model_dump(mode="json")
    return StageReport(provider=understanding.engine, detail={"needs": understanding.needs})
