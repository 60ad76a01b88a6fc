"""One asking of one provider: who, when, how long, what came of it and what it took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from voice_app.providers.errors import ProviderError
from voice_app.types import NOTHING_USED, Usage

if TYPE_CHECKING:
    from voicebot.errors import AppError


class AttemptOutcome(StrEnum):
    """How an attempt ended."""

    OK = "ok"
    """Its answer was taken: at most one of a question's attempts, and none is begun after it."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """It was not asked, or its answer was not waited for; the error code says why."""


class Skipped(StrEnum):
    """Why a link was passed over, where no error says it already."""

    OFF = "provider_off"
    """It is not set up; see its availability."""
    CLIP_TOO_LONG = "clip_too_long"
    NO_TIME = "no_time_left"
    TOO_MANY_CALLS = "too_many_calls"
    """So many calls of this process still hang that no further one is begun."""
    UNSURE = "unsure"
    """The local engine answered and was not sure of it."""
    OVERTAKEN = "overtaken"
    """Another link's answer was taken while this one was still at work."""


@dataclass(frozen=True)
class Attempt:
    """What is known about one link's part in an answer."""

    link: int
    """Its place in the chain, from 1."""
    provider: str
    model: str
    started_at: dt.datetime
    """Aware."""
    seconds: float
    outcome: AttemptOutcome
    error_code: str = ""
    usage: Usage = NOTHING_USED


Recorder: TypeAlias = Callable[[Attempt], None]


def spent_in_vain(error: AppError) -> Usage:
    """What an attempt took that came to nothing: the call that failed, and what its details tell of calls before it."""
    last = error.usage if isinstance(error, ProviderError) else NOTHING_USED
    told = error.details
    model, cost = told.get("model"), told.get("cost_usd")
    counts = [told.get(name) for name in ("input_tokens", "cached_tokens", "output_tokens")]
    read, cached, written = (count if isinstance(count, int) else 0 for count in counts)
    return Usage(
        last.model or (model if isinstance(model, str) else ""),
        last.input_tokens + read,
        last.cached_tokens + cached,
        last.output_tokens + written,
        last.audio_seconds,
        last.cost_usd + (cost if isinstance(cost, int | float) else 0.0),
    )


def record_nothing(_attempt: Attempt) -> None:
    """For questions that leave no trace."""
