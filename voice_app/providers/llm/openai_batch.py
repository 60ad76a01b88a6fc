"""OpenAI's batches: a file of requests goes up, a file of answers comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

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
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.providers.llm.wire import Lenient, TokenCount
from voice_app.providers.openai_access import NAME, OpenAIAccess

if TYPE_CHECKING:
    from openai import OpenAI

_ENDPOINT: Final = "/v1/chat/completions"
_STATES = {
    "validating": BatchState.RUNNING,
    "in_progress": BatchState.RUNNING,
    "finalizing": BatchState.RUNNING,
    "cancelling": BatchState.RUNNING,
    "completed": BatchState.ENDED,
    "expired": BatchState.ENDED,
    "cancelled": BatchState.ENDED,
    "failed": BatchState.REFUSED,
}
_EXPIRED = "batch_expired"


class _File(Lenient):
    id: BatchId


class _Counts(Lenient):
    total: TokenCount = 0
    completed: TokenCount = 0
    failed: TokenCount = 0


class _Batch(Lenient):
    id: BatchId
    status: str
    output_file_id: BatchId | None = None
    error_file_id: BatchId | None = None
    request_counts: _Counts | None = None


class _Response(Lenient):
    status_code: int
    body: dict[str, Any]


class _Error(Lenient):
    code: str | None = None


class _Line(Lenient):
    custom_id: str
    response: _Response | None = None
    error: _Error | None = None


class OpenAIBatch:
    """A language model behind OpenAI's batches, asked as :class:`OpenAIChat` asks it.

    Args:
        access: Where it is and with which key, over connections that may carry :data:`MAX_BATCH_BYTES`.
        model: For example ``gpt-6-luna``.
    """

    name = NAME

    def __init__(self, access: OpenAIAccess, model: str) -> None:
        self.model = model
        self._access = access
        self._chat = OpenAIChat(access, model)

    @classmethod
    def from_settings(cls) -> OpenAIBatch:
        """The model that the operator set."""
        from django.conf import settings

        client = shared_client(NAME, max_answer_bytes=MAX_BATCH_BYTES)
        access = OpenAIAccess(settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL, http_client=client)
        return cls(access, settings.OPENAI_LLM_MODEL)

    def availability(self) -> Availability:
        """As for single questions."""
        return self._chat.availability()

    def submit(self, requests: Sequence[BatchRequest], *, schema: Mapping[str, Any], deadline: Deadline) -> str:
        """Send the file of requests, and begin with it."""
        lines = [
            {
                "custom_id": request.key,
                "method": "POST",
                "url": _ENDPOINT,
                "body": self._chat.request_body(request.messages, schema),
            }
            for request in requests
        ]
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()

        def send(sdk: OpenAI, seconds: float) -> bytes:
            file = ("requests.jsonl", content, "application/jsonl")
            return sdk.files.with_raw_response.create(file=file, purpose="batch", timeout=seconds).content

        sent = read_as(_File, self._access.ask(send, deadline=deadline), NAME)

        def begin(sdk: OpenAI, seconds: float) -> bytes:
            return sdk.batches.with_raw_response.create(
                input_file_id=sent.id, endpoint=_ENDPOINT, completion_window="24h", timeout=seconds
            ).content

        return read_as(_Batch, self._access.ask(begin, deadline=deadline), NAME).id

    def progress(self, batch_id: str, *, deadline: Deadline) -> BatchProgress:
        """How far a batch is."""
        batch = self._batch(batch_id, deadline)
        counts = batch.request_counts or _Counts()
        state = _STATES.get(batch.status, BatchState.RUNNING)
        return BatchProgress(state, counts.completed + counts.failed, counts.total)

    def results(self, batch_id: str, *, deadline: Deadline) -> Iterator[BatchAnswer]:
        """The lines of the file of answers and of that of errors; each may be missing."""
        batch = self._batch(batch_id, deadline)
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            for line in read_lines(_Line, self._content(file_id, deadline), NAME):
                yield self._answer(line)

    def _batch(self, batch_id: str, deadline: Deadline) -> _Batch:
        def look(sdk: OpenAI, seconds: float) -> bytes:
            return sdk.batches.with_raw_response.retrieve(batch_id, timeout=seconds).content

        return read_as(_Batch, self._access.ask(look, deadline=deadline), NAME)

    def _content(self, file_id: str, deadline: Deadline) -> bytes:
        def fetch(sdk: OpenAI, seconds: float) -> bytes:
            return sdk.files.with_raw_response.content(file_id, timeout=seconds).content

        return self._access.ask(fetch, deadline=deadline)

    def _answer(self, line: _Line) -> BatchAnswer:
        if line.response is None:
            if line.error is not None and line.error.code == _EXPIRED:
                return BatchAnswer(line.custom_id, error=ProviderTimedOut(provider=NAME))
            return failed_line(line.custom_id, NAME)
        if line.response.status_code >= 300:  # noqa: PLR2004 - the successes end there
            return failed_line(line.custom_id, NAME, status=line.response.status_code, body=line.response.body)
        return answered_line(line.custom_id, self._read(line.response))

    def _read(self, response: _Response) -> Completion | ProviderError:
        try:
            return self._chat.read_answer(json.dumps(response.body).encode())
        except ProviderAnswerUnusable as error:
            return error
