"""Moonshine: one small model for each language, and English where Whisper cannot be installed."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from voice_app.errors import SpeechEngineMissing, SpeechTimedOut
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.stt.sharing import tell_share
from voice_app.providers.stt.vad import SpanRule
from voice_app.providers.stt.weights import Weights, WeightsUnusable
from voice_app.types import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_Library: TypeAlias = Any
"""Objects of moonshine-voice, which have no types."""

MOONSHINE_RULE = SpanRule(pause_seconds=0.8, pad_seconds=0.3, max_seconds=15.0)
"""It falls into repetitions over much longer spans."""

_IMPORTS = ("moonshine_voice", "requests", "tqdm", "filelock", "platformdirs")
_SPURIOUS_SECONDS = 0.4


class MoonshineEngine:
    """A Moonshine model, loaded once; calls wait for each other, since the library hands out memory it reuses.

    Args:
        weights: The model's files.
        has_gate: Whether it is given speech alone; without a gate it uses its own.
        architecture: Of the model, as the library names it.
        tokens_per_second: Beyond which it takes what it hears for a repetition; None is the library's own bound.
    """

    def __init__(
        self,
        weights: Weights,
        *,
        has_gate: bool,
        architecture: str = "TINY",
        tokens_per_second: float | None = None,
    ) -> None:
        self.name = weights.label
        self._weights = weights
        self._has_gate = has_gate
        self._architecture = architecture
        self._options = {"return_audio_data": "false"}
        if has_gate:
            self._options["vad_threshold"] = "0"
        if tokens_per_second is not None:
            self._options["max_tokens_per_second"] = str(tokens_per_second)
        self._lock = threading.Lock()
        self._transcriber: _Library = None
        self._failure = ""

    def availability(self) -> Availability:
        """Whether the engine and its weights are here; after a failed load, why it failed."""
        if self._transcriber is not None:
            return Availability(ok=True)
        missing = [name for name in _IMPORTS if importlib.util.find_spec(name) is None]
        if missing:
            return Availability(
                ok=False, reason=f"{missing[0]} is not installed; Moonshine has no build for every machine."
            )
        reason = self._failure or self._weights.problem()
        return Availability(ok=not reason, reason=reason)

    def warm_up(self) -> None:
        """Load the model.

        Raises:
            SpeechEngineMissing: When it cannot be loaded.
        """
        with self._lock:
            self._load()

    def hear(self, parts: Sequence[npt.NDArray[np.float32]], *, deadline: Deadline) -> str:
        """The words in the parts of a clip.

        Args:
            parts: Finite mono float32 at 16 kHz, each at most 15 s when a gate cut them.
            deadline: Checked between parts.

        Raises:
            SpeechEngineMissing: When the model cannot be loaded.
            SpeechTimedOut: When the deadline passes first.
        """
        texts: list[str] = []
        for number, part in enumerate(parts, 1):
            if deadline.remaining_seconds <= 0:
                raise SpeechTimedOut
            with self._lock:
                lines = self._load().transcribe_without_streaming(part.tolist(), SAMPLE_RATE).lines
                texts += [line.text.strip() for line in lines if not self._is_spurious(line)]
            tell_share(number / len(parts))
        return " ".join(text for text in texts if text)

    def _is_spurious(self, line: _Library) -> bool:
        """Its own gate carries state over from the clip before: a first line that is too short for a word."""
        return not self._has_gate and line.start_time <= 0 and line.duration < _SPURIOUS_SECONDS

    def _load(self) -> _Library:
        if self._transcriber is None:
            self._transcriber = self._open()
        return self._transcriber

    def _open(self) -> _Library:
        try:
            from moonshine_voice import ModelArch
            from moonshine_voice.errors import MoonshineError
            from moonshine_voice.transcriber import Transcriber
        except (ImportError, OSError) as error:
            self._failure = f"{self.name} cannot be loaded ({type(error).__name__}); it needs a newer system."
            raise SpeechEngineMissing from error
        try:
            folder = str(self._weights.folder())
            return Transcriber(folder, ModelArch[self._architecture], options=self._options)
        except WeightsUnusable as error:
            self._failure = str(error)
        except MoonshineError:
            self._failure = f"{self.name} cannot be loaded; run: {self._weights.remedy}"
        raise SpeechEngineMissing
