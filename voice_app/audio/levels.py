"""How loud a clip is. pydub is given raw samples and never a path, since by path it opens what a file names."""

from __future__ import annotations

import warnings
from typing import Any, TypeAlias

import numpy as np

from voice_app.types import SAMPLE_RATE, AudioClip

with warnings.catch_warnings():
    # pydub looks for an ffmpeg on the path, which is not used here, and has invalid escapes in its patterns.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_Segment: TypeAlias = Any
"""pydub has no types."""

NEAR_SILENT_DBFS = -60.0
"""Peak, in decibels below full scale, under which there is nothing to hear."""


def level_dbfs(clip: AudioClip) -> float:
    """Mean level in decibels below full scale; minus infinity for digital silence."""
    return float(_segment(clip).dBFS)


def is_near_silent(clip: AudioClip) -> bool:
    """Whether not even the loudest moment can be heard."""
    return float(_segment(clip).max_dBFS) < NEAR_SILENT_DBFS


def _segment(clip: AudioClip) -> _Segment:
    raw = (np.clip(clip.samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    return AudioSegment(data=raw, sample_width=2, frame_rate=SAMPLE_RATE, channels=1)
