"""Turns a stored recording into samples."""

from __future__ import annotations

from voice_app import audio, decoded, vault
from voice_app.models import Recording, VoiceCommand
from voice_app.types import AudioClip
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Take what the door has decoded, else decrypt and decode; the clip stays in memory for the next stage."""
    command = work.command
    work.clip = decoded.take_samples(command) or _decode(command)
    if command.recording.seconds is None:
        Recording.objects.filter(pk=command.pk).update(seconds=work.clip.seconds)
    return StageReport(detail={"seconds": round(work.clip.seconds, 2)})


def _decode(command: VoiceCommand) -> AudioClip:
    data = vault.decrypt(command.user, command.pk, bytes(command.recording.ciphertext))
    return audio.decode(data, limits=audio.DecodeLimits.from_settings())
