"""Where in a clip somebody speaks, by the Silero voice activity model that comes with faster-whisper.

Without this gate every recogniser invents words for silence and noise.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from voice_app.errors import NoSpeech
from voice_app.types import SAMPLE_RATE, AudioClip

if TYPE_CHECKING:
    import numpy.typing as npt

Span: TypeAlias = tuple[int, int]
"""First sample, and the one after the last."""

WINDOW = 512
"""Samples that the model judges at once: 32 ms."""

_SPEECH = 0.5
_NOT_SPEECH = 0.35
_MIN_WINDOWS = 2
"""A single window over the threshold is a click, not a word."""


@dataclass(frozen=True)
class SpanRule:
    """How windows become spans; a pause is at least twice the padding, so spans never overlap."""

    pause_seconds: float = 2.0
    pad_seconds: float = 0.4
    max_seconds: float = float("inf")


WHISPER_RULE = SpanRule()
"""The one that faster-whisper's own filter follows, so that both hear the same sound."""


def is_installed() -> bool:
    """Whether the model is here."""
    return all(importlib.util.find_spec(name) is not None for name in ("faster_whisper", "onnxruntime"))


def find_speech(clip: AudioClip, rule: SpanRule = WHISPER_RULE) -> tuple[Span, ...]:
    """The spans of a clip that hold speech, padded, in order.

    Raises:
        NoSpeech: There is none.
    """
    likely = _probabilities_of(clip)
    if int((likely > _SPEECH).sum()) < _MIN_WINDOWS:
        raise NoSpeech
    return tuple(speech_spans(likely.tolist(), len(clip.samples), rule))


def join_spans(samples: npt.NDArray[np.float32], spans: Sequence[Span]) -> npt.NDArray[np.float32]:
    """The samples of the spans alone, one after the other."""
    return np.concatenate([samples[start:end] for start, end in spans])


def speech_probabilities(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probability of speech for each window of :data:`WINDOW` samples; the end is filled up with zeros."""
    padded = np.pad(samples, (0, WINDOW - len(samples) % WINDOW))
    likely: npt.NDArray[np.float32] = np.asarray(_model()(padded), dtype=np.float32).reshape(-1)
    return likely


def speech_spans(likely: Sequence[float], length: int, rule: SpanRule) -> list[Span]:
    """Spans from the probabilities of the windows of a clip with ``length`` samples.

    Speech starts at 0.5 and ends where it stays under 0.35 for a whole pause (hysteresis).
    """
    pause, pad = rule.pause_seconds * SAMPLE_RATE, int(rule.pad_seconds * SAMPLE_RATE)
    spans: list[Span] = []
    start = quiet = None
    for number, value in enumerate(likely):
        at = number * WINDOW
        if value >= _SPEECH:
            quiet = None
            start = at if start is None else start
        elif value < _NOT_SPEECH and start is not None:
            quiet = at if quiet is None else quiet
            if at - quiet >= pause:
                spans.append((start, quiet))
                start = quiet = None
    if start is not None:
        spans.append((start, length))
    padded = [(max(0, first - pad), min(length, last + pad)) for first, last in spans]
    return [part for span in padded for part in _cut(span, likely, rule.max_seconds)]


def _cut(span: Span, likely: Sequence[float], max_seconds: float) -> list[Span]:
    """Pieces of at most that length, cut where speech is least likely in the last third of each."""
    start, end = span
    parts: list[Span] = []
    while end - start > max_seconds * SAMPLE_RATE:
        longest = int(max_seconds * SAMPLE_RATE)
        windows = range((start + longest * 2 // 3) // WINDOW, (start + longest) // WINDOW)
        quietest = min(windows, key=lambda number: likely[number]) * WINDOW
        parts.append((start, quietest))
        start = quietest
    return [*parts, (start, end)]


_known: WeakKeyDictionary[AudioClip, npt.NDArray[np.float32]] = WeakKeyDictionary()


def _probabilities_of(clip: AudioClip) -> npt.NDArray[np.float32]:
    """The model runs once for a clip, whoever asks: gate and engine share the result."""
    likely = _known.get(clip)
    if likely is None:
        likely = _known[clip] = speech_probabilities(clip.samples)
    return likely


@lru_cache(maxsize=1)
def _model() -> Callable[[npt.NDArray[np.float32]], npt.ArrayLike]:
    from faster_whisper.vad import get_vad_model

    model: Callable[[npt.NDArray[np.float32]], npt.ArrayLike] = get_vad_model()
    return model
