"""Carries the plan out; the same command never acts twice, since its id is the id of its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app import services
from voice_app.readings import read
from voice_app.resolution import Planned, Unresolved
from voice_app.work import StageReport, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks_app.results import CommandResult
    from voicebot.errors import JsonValue


def run(work: Work) -> StageReport:
    """One set of changes for the whole utterance, then what was asked to be shown."""
    if work.plan is None:
        raise RuntimeError("the resolve stage runs first")
    commands = work.plan.commands
    done = iter(services.execute(work.actor, commands, cause_id=work.command.pk)) if commands else iter(())
    for entry in work.plan.entries:
        work.results.extend(_results_of(work, entry, done))
    return StageReport(detail={"changes": len(commands)})


def _results_of(work: Work, entry: Planned | Unresolved, done: Iterator[CommandResult]) -> list[dict[str, JsonValue]]:
    if isinstance(entry, Unresolved):
        problem = {"action": entry.spoken.intent.value, "problem": entry.problem, "phrase": entry.phrase}
        return [{**problem, "changed": False}]
    if not entry.commands:
        return [read(work, entry.spoken)]
    results = [next(done).to_json() for _ in entry.commands]
    return [*results[:-1], {**results[-1], **entry.remarks}]
