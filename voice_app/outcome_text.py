"""What came of a command, as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand


def describe(command: VoiceCommand) -> str:
    """What was heard, understood and done, and how long each stage took."""
    intents = ", ".join(spoken["intent"] for spoken in command.entities.get("commands", []))
    confidence = f" ({command.confidence:.0%} sure)" if command.confidence is not None else ""
    stages = "  ".join(f"{stage.stage} {stage.seconds * 1000:.0f}" for stage in command.stages.whole())
    reply = command.reply.replace("\n", "\n              ")
    return "\n".join(
        (
            f"  heard       {command.command_text or '(nothing)'}",
            f"  understood  {intents or '(nothing)'}{confidence}",
            f"  done        {reply}",
            f"  ms          {stages}",
        )
    )
