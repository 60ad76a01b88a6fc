"""Anthropic's batches: requests go up in one body, the lines of the results come back in any order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import httpx2

from voice_app.providers.base import Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError, ProviderTimedOut
from voice_app.providers.http import shared_client
from voice_app.providers.llm.batch import (
    MAX_BATCH_BYTES,
    BatchAnswer,
    BatchId,
    BatchProgress,
    BatchRequest,
    BatchState,
    answered_line,
    failed_line,
    read_as,
    read_lines,
)
from voice_app.providers.llm.chat import Completion
from voice_app.providers.llm.claude import NAME, ClaudeChat
from voice_app.providers.llm.wire import Lenient, TokenCount

if TYPE_CHECKING:
    from anthropic import Anthropic

_STATUS_OF = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}
"""A failed line names its kind and has no status."""


class _Counts(Lenient):
    processing: TokenCount = 0
    succeeded: TokenCount = 0
    errored: TokenCount = 0
    canceled: TokenCount = 0
    expired: TokenCount = 0


class _Batch(Lenient):
    id: BatchId
    processing_status: str
    request_counts: _Counts | None = None


class _Result(Lenient):
    type: Literal["succeeded", "errored", "canceled", "expired"]
    message: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class _Line(Lenient):
    custom_id: str
    result: _Result


class ClaudeBatch:
    """A Claude model behind Anthropic's batches, asked as :class:`ClaudeChat` asks it.

    Args:
        chat: The model, over connections that may carry :data:`MAX_BATCH_BYTES`.
    """

    name = NAME

    def __init__(self, chat: ClaudeChat) -> None:
        self.model = chat.model
        self._chat = chat

    @classmethod
    def from_settings(cls) -> ClaudeBatch:
        """The model that the operator set."""
        from django.conf import settings

        client = shared_client(NAME, max_answer_bytes=MAX_BATCH_BYTES)
        place = (settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_MODEL)
        return cls(ClaudeChat(*place, http_client=client))

    def availability(self) -> Availability:
        """As for single questions."""
        return self._chat.availability()

    def submit(self, requests: Sequence[BatchRequest], *, schema: Mapping[str, Any], deadline: Deadline) -> str:
        """Hand the requests in."""
        lines: list[Any] = [
            {"custom_id": request.key, "params": self._chat.request_body(request.messages, schema)}
            for request in requests
        ]

        def send(sdk: Anthropic, seconds: float) -> bytes:
            return sdk.messages.batches.with_raw_response.create(requests=lines, timeout=seconds).read()

        return read_as(_Batch, self._chat.ask(send, deadline=deadline), NAME).id

    def progress(self, batch_id: str, *, deadline: Deadline) -> BatchProgress:
        """How far a batch is."""

        def look(sdk: Anthropic, seconds: float) -> bytes:
            return sdk.messages.batches.with_raw_response.retrieve(batch_id, timeout=seconds).read()

        batch = read_as(_Batch, self._chat.ask(look, deadline=deadline), NAME)
        counts = batch.request_counts or _Counts()
        done = counts.succeeded + counts.errored + counts.canceled + counts.expired
        state = BatchState.ENDED if batch.processing_status == "ended" else BatchState.RUNNING
        return BatchProgress(state, done, done + counts.processing)

    def results(self, batch_id: str, *, deadline: Deadline) -> Iterator[BatchAnswer]:
        """The lines of the results.

        The address is made of the batch's id: the one that an answer names could lead the key elsewhere.
        """

        def fetch(sdk: Anthropic, seconds: float) -> bytes:
            path = f"/v1/messages/batches/{batch_id}/results"
            response = sdk.get(path, cast_to=httpx2.Response, options={"timeout": seconds})
            return response.content

        for line in read_lines(_Line, self._chat.ask(fetch, deadline=deadline), NAME):
            yield self._answer(line)

    def _answer(self, line: _Line) -> BatchAnswer:
        if line.result.type == "expired":
            return BatchAnswer(line.custom_id, error=ProviderTimedOut(provider=NAME))
        if line.result.type != "succeeded" or line.result.message is None:
            error = line.result.error or {}
            inner = error.get("error")
            kind = inner.get("type") if isinstance(inner, dict) else None
            status = _STATUS_OF.get(kind, 500) if isinstance(kind, str) else 500
            return failed_line(line.custom_id, NAME, status=status, body=error)
        return answered_line(line.custom_id, self._read(line.result.message))

    def _read(self, message: Mapping[str, Any]) -> Completion | ProviderError:
        try:
            return self._chat.read_answer(json.dumps(message).encode())
        except ProviderAnswerUnusable as error:
            return error
