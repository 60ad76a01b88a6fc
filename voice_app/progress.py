"""Passes on how far a long note has been heard, so that doors above may show it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.dispatch import Signal

from voice_app.models import VoiceCommand

if TYPE_CHECKING:
    import uuid

FIRST_AFTER_SECONDS = 3.0
"""Most notes are done sooner, and then nothing is said."""
EVERY_SECONDS = 3.0

hearing_progressed = Signal()
"""Sent with ``command`` and ``share`` (0 to 1) while a note is being heard, in a transaction that holds its row."""


@dataclass
class ProgressTeller:
    """Passes on how far a command has been heard, not at once and not often.

    Args:
        command_id: Whose recording.
        clock: Seconds that only grow.
    """

    command_id: uuid.UUID
    clock: Callable[[], float] = time.monotonic
    _next_at: float = field(init=False)
    _thread: int = field(init=False, default_factory=threading.get_ident)

    def __post_init__(self) -> None:
        self._next_at = self.clock() + FIRST_AFTER_SECONDS

    def __call__(self, share: float) -> None:
        """Tell, unless it is too soon or there is nothing left to wait for."""
        if share >= 1.0 or self.clock() < self._next_at:
            return
        self._next_at = self.clock() + EVERY_SECONDS
        self._tell(share)
        if threading.get_ident() != self._thread:
            connection.close()  # an engine's thread has a connection of its own

    def _tell(self, share: float) -> None:
        """The row is held, so that nothing comes after the transcript; an engine that was left behind is not heard."""
        with transaction.atomic():
            hearing = VoiceCommand.objects.select_for_update().filter(state=VoiceCommand.State.FETCHED)
            command = hearing.filter(pk=self.command_id).first()
            if command is not None:
                hearing_progressed.send(sender=VoiceCommand, command=command, share=share)
