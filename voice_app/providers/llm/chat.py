"""What a language model is, whoever runs it: messages in, one JSON answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from voice_app.providers.base import Availability, Deadline
from voice_app.types import Usage


@dataclass(frozen=True)
class Message:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Completion:
    """What a model answered."""

    text: str
    """JSON as it came; nothing about it is checked."""
    usage: Usage


@runtime_checkable
class ChatModel(Protocol):
    """A language model behind an API."""

    name: str
    """As the chains name it: ``openai``, ``claude``, ``langchain``."""

    def availability(self) -> Availability:
        """Whether it can be used now; cheap, and never a network call."""
        ...

    def complete(self, messages: Sequence[Message], *, schema: Mapping[str, Any], deadline: Deadline) -> Completion:
        """Ask for one answer.

        Args:
            messages: The conversation, the system's message first.
            schema: JSON Schema of the answer, for the model to follow.
            deadline: When the answer is no longer wanted; no byte is awaited beyond it.

        Raises:
            voice_app.providers.errors.ProviderError: With what kind of trouble it was.
        """
        ...
