"""The rows of a command's timeline that tell of engines, and where what they took is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voice_app.asking.spending import count_usage
from voice_app.models import StageRecord

if TYPE_CHECKING:
    from voice_app.providers.attempts import Attempt

MODEL_LENGTH = 100
"""Characters of a model's name that are kept."""


def record_of(attempt: Attempt, stage: str) -> StageRecord:
    """One engine's part in a stage, of no command yet.

    Args:
        attempt: What the engine did.
        stage: ``transcribe`` or ``understand``.
    """
    usage = attempt.usage
    return StageRecord(
        attempt=1,
        stage=stage,
        link=attempt.link,
        started_at=attempt.started_at,
        seconds=attempt.seconds,
        outcome=attempt.outcome.value,
        provider=attempt.provider,
        model=attempt.model[:MODEL_LENGTH],
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        audio_seconds=usage.audio_seconds,
        cost_usd=usage.cost_usd,
        error_code=attempt.error_code,
    )


def keep_records(user_id: int, records: Sequence[StageRecord]) -> None:
    """Store a step's records and count what its engines took; within the transaction of the step.

    Args:
        user_id: Whose command.
        records: All of one command.
    """
    StageRecord.objects.bulk_create(records)
    count_usage(user_id, records)
