"""Hands the samples that the door has decoded to the worker, so that a note is decoded once.

They lie in the cache for a minute, encrypted under the person's own key. When they are not there, whatever the
reason, the worker decodes the stored recording.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from django.core.cache import cache
from redis.exceptions import RedisError

from voice_app import vault
from voice_app.types import SAMPLE_RATE, AudioClip

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand

KEEP_SECONDS = 60
LONGEST_KEPT_SECONDS = 30.0
_FULL_SCALE = 32768.0
"""The decoder's own scale, so that what is taken out is what was put in, to the bit."""


def keep_samples(command: VoiceCommand, clip: AudioClip) -> None:
    """Keep a short clip for the worker; a long one is worth decoding again."""
    if clip.seconds > LONGEST_KEPT_SECONDS:
        return
    pcm = (clip.samples * _FULL_SCALE).astype("<i2").tobytes()
    with suppress(RedisError):
        cache.set(_key(command), vault.encrypt(command.user, command.pk, pcm), KEEP_SECONDS)


def take_samples(command: VoiceCommand) -> AudioClip | None:
    """The clip that was kept for this command, None when there is none any more."""
    sealed = None
    with suppress(RedisError):
        sealed = cache.get(_key(command))
    if sealed is None:
        return None
    pcm = np.frombuffer(vault.decrypt(command.user, command.pk, sealed), dtype="<i2")
    return AudioClip(pcm.astype(np.float32) / _FULL_SCALE)


def _key(command: VoiceCommand) -> str:
    return f"decoded:{command.pk}:{SAMPLE_RATE}"
