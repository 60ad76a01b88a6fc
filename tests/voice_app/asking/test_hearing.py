"""Who hears a clip: silence goes to nobody, and a provider that fails or hangs is made up for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from pytest_django import Settings

from tests.voice_app.conftest import SAMPLES
from voice_app.asking.hearing import hear
from voice_app.audio import decode
from voice_app.errors import NoSpeech, SpeechEngineMissing
from voice_app.providers.attempts import Attempt, Skipped
from voice_app.providers.base import AudioLimits, Availability, Deadline
from voice_app.providers.errors import ProviderUnreachable
from voice_app.types import SAMPLE_RATE, AudioClip, Transcript
from voicebot.errors import AppError

ANY_LENGTH = AudioLimits(600.0)


@dataclass
class Engine:
    """A speech engine that answers, fails or hangs."""

    name: str
    error: AppError | None = None
    hangs: threading.Event | None = None
    limits: AudioLimits = ANY_LENGTH
    asked: int = field(default=0)

    def availability(self) -> Availability:
        return Availability(ok=True)

    def transcribe(
        self, clip: AudioClip, *, language: str | None, hints: Sequence[str], deadline: Deadline
    ) -> Transcript:
        self.asked += 1
        if self.hangs:
            self.hangs.wait(30.0)
        if self.error:
            raise self.error
        return Transcript("call mum", language or "en", self.name)


@pytest.fixture(autouse=True)
def _own_breakers(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture(scope="module")
def note() -> AudioClip:
    return decode((SAMPLES / "call-mom.ogg").read_bytes())


def listen(clip: AudioClip, *engines: Engine) -> tuple[str, list[Attempt]]:
    attempts: list[Attempt] = []
    heard = hear(engines, clip, language="en", hints=(), deadline=Deadline.after(10.0), record=attempts.append)
    return heard.engine, attempts


@pytest.mark.speech
def test_silence_goes_to_nobody() -> None:
    engine = Engine("openai")
    with pytest.raises(NoSpeech):
        listen(AudioClip(np.zeros(SAMPLE_RATE, dtype=np.float32)), engine)
    assert engine.asked == 0


@pytest.mark.speech
@pytest.mark.parametrize("error", [ProviderUnreachable(), NoSpeech()])
def test_what_a_provider_does_not_hear_the_local_engine_hears(note: AudioClip, error: AppError) -> None:
    engine, attempts = listen(note, Engine("openai", error), Engine("local"))
    assert engine == "local"
    assert [attempt.error_code for attempt in attempts] == [error.code, ""]


@pytest.mark.speech
def test_a_provider_that_hangs_costs_less_than_a_second(note: AudioClip, hanging: threading.Event) -> None:
    listen(note, Engine("local"))
    began = time.monotonic()
    assert listen(note, Engine("openai", hangs=hanging), Engine("local"))[0] == "local"
    assert time.monotonic() - began < 1.0


@pytest.mark.speech
def test_a_clip_that_is_too_long_for_a_provider_is_not_sent(note: AudioClip) -> None:
    short = Engine("openai", limits=AudioLimits(0.5))
    engine, attempts = listen(note, short, Engine("local"))
    assert (engine, short.asked, attempts[0].error_code) == ("local", 0, Skipped.CLIP_TOO_LONG)


@pytest.mark.speech
def test_without_an_engine_there_is_a_name_for_it(note: AudioClip) -> None:
    with pytest.raises(SpeechEngineMissing):
        listen(note)
