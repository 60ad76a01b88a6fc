"""Asks an engine about labelled utterances, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from voice_app.evaluation.cases import Case
from voice_app.evaluation.results import Contender, Results, result_of
from voice_app.providers.base import Deadline, LanguageUnderstanding, Understood
from voice_app.providers.errors import ProviderError
from voicebot.errors import AppError

LONGEST_WAIT_SECONDS = 60.0
"""How long a provider that asks for a pause is waited for, to be asked once more; a longer one ends the run."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many are done."""


@dataclass(frozen=True)
class Ending:
    """How a run of one engine ended."""

    is_whole: bool
    """Whether every utterance has a result."""
    error: AppError | None = None
    """What stopped it for good: somebody has to do something first."""


def ask_each(
    engine: LanguageUnderstanding,
    contender: Contender,
    cases: Sequence[Case],
    results: Results,
    *,
    seconds: float,
    deadline: Deadline,
    progress: Progress,
) -> Ending:
    """Ask an engine about utterances and keep each result at once.

    Args:
        engine: Who is asked.
        contender: As the results name it.
        cases: Those that have no result yet.
        results: Where the results go.
        seconds: For one answer.
        deadline: For all; nothing is begun after it.
        progress: Told after each.
    """
    for place, case in enumerate(cases):
        if not deadline.remaining_seconds:
            return Ending(is_whole=False)
        outcome, took = _ask(engine, case, seconds)
        wait = _pause(outcome)
        if 0 < wait <= min(LONGEST_WAIT_SECONDS, deadline.remaining_seconds):
            time.sleep(wait)
            outcome, took = _ask(engine, case, seconds)
        if isinstance(outcome, ProviderError) and (outcome.needs_operator or wait > LONGEST_WAIT_SECONDS):
            return Ending(is_whole=False, error=outcome)
        results.add(result_of(case, contender, outcome, seconds=took))
        progress(place + 1, len(cases))
    return Ending(is_whole=True)


def _ask(engine: LanguageUnderstanding, case: Case, seconds: float) -> tuple[Understood | AppError, float]:
    began = time.perf_counter()
    try:
        outcome: Understood | AppError = engine.understand(case.utterance, deadline=Deadline.after(seconds))
    except AppError as error:
        outcome = error
    return outcome, time.perf_counter() - began


def _pause(outcome: Understood | AppError) -> float:
    """Seconds for which the provider asks to be left alone."""
    told = outcome.details.get("retry_after") if isinstance(outcome, AppError) else None
    return float(told) if isinstance(told, int | float) else 0.0
