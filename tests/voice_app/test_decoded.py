"""What the door decoded is what the worker hears."""

from __future__ import annotations

import numpy as np
from django.core.cache import cache

from tasks_app.context import Actor
from tests.voice_app.conftest import SAMPLES
from voice_app import audio, decoded, services
from voice_app.types import SAMPLE_RATE, AudioClip

NOTE = (SAMPLES / "call-mom.ogg").read_bytes()


def test_the_samples_come_back_to_the_bit_and_are_not_readable_in_between(actor: Actor) -> None:
    command = services.submit_audio(actor, NOTE, external_id="k1").command

    taken = decoded.take_samples(command)

    assert taken is not None
    clip = audio.decode(NOTE)
    assert np.array_equal(taken.samples, clip.samples)
    sealed = cache.get(f"decoded:{command.pk}:{SAMPLE_RATE}")
    assert (clip.samples[:4000] * 32768).astype("<i2").tobytes() not in sealed


def test_without_them_the_recording_is_decoded(actor: Actor) -> None:
    command = services.submit_audio(actor, NOTE, external_id="k1").command
    cache.clear()
    assert decoded.take_samples(command) is None


def test_a_long_clip_is_not_kept(actor: Actor) -> None:
    command = services.submit_text(actor, "Buy milk", external_id="k1").command
    decoded.keep_samples(command, AudioClip(np.zeros(SAMPLE_RATE * 31, dtype=np.float32)))
    assert decoded.take_samples(command) is None
