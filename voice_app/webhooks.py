"""Tells a person's webhooks what became of what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app.context import Source
from tasks_app.webhooks.catalogue import Event
from tasks_app.webhooks.recording import Happening, Recorder
from voice_app.events import command_progressed, command_to_json

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand


def connect() -> None:
    """Listen; called once, when the application starts."""
    command_progressed.connect(_record, dispatch_uid="webhooks")


def _record(command: VoiceCommand, **_signal: object) -> None:
    """In the transaction that ends the command."""
    ends = {command.State.DONE: Event.VOICE_COMMAND_DONE, command.State.FAILED: Event.VOICE_COMMAND_FAILED}
    event = ends.get(command.State(command.state))
    if event is None:
        return
    shown = command_to_json(command)
    cause = f"command:{command.pk}:{command.state}"
    happening = Happening(event, cause, Source(command.source), command.user, shown)
    Recorder().record([([command.user_id], happening)])
