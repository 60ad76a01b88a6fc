"""Lets a process that is no worker see a command to its end, whether or not the system is up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings

from voice_app import jobs
from voice_app.models import VoiceCommand
from voice_app.waiting import wait_for_outcome

if TYPE_CHECKING:
    import uuid

WORKER_TAKES_IT_WITHIN_SECONDS = 1.0


def bring_to_end(command_id: uuid.UUID) -> VoiceCommand:
    """Wait for a running worker; when none takes the command soon, work on it here.

    Returns:
        The command at its end or at a question, or as it stands when its time is up.
    """
    deadline = time.monotonic() + settings.VOICE_COMMAND_DEADLINE_SECONDS
    command = wait_for_outcome(command_id, seconds=WORKER_TAKES_IT_WITHIN_SECONDS)
    while command.state in VoiceCommand.WORKING_STATES and time.monotonic() < deadline:
        if command.started_at is None:
            jobs.process_command(str(command_id))
        command = wait_for_outcome(command_id, seconds=WORKER_TAKES_IT_WITHIN_SECONDS)
    return command
