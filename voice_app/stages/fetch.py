"""Brings a recording from the chat platform that keeps it, and stores it encrypted."""

from __future__ import annotations

from django.conf import settings

from voice_app import ports, vault
from voice_app.models import Recording
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Fetch and store; the bytes are safe with the row that says so."""
    command = work.command
    remote = command.remote_audio
    data = ports.fetcher_for(remote.platform).fetch(remote.reference, max_bytes=settings.VOICE_MAX_AUDIO_BYTES)
    Recording.objects.update_or_create(
        command=command,
        defaults={
            "ciphertext": vault.encrypt(command.user, command.pk, data),
            "size_bytes": len(data),
            "media_type": "application/octet-stream",
        },
    )
    return StageReport(provider=remote.platform, detail={"bytes": len(data)})
