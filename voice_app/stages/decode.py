"""Turns a stored recording into samples."""

from __future__ import annotations

from voice_app import audio, vault
from voice_app.models import Recording
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Decrypt and decode; the clip stays in memory for the next stage."""
    command = work.command
    recording = command.recording
    data = vault.decrypt(command.user, command.pk, bytes(recording.ciphertext))
    work.clip = audio.decode(data, limits=audio.DecodeLimits.from_settings())
    if recording.seconds is None:
        Recording.objects.filter(pk=recording.pk).update(seconds=work.clip.seconds)
    return StageReport(detail={"seconds": round(work.clip.seconds, 2)})
