"""Speech to text on this machine, with no key: the best engine that is here for the language."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice_app.errors import NoSpeech, SpeechEngineMissing
from voice_app.providers.base import AudioLimits, Availability, Deadline
from voice_app.providers.stt import vad
from voice_app.providers.stt.moonshine import MOONSHINE_RULE, MoonshineEngine
from voice_app.providers.stt.weights import BASE, TINY_EN, WeightStore
from voice_app.providers.stt.whisper import WhisperEngine
from voice_app.types import AudioClip, Transcript

_MOST_THREADS = 4
"""A small model gains nothing from more."""


@dataclass(frozen=True)
class EnginePart:
    """One engine inside the local one, for the start screen and doctor."""

    name: str
    on: bool
    reason: str
    """Why it is off and what to do about it; what it is for when it is on."""


class LocalSpeech:
    """Whisper tiny.en for English, Whisper base for other languages, Moonshine where neither is.

    Args:
        store: Finds the weights.
        threads: Processor threads for one note; 0 chooses by the processors this process may use.
        max_seconds: The longest clip it takes.
    """

    name = "local"

    def __init__(self, store: WeightStore, *, threads: int = 0, max_seconds: float = 600.0) -> None:
        self.limits = AudioLimits(max_seconds=max_seconds)
        threads = threads or min(_MOST_THREADS, _processors())
        self._english = WhisperEngine(TINY_EN, store, threads=threads)
        self._any = WhisperEngine(BASE, store, threads=threads)
        self._moonshine = MoonshineEngine(store, has_gate=vad.is_installed())

    @classmethod
    def from_settings(cls) -> LocalSpeech:
        """The engine as the operator set it up."""
        from django.conf import settings

        override = Path(settings.STT_MODEL_DIR) if settings.STT_MODEL_DIR else None
        return cls(
            WeightStore(Path(settings.VOICE_CACHE_DIR), override),
            threads=settings.STT_THREADS,
            max_seconds=settings.VOICE_MAX_AUDIO_SECONDS,
        )

    def describe(self) -> tuple[EnginePart, ...]:
        """Each engine, whether it is on, and what it is for or why it is off."""
        return tuple(
            EnginePart(engine.name, found.ok, purpose if found.ok else found.reason)
            for engine, purpose in (
                (self._english, "English"),
                (self._any, "other languages, and to find out which is spoken"),
                (self._moonshine, "English, where Whisper is not there"),
            )
            for found in (engine.availability(),)
        )

    def availability(self) -> Availability:
        """Whether any engine is here; looks no further than the first that is."""
        first = self._english.availability()
        if first.ok or any(engine.availability().ok for engine in (self._any, self._moonshine)):
            return Availability(ok=True)
        return first

    def warm_up(self) -> None:
        """Load what will be used: tiny.en and base, else Moonshine. What cannot be loaded is off from then on."""
        for engine in (self._english, self._any):
            _try_to_load(engine)
        if not self._english.availability().ok and not self._any.availability().ok:
            _try_to_load(self._moonshine)

    def transcribe(
        self, clip: AudioClip, *, language: str | None, hints: Sequence[str], deadline: Deadline
    ) -> Transcript:
        """Hear a clip; what is not speech is left out before any engine runs.

        Args:
            clip: Sound of any kind.
            language: ISO 639-1 code, also with a region (``en-GB``); None detects it, which takes twice as long.
            hints: Names the speaker is likely to say.
            deadline: When the answer is no longer wanted.

        Raises:
            NoSpeech: Nobody speaks.
            SpeechEngineMissing: No engine here hears the language.
            SpeechTimedOut: The deadline passed.
        """
        clip = _finite(clip)
        wanted = language.partition("-")[0].lower() if language else None
        for hear in (self._by_whisper, self._by_moonshine):
            try:
                return hear(clip, wanted, hints, deadline)
            except SpeechEngineMissing:
                continue
        raise SpeechEngineMissing(language=wanted or "")

    def _by_whisper(self, clip: AudioClip, wanted: str | None, hints: Sequence[str], deadline: Deadline) -> Transcript:
        has_english, has_any = self._english.availability().ok, self._any.availability().ok
        if not has_english and not has_any:
            raise SpeechEngineMissing
        speech = vad.join_spans(clip.samples, vad.find_speech(clip))
        if wanted is None:
            wanted = self._any.detect_language(speech) if has_any else "en"
        engine = self._english if wanted == "en" and has_english else self._any
        if not engine.availability().ok or not engine.knows(wanted):
            raise SpeechEngineMissing(language=wanted)
        heard = engine.hear(speech, language=wanted, names=hints, deadline=deadline)
        return _transcript(heard.text, wanted, engine.name, heard.confidence)

    def _by_moonshine(
        self, clip: AudioClip, wanted: str | None, _hints: Sequence[str], deadline: Deadline
    ) -> Transcript:
        if wanted not in {None, "en"} or not self._moonshine.availability().ok:
            raise SpeechEngineMissing
        parts = [clip.samples]
        if vad.is_installed():
            parts = [clip.samples[start:end] for start, end in vad.find_speech(clip, MOONSHINE_RULE)]
        text = self._moonshine.hear(parts, deadline=deadline)
        return _transcript(text, "en", self._moonshine.name, None)


def _transcript(text: str, language: str, engine: str, confidence: float | None) -> Transcript:
    if not text:
        raise NoSpeech
    return Transcript(text=text, language=language, engine=engine, confidence=confidence)


def _finite(clip: AudioClip) -> AudioClip:
    """A single value that is no number would turn the whole text into nonsense."""
    if np.isfinite(clip.samples).all():
        return clip
    return AudioClip(np.nan_to_num(clip.samples, nan=0.0, posinf=0.0, neginf=0.0))


def _try_to_load(engine: WhisperEngine | MoonshineEngine) -> None:
    if not engine.availability().ok:
        return
    try:
        engine.warm_up()
    except SpeechEngineMissing:
        return


def _processors() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
