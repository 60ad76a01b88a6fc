"""Many questions at once for half the price: a provider answers them within a day, each with a line of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field, ValidationError

from voice_app.providers.base import Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError
from voice_app.providers.failures import failure_of_status
from voice_app.providers.llm.chat import Completion, Message
from voice_app.providers.llm.wire import Lenient
from voice_app.types import Usage

BATCH_SHARE = 0.5
"""Of the usual price, at OpenAI and at Anthropic."""
MAX_BATCH_REQUESTS = 10_000
MAX_BATCH_BYTES = 64 * 1024 * 1024
"""Of results: six kilobytes for each line, twice what a long answer has."""

BatchId = Annotated[str, Field(pattern=r"^[\w-]{1,200}$")]
"""It becomes part of an address."""
_Line = TypeVar("_Line", bound=Lenient)


class BatchState(StrEnum):
    """How far a batch is."""

    RUNNING = "running"
    ENDED = "ended"
    """There are results, though not every line must have succeeded."""
    REFUSED = "refused"
    """It was not begun, and there will be no results."""


@dataclass(frozen=True)
class BatchProgress:
    """What a provider tells of a batch."""

    state: BatchState
    done: int = 0
    """Lines that are answered or have failed; some providers tell them only at the end."""
    total: int = 0


@dataclass(frozen=True)
class BatchRequest:
    """One question of a batch."""

    key: str
    """Its own among those of the batch: letters, digits, dashes, at most 64."""
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class BatchAnswer:
    """What came of one question: an answer, or the error that took its place."""

    key: str
    completion: Completion | None = None
    """Priced as a batch's."""
    error: ProviderError | None = None


class BatchModel(Protocol):
    """A language model whose provider takes batches; every method may raise a ``ProviderError``."""

    name: str
    """As the chains name it."""
    model: str

    def availability(self) -> Availability:
        """Whether it can be used now; cheap, and never a network call."""
        ...

    def submit(self, requests: Sequence[BatchRequest], *, schema: Mapping[str, Any], deadline: Deadline) -> str:
        """Hand questions in.

        Args:
            requests: At most :data:`MAX_BATCH_REQUESTS`.
            schema: JSON Schema of the answers.
            deadline: For handing in, not for the answers.

        Returns:
            The batch's id, with which any process may ask for it later.
        """
        ...

    def progress(self, batch_id: str, *, deadline: Deadline) -> BatchProgress:
        """How far a batch is."""
        ...

    def results(self, batch_id: str, *, deadline: Deadline) -> Iterator[BatchAnswer]:
        """What came of a batch that ended, in any order; a line that it does not tell of is left out."""
        ...


def at_batch_price(usage: Usage) -> Usage:
    """The same tokens at what they cost in a batch."""
    return replace(usage, cost_usd=usage.cost_usd * BATCH_SHARE)


def read_as(shape: type[_Line], body: bytes | str, provider: str) -> _Line:
    """What a provider tells, in its shape.

    Raises:
        ProviderAnswerUnusable: It has another.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise ProviderAnswerUnusable(provider=provider) from None


def read_lines(shape: type[_Line], body: bytes, provider: str) -> Iterator[_Line]:
    """The lines of a file of results that can be read; one that cannot says nothing about the others."""
    for line in body.decode("utf-8", "replace").split("\n"):
        try:
            yield read_as(shape, line, provider)
        except ProviderAnswerUnusable:
            continue


def failed_line(key: str, provider: str, *, status: int = 500, body: object = None) -> BatchAnswer:
    """A line that the provider could not answer.

    Args:
        key: Of the question.
        provider: As the chains name it.
        status: HTTP status that a single call would have had.
        body: The provider's error, in the form of a single call's.
    """
    return BatchAnswer(key, error=failure_of_status(max(status, 400), provider=provider, body=body))


def answered_line(key: str, read: Completion | ProviderError) -> BatchAnswer:
    """A line that was answered, whether or not the answer can be used; either way it costs what a batch costs."""
    if isinstance(read, ProviderError):
        read.usage = at_batch_price(read.usage)
        return BatchAnswer(key, error=read)
    return BatchAnswer(key, Completion(read.text, at_batch_price(read.usage)))
