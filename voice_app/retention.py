"""How long recordings are kept."""

from __future__ import annotations

import datetime as dt

from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from voice_app.models import Recording, VoiceCommand


def forget_recordings(*, older_than_days: int) -> int:
    """Delete the bytes of recordings that were kept long enough and whose commands ended; how many there were.

    The row stays, so that the command still shows that it was spoken.

    Args:
        older_than_days: For those of people who have not chosen fewer days themselves.
    """
    now = timezone.now()
    kept_days = Least(Coalesce("command__user__keep_recordings_days", older_than_days), older_than_days)
    expired = (
        Recording.objects.filter(forgotten_at=None, command__state__in=VoiceCommand.END_STATES)
        .annotate(kept_for=ExpressionWrapper(kept_days * dt.timedelta(days=1), DurationField()))
        .filter(created_at__lt=now - F("kept_for"))
    )
    return Recording.objects.filter(pk__in=expired.values("pk")).update(ciphertext=b"", forgotten_at=now)
