"""OpenAI's Whisper through CTranslate2 (faster-whisper), eight-bit, on the processor."""

from __future__ import annotations

import importlib.util
import math
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from voice_app.errors import SpeechEngineMissing, SpeechTimedOut
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.stt.sharing import tell_share
from voice_app.providers.stt.weights import Weights, WeightsUnusable
from voice_app.types import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

_Library: TypeAlias = Any
"""Objects of faster-whisper and its tokenizer, which have no types."""

_ONE_PASS_SECONDS = 28
"""Without time stamps Whisper drops what lies beyond its window of 30 s; longer sound needs them."""

_MAX_PROMPT_TOKENS = 200
"""Whisper reads 223 tokens of prompt and cuts the beginning off; a name is better left out whole."""
_MAX_NAME_LENGTH = 60

_LOOP_RATIO = 2.4
"""Text that compresses better than this goes round in circles: Whisper's own measure."""
_LOOP = re.compile(r"\b((?:\S+\s+){1,8}?)(?:\1){3,}", re.IGNORECASE)

_SURE_OF_LANGUAGE = 0.5


@dataclass(frozen=True)
class Heard:
    """What the engine made of some samples."""

    text: str
    confidence: float | None


class WhisperEngine:
    """One Whisper model, loaded once and safe to call from several threads.

    Args:
        weights: The model's files.
        threads: Processor threads for one note.
    """

    def __init__(self, weights: Weights, *, threads: int) -> None:
        self.name = weights.label
        self._weights = weights
        self._threads = threads
        self._lock = threading.Lock()
        self._model: _Library = None
        self._failure = ""

    def availability(self) -> Availability:
        """Whether the engine and its weights are here; after a failed load, why it failed."""
        if self._model is not None:
            return Availability(ok=True)
        if importlib.util.find_spec("faster_whisper") is None or importlib.util.find_spec("ctranslate2") is None:
            return Availability(ok=False, reason="faster-whisper is not installed or has no build for this machine.")
        reason = self._failure or self._weights.problem()
        return Availability(ok=not reason, reason=reason)

    def warm_up(self) -> None:
        """Load the model and run it once, so that the first note does not wait for either.

        Raises:
            SpeechEngineMissing: When it cannot be loaded.
        """
        self.hear(np.zeros(SAMPLE_RATE, dtype=np.float32), language="en", names=(), deadline=Deadline.after(120))

    def detect_language(self, samples: npt.NDArray[np.float32]) -> str:
        """The language of the first 30 s as ISO 639-1; English where no language is likelier than the rest together.

        Raises:
            SpeechEngineMissing: When the model cannot be loaded.
        """
        language, probability, _ = self._load().detect_language(samples)
        return str(language) if probability >= _SURE_OF_LANGUAGE else "en"

    def hear(
        self, samples: npt.NDArray[np.float32], *, language: str, names: Sequence[str], deadline: Deadline
    ) -> Heard:
        """The words in samples that hold speech alone.

        Args:
            samples: Finite mono float32 at 16 kHz.
            language: ISO 639-1 code that the model knows.
            names: What the speaker's own things and people are called.
            deadline: Checked between windows of 30 s.

        Raises:
            SpeechEngineMissing: When the model cannot be loaded.
            SpeechTimedOut: When the deadline passes first.
        """
        model = self._load()
        segments, _ = model.transcribe(
            samples,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=len(samples) < _ONE_PASS_SECONDS * SAMPLE_RATE,
            initial_prompt=_prompt(names, model.hf_tokenizer) or None,
        )
        texts, weighted, tokens = [], 0.0, 0
        while True:
            if deadline.remaining_seconds <= 0:
                raise SpeechTimedOut
            segment = next(segments, None)
            if segment is None:
                break
            texts.append(_unloop(segment.text) if segment.compression_ratio > _LOOP_RATIO else segment.text)
            weighted += segment.avg_logprob * len(segment.tokens)
            tokens += len(segment.tokens)
            tell_share(min(1.0, segment.end * SAMPLE_RATE / len(samples)))
        confidence = round(min(1.0, math.exp(weighted / tokens)), 3) if tokens else None
        return Heard("".join(texts).strip(), confidence)

    def knows(self, language: str) -> bool:
        """Whether the loaded model has this language.

        Raises:
            SpeechEngineMissing: When the model cannot be loaded.
        """
        return language in self._load().supported_languages

    def _load(self) -> _Library:
        with self._lock:
            if self._model is None:
                self._model = self._open()
            return self._model

    def _open(self) -> _Library:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        try:
            from faster_whisper import WhisperModel

            folder = str(self._weights.folder())
            return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=self._threads, num_workers=1)
        except WeightsUnusable as error:
            self._failure = str(error)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            self._failure = f"{self.name} cannot be loaded ({type(error).__name__}); run: {self._weights.remedy}"
        raise SpeechEngineMissing


def _prompt(names: Sequence[str], tokenizer: _Library) -> str:
    """The names as a person would list them, as many as fit; empty without names."""
    clean = (" ".join("".join(c if c.isprintable() else " " for c in name).split()) for name in names)
    kept: list[str] = []
    used = 0
    for name in dict.fromkeys(name for name in clean if 0 < len(name) <= _MAX_NAME_LENGTH):
        used += len(tokenizer.encode(f" {name},", add_special_tokens=False).ids)
        if used > _MAX_PROMPT_TOKENS:
            break
        kept.append(name)
    return f"{', '.join(kept)}." if kept else ""


def _unloop(text: str) -> str:
    """A phrase of up to eight words that is said four times and more in a row is kept once."""
    return _LOOP.sub(r"\1", text)
