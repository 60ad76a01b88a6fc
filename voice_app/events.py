"""What a command tells the world as it moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

from voicebot.transactions import publish_on_commit

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand

command_progressed = Signal()
"""Sent inside the transaction that moves a command on, with ``command``.

A receiver that must not lose it writes a row; what it writes commits or falls with the move itself.
"""


def announce(command: VoiceCommand) -> None:
    """Tell the doors above (by signal) and the person's own sockets (after the commit) where a command stands."""
    command_progressed.send(sender=type(command), command=command)
    publish_on_commit(command.user_id, {"event": "command.progressed", "command": command_to_json(command)})


def command_to_json(command: VoiceCommand) -> dict[str, Any]:
    """The outcome of a command as REST, the live socket and the command line give it."""
    failed = bool(command.error_code)
    return {
        "id": str(command.pk),
        "url": f"/api/v1/voice/commands/{command.pk}/",
        "session": str(command.session_id),
        "source": command.source,
        "state": command.state,
        "success": command.success,
        "transcription": command.command_text,
        "language": command.language,
        "intent": command.intent or None,
        "confidence": command.confidence,
        "commands": command.entities.get("commands", []),
        "results": command.results,
        "response": command.reply,
        "question": command.question,
        "change_set": str(command.pk) if any(result.get("changed") for result in command.results) else None,
        "error": {"code": command.error_code, "message": command.error_message, "ref": command.error_ref}
        if failed
        else None,
        "said_at": command.said_at.isoformat(),
        "received_at": command.received_at.isoformat(),
        "processing_time": command.processing_time,
    }
