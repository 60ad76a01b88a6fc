"""How long recordings are kept."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from voice_app.models import Recording, VoiceCommand


def forget_recordings(*, older_than_days: int) -> int:
    """Delete the bytes of recordings whose commands ended that long ago; how many there were.

    The row stays, so that the command still shows that it was spoken.
    """
    limit = timezone.now() - dt.timedelta(days=older_than_days)
    return Recording.objects.filter(
        forgotten_at=None, created_at__lt=limit, command__state__in=VoiceCommand.END_STATES
    ).update(ciphertext=b"", forgotten_at=timezone.now())
