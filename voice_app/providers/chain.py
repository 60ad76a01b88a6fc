"""Asks the engines of a chain in order until one answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from voice_app.errors import SpeechEngineMissing
from voice_app.providers.base import Deadline, SpeechToText
from voicebot.errors import AppError, ErrorCategory

if TYPE_CHECKING:
    from voice_app.types import AudioClip, Transcript

log = structlog.get_logger(__name__)


def transcribe(
    engines: Sequence[SpeechToText],
    clip: AudioClip,
    *,
    language: str | None,
    hints: Sequence[str],
    deadline: Deadline,
) -> Transcript:
    """The first good answer; an engine that is off, or that fails by its own fault, is passed over.

    Raises:
        voicebot.errors.AppError: The last engine's error, or at once an error that lies in the clip itself.
        SpeechEngineMissing: When no engine is there.
    """
    last_error: AppError = SpeechEngineMissing(language=language or "")
    for engine in engines:
        if not engine.availability().ok or clip.seconds > engine.limits.max_seconds:
            continue
        try:
            return engine.transcribe(clip, language=language, hints=hints, deadline=deadline)
        except AppError as error:
            if error.category is ErrorCategory.INVALID:
                raise
            log.warning("speech_engine_failed", engine=engine.name, code=error.code)
            last_error = error
    raise last_error
