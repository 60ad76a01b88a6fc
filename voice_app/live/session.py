"""The sound that one connection brings: gathered up to the end of an utterance, within limits."""

from __future__ import annotations

import io
import time
import wave
from collections.abc import Callable

from voice_app.errors import AudioEmpty, AudioTooLong
from voice_app.live.errors import FrameIncomplete, FrameTooLarge, SoundTooFast
from voice_app.live.protocol import MAX_SOUND_FRAME_BYTES, SAMPLE_BYTES

SPEED_LIMIT = 4.0
"""Seconds of sound a second may bring on average; above 1 so that a client can catch up after a break."""


class SoundBuffer:
    """PCM frames of the utterance in progress.

    Args:
        sample_rate: Hz, one channel of 16-bit little-endian samples.
        max_seconds: The longest utterance; also how much may come in one burst.
        clock: Monotonic seconds.
    """

    def __init__(self, sample_rate: int, max_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = sample_rate
        self._max_seconds = max_seconds
        self._max_bytes = int(max_seconds * sample_rate) * SAMPLE_BYTES
        self._clock = clock
        self._frames = bytearray()
        self._is_too_long = False
        self._allowance = max_seconds
        self._counted_at = clock()

    @property
    def seconds(self) -> float:
        """How much has been gathered."""
        return len(self._frames) / (self._rate * SAMPLE_BYTES)

    def add(self, frame: bytes) -> None:
        """Gather one frame.

        Raises:
            FrameTooLarge, FrameIncomplete, SoundTooFast: The frame is not taken.
            AudioTooLong: Once for an utterance; the rest of it is dropped up to its end.
        """
        if len(frame) > MAX_SOUND_FRAME_BYTES:
            raise FrameTooLarge
        if len(frame) % SAMPLE_BYTES:
            raise FrameIncomplete
        self._count(len(frame) / (self._rate * SAMPLE_BYTES))
        if self._is_too_long:
            return
        if len(self._frames) + len(frame) > self._max_bytes:
            self._is_too_long = True
            self._frames.clear()
            raise AudioTooLong(limit_seconds=int(self._max_seconds))
        self._frames += frame

    def take(self) -> bytes | None:
        """The utterance as a WAV file, None when it was refused for its length; the buffer starts anew.

        Raises:
            AudioEmpty: Nothing was said.
        """
        sound, was_too_long = bytes(self._frames), self._is_too_long
        self.clear()
        if was_too_long:
            return None
        if not sound:
            raise AudioEmpty
        return wav_file(sound, self._rate)

    def clear(self) -> None:
        """Forget what was gathered."""
        self._frames.clear()
        self._is_too_long = False

    def _count(self, seconds: float) -> None:
        now = self._clock()
        self._allowance = min(self._max_seconds, self._allowance + (now - self._counted_at) * SPEED_LIMIT)
        self._counted_at = now
        self._allowance -= seconds
        if self._allowance < 0:
            raise SoundTooFast


def wav_file(pcm: bytes, sample_rate: int) -> bytes:
    """Raw 16-bit mono samples as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(SAMPLE_BYTES)
        writer.setframerate(sample_rate)
        writer.writeframes(pcm)
    return out.getvalue()
