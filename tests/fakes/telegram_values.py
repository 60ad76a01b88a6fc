"""What the Bot API server of the tests keeps of messages and calls, and how a call fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Shown:
    """A message of the bot as the chat shows it."""

    message_id: int
    text: str
    buttons: list[list[dict[str, Any]]]
    reply_to: int | None
    texts: list[str] = field(default_factory=list)
    """All texts that it ever had, oldest first."""

    @property
    def labels(self) -> list[str]:
        """The buttons from left to right and top to bottom."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass(frozen=True)
class Failure:
    """What happens to a call instead of, or after, its being carried out."""

    status: int = 0
    description: str = ""
    parameters: dict[str, Any] | None = None
    is_reset: bool = False
    """The connection breaks."""
    is_carried_out: bool = False
    """The call has its effect, and only its answer is lost."""
    body: bytes | None = None
    """Answered as it is, instead of JSON."""
    delay_seconds: float = 0.0
    """Before the answer."""


@dataclass(frozen=True)
class Call:
    """A call that was received."""

    method: str
    params: dict[str, Any]
    at: float
    """Monotonic seconds."""
    failure: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether it was not answered as it should be."""
        return self.failure is not None


class Refusal(Exception):
    """The answer to a call that cannot be carried out."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters
