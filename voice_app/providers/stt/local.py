"""Speech to text on this machine, with no key: the best engine that is here for the language."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from voice_app.errors import NoSpeech, SpeechEngineMissing
from voice_app.providers.base import AudioLimits, Availability, Deadline
from voice_app.providers.stt import vad
from voice_app.providers.stt.catalogue import EngineKind, SpeechModel
from voice_app.providers.stt.fetched import FetchedModels
from voice_app.providers.stt.moonshine import MOONSHINE_RULE, MoonshineEngine
from voice_app.providers.stt.weights import BASE, MOONSHINE_TINY_EN, TINY_EN, WeightStore
from voice_app.providers.stt.whisper import WhisperEngine
from voice_app.types import AudioClip, Transcript

_MOST_THREADS = 4
"""A small model gains nothing from more."""

_INSTALLED_QUALITY = 20
_CHOSEN_QUALITY = 1000
"""What lies in ``STT_MODEL_DIR`` is the operator's choice and goes before everything else."""
_LAST_QUALITY = 5

_Engine: TypeAlias = WhisperEngine | MoonshineEngine


@dataclass(frozen=True)
class EnginePart:
    """One engine inside the local one, for the start screen and doctor."""

    name: str
    on: bool
    reason: str
    """Why it is off and what to do about it; what it is for when it is on."""


@dataclass(frozen=True)
class _Candidate:
    """An engine that may be asked, and for what."""

    engine: _Engine
    quality: int
    languages: tuple[str, ...]
    """Empty is all that Whisper knows."""
    purpose: str
    fetched: SpeechModel | None = None
    """None for an engine whose weights are installed."""

    @property
    def rank(self) -> tuple[int, int]:
        """The smallest is asked first: the best, and of equally good ones the one for fewer languages."""
        return -self.quality, len(self.languages) or 100


class LocalSpeech:
    """Whisper tiny.en for English, base for other languages, Moonshine where neither is; better ones that were fetched.

    Args:
        store: Finds the weights that are installed.
        fetched: Finds those that the operator fetched; None for none.
        threads: Processor threads for one note; 0 chooses by the processors this process may use.
        max_seconds: The longest clip it takes.
    """

    name = "local"

    def __init__(
        self,
        store: WeightStore,
        *,
        fetched: FetchedModels | None = None,
        threads: int = 0,
        max_seconds: float = 600.0,
    ) -> None:
        self.limits = AudioLimits(max_seconds=max_seconds)
        self._fetched = fetched
        threads = threads or min(_MOST_THREADS, _processors())
        self._known = [*_installed(store, threads), *(_of_fetched(fetched, threads) if fetched else ())]

    @classmethod
    def from_settings(cls) -> LocalSpeech:
        """The engine as the operator set it up."""
        from django.conf import settings

        override = Path(settings.STT_MODEL_DIR) if settings.STT_MODEL_DIR else None
        return cls(
            WeightStore(Path(settings.VOICE_CACHE_DIR), override),
            fetched=FetchedModels.from_settings(),
            threads=settings.STT_THREADS,
            max_seconds=settings.VOICE_MAX_AUDIO_SECONDS,
        )

    def describe(self) -> tuple[EnginePart, ...]:
        """Each engine, whether it is on, and what it is for or why it is off; of fetched models those that are here."""
        return tuple(
            EnginePart(candidate.engine.name, found.ok, candidate.purpose if found.ok else found.reason)
            for candidate in self._here()
            for found in (candidate.engine.availability(),)
        )

    def availability(self) -> Availability:
        """Whether any engine is here; looks no further than the first that is."""
        first = self._known[0].engine.availability()
        if first.ok or any(candidate.engine.availability().ok for candidate in self._here()[1:]):
            return Availability(ok=True)
        return first

    def warm_up(self) -> None:
        """Load what will be used. What cannot be loaded is off from then on, and the next one is loaded instead."""
        languages = {"en", ""}.union(*(candidate.languages for candidate in self._here()))
        for language in sorted(languages):
            any(_can_load(candidate.engine) for candidate in self._candidates(language))
        any(_can_load(engine) for engine in self._detectors())

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
        wanted = language.partition("-")[0].lower() if language else self._detect(clip)
        for candidate in self._candidates(wanted):
            try:
                if isinstance(candidate.engine, WhisperEngine):
                    return _by_whisper(candidate.engine, clip, wanted, hints, deadline)
                return _by_moonshine(candidate.engine, clip, wanted, deadline)
            except SpeechEngineMissing:
                continue
        raise SpeechEngineMissing(language=wanted)

    def _here(self) -> list[_Candidate]:
        """Without the models that could be fetched and are not; a model counts as soon as it is."""
        fetched = self._fetched
        return [
            candidate
            for candidate in self._known
            if candidate.fetched is None or (fetched is not None and fetched.has(candidate.fetched))
        ]

    def _candidates(self, language: str) -> list[_Candidate]:
        """The engines for a language that are on, the best one first; an empty language wants those that hear many."""
        found = [candidate for candidate in self._here() if not candidate.languages or language in candidate.languages]
        return [
            candidate for candidate in sorted(found, key=lambda one: one.rank) if candidate.engine.availability().ok
        ]

    def _detectors(self) -> list[WhisperEngine]:
        """The engines that tell languages apart, the installed and then the smallest first, since they are quick."""
        many = [candidate for candidate in self._here() if not candidate.languages]
        many.sort(key=lambda one: one.fetched.size if one.fetched else 0)
        engines = [one.engine for one in many if isinstance(one.engine, WhisperEngine)]
        return [engine for engine in engines if engine.availability().ok]

    def _detect(self, clip: AudioClip) -> str:
        for engine in self._detectors():
            try:
                return engine.detect_language(_speech_in(clip))
            except SpeechEngineMissing:
                continue
        return "en"


def _installed(store: WeightStore, threads: int) -> tuple[_Candidate, ...]:
    quality = _INSTALLED_QUALITY if store.override is None else _CHOSEN_QUALITY
    moonshine = MoonshineEngine(store.weights(MOONSHINE_TINY_EN), has_gate=vad.is_installed())
    many = "other languages, and to find out which is spoken"
    return (
        _Candidate(WhisperEngine(store.weights(TINY_EN), threads=threads), quality, ("en",), "English"),
        _Candidate(WhisperEngine(store.weights(BASE), threads=threads), quality, (), many),
        _Candidate(moonshine, _LAST_QUALITY, ("en",), "English, where Whisper is not there"),
    )


def _of_fetched(fetched: FetchedModels, threads: int) -> tuple[_Candidate, ...]:
    return tuple(
        _Candidate(
            _fetched_engine(fetched, model, threads),
            model.quality,
            model.languages,
            f"fetched, for {', '.join(model.languages) or 'all languages'}",
            model,
        )
        for model in fetched.models
    )


def _fetched_engine(fetched: FetchedModels, model: SpeechModel, threads: int) -> _Engine:
    weights = fetched.weights(model)
    if model.engine is EngineKind.WHISPER:
        return WhisperEngine(weights, threads=threads)
    return MoonshineEngine(
        weights,
        has_gate=vad.is_installed(),
        architecture=model.architecture,
        tokens_per_second=model.tokens_per_second,
    )


def _by_whisper(
    engine: WhisperEngine, clip: AudioClip, wanted: str, hints: Sequence[str], deadline: Deadline
) -> Transcript:
    speech = _speech_in(clip)
    if not engine.knows(wanted):
        raise SpeechEngineMissing(language=wanted)
    heard = engine.hear(speech, language=wanted, names=hints, deadline=deadline)
    return _transcript(heard.text, wanted, engine.name, heard.confidence)


def _by_moonshine(engine: MoonshineEngine, clip: AudioClip, wanted: str, deadline: Deadline) -> Transcript:
    parts = [clip.samples]
    if vad.is_installed():
        parts = [clip.samples[start:end] for start, end in vad.find_speech(clip, MOONSHINE_RULE)]
    return _transcript(engine.hear(parts, deadline=deadline), wanted, engine.name, None)


def _speech_in(clip: AudioClip) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return vad.join_spans(clip.samples, vad.find_speech(clip))


def _transcript(text: str, language: str, engine: str, confidence: float | None) -> Transcript:
    if not text:
        raise NoSpeech
    return Transcript(text=text, language=language, engine=engine, confidence=confidence)


def _finite(clip: AudioClip) -> AudioClip:
    """A single value that is no number would turn the whole text into nonsense."""
    if np.isfinite(clip.samples).all():
        return clip
    return AudioClip(np.nan_to_num(clip.samples, nan=0.0, posinf=0.0, neginf=0.0))


def _can_load(engine: _Engine) -> bool:
    try:
        engine.warm_up()
    except SpeechEngineMissing:
        return False
    return True


def _processors() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
