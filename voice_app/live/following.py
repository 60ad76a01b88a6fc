"""Which commands a connection reports on, and what of each it has told."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from voice_app.live.protocol import messages_about

MAX_FOLLOWED = 200


class Following:
    """The commands that came in by one connection, the newest few hundred."""

    def __init__(self) -> None:
        self._is_heard_told: OrderedDict[str, bool] = OrderedDict()
        self._told_state: dict[str, str] = {}

    def start(self, command_id: str, *, is_heard_told: bool = False) -> None:
        """Report on a command from now on."""
        self._is_heard_told.setdefault(command_id, is_heard_told)
        if len(self._is_heard_told) > MAX_FOLLOWED:
            forgotten, _ = self._is_heard_told.popitem(last=False)
            self._told_state.pop(forgotten, None)

    def messages_for(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """What to tell the client about an event; nothing when it is about something else or told already."""
        outcome = event.get("command") if event.get("event") == "command.progressed" else None
        if not isinstance(outcome, dict) or outcome["id"] not in self._is_heard_told:
            return []
        command, state = outcome["id"], outcome["state"]
        if self._told_state.get(command) == state:
            return []
        messages = messages_about(outcome, is_heard_told=self._is_heard_told[command])
        self._told_state[command] = state
        if outcome["transcription"]:
            self._is_heard_told[command] = True
        return messages
