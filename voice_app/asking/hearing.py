"""From a clip to its words: the engines of the speech chain, asked in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from voice_app.errors import SpeechEngineMissing
from voice_app.providers.attempts import Recorder, Skipped, record_nothing
from voice_app.providers.base import Deadline, SpeechToText
from voice_app.providers.breaker import Breaker
from voice_app.providers.calls import Link
from voice_app.providers.chain import ChainRules, Permit, first_answer, permit_all
from voice_app.providers.registry import LOCAL, Kind, model_name
from voice_app.providers.stt import vad
from voice_app.types import AudioClip, Transcript

MORE_FOR_LENGTH = 0.1
"""Seconds that a provider may take more for each second of a recording."""
LOCAL_SECONDS = 1.0
LOCAL_FOR_LENGTH = 0.5
"""What the local engine is given: so much at least, and so much for each second of a recording."""


def hear(
    engines: Sequence[SpeechToText],
    clip: AudioClip,
    *,
    language: str | None,
    hints: Sequence[str],
    deadline: Deadline,
    record: Recorder = record_nothing,
    permit: Permit = permit_all,
) -> Transcript:
    """The words of a clip, from the first engine that gives a good answer.

    Where the local engine comes after others, it is set to work beside them after a moment, so that a provider
    that hangs costs less than a second.

    Args:
        engines: In the order in which they are asked.
        clip: Sound of any kind; what holds no speech is sent to nobody.
        language: ISO 639-1 code, or None to detect it.
        hints: Names the speaker is likely to say.
        deadline: For all engines together.
        record: Told of every attempt.
        permit: Whether a provider may be asked for this person.

    Raises:
        SpeechEngineMissing: No engine is there.
        NoSpeech: Nobody speaks in it.
        voicebot.errors.AppError: The last engine's error.
    """
    if vad.is_installed():
        vad.find_speech(clip)
    links = [
        _link_of(place, engine, clip, partial(engine.transcribe, clip, language=language, hints=hints))
        for place, engine in enumerate(engines, 1)
    ]
    return first_answer(
        links,
        deadline=deadline,
        rules=ChainRules.from_settings(has_standby=True, more_seconds=MORE_FOR_LENGTH * clip.seconds),
        record=record,
        otherwise=SpeechEngineMissing(language=language or ""),
        permit=permit,
    )


def _link_of(place: int, engine: SpeechToText, clip: AudioClip, ask: Callable[..., Transcript]) -> Link[Transcript]:
    is_local = engine.name == LOCAL
    return Link(
        place,
        engine.name,
        lambda until: ask(deadline=until),
        engine.availability,
        model=model_name(Kind.SPEECH, engine.name),
        breaker=None if is_local else Breaker(f"{Kind.SPEECH}:{engine.name}"),
        needs_seconds=LOCAL_SECONDS + LOCAL_FOR_LENGTH * clip.seconds if is_local else 0.0,
        refusal=Skipped.CLIP_TOO_LONG if clip.seconds > engine.limits.max_seconds else "",
    )
