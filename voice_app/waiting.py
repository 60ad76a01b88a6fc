"""Waits for a command to reach its end or a question."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection

from voice_app.models import VoiceCommand

if TYPE_CHECKING:
    import uuid

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.025


def wait_for_outcome(command_id: uuid.UUID, *, seconds: float) -> VoiceCommand:
    """The command as soon as there is something to tell, or as it stands when the time is up.

    Args:
        command_id: A command that the caller may see.
        seconds: How long to wait at most.
    """
    deadline = time.monotonic() + seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        state = VoiceCommand.objects.values_list("state", flat=True).get(pk=command_id)
        remaining = deadline - time.monotonic()
        if state not in VoiceCommand.WORKING_STATES or remaining <= 0:
            return VoiceCommand.objects.get(pk=command_id)
        _give_connection_back()
        time.sleep(min(pause, remaining))
        pause = min(pause * 1.3, LONGEST_PAUSE_SECONDS)


def _give_connection_back() -> None:
    """To the pool, so that many who wait do not keep those who work from the database."""
    if not connection.in_atomic_block:
        connection.close()
