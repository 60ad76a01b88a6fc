"""Claude by Anthropic's messages API: it answers by using a tool whose input is the answer."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import httpx2
from pydantic import ValidationError

from voice_app.providers.addresses import host_of, may_be_key
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable
from voice_app.providers.failures import failure_of
from voice_app.providers.http import shared_client, within
from voice_app.providers.llm.chat import Completion, Message
from voice_app.providers.llm.claude_models import manners_of
from voice_app.providers.llm.proposal import ANSWER_NAME
from voice_app.providers.llm.wire import Lenient, TokenCount, sendable
from voice_app.providers.prices import cost_usd
from voice_app.types import Usage

if TYPE_CHECKING:
    from anthropic import Anthropic, APIResponse

NAME = "claude"
OWN_HOST = "api.anthropic.com"
TOOL_DESCRIPTION = "Takes the whole answer. Call it exactly once for every message, and write no other text."
_NO_KEY = "none"
"""Sent where a server wants no key, since the SDK would look for one in the environment and in files."""
_COMPLETE = frozenset({None, "tool_use", "end_turn"})
"""Why an answer that is whole ended; some servers like Anthropic's do not say."""


class _Block(Lenient):
    type: str
    name: str | None = None
    input: dict[str, Any] | None = None


class _TokenCounts(Lenient):
    input_tokens: TokenCount = 0
    """Those that came neither from the cache nor went into it."""
    cache_read_input_tokens: TokenCount | None = None
    cache_creation_input_tokens: TokenCount | None = None
    output_tokens: TokenCount = 0


class _Answer(Lenient):
    content: list[_Block]
    stop_reason: str | None = None
    usage: _TokenCounts | None = None


class ClaudeChat:
    """A Claude model; safe to share between threads.

    Args:
        key: May be empty for a server that is not Anthropic's own.
        base_url: Without the ``/v1``.
        model: For example ``claude-sonnet-5-5``.
        http_client: Kept-alive connections; this process's own when None.
    """

    name = NAME

    def __init__(self, key: str, base_url: str, model: str, *, http_client: httpx2.Client | None = None) -> None:
        self.model = model
        self._key = key.strip()
        self._base_url = base_url.strip()
        self._http_client = http_client
        self._is_own = host_of(base_url) == OWN_HOST
        self._lock = threading.Lock()
        self._sdk: tuple[int, Anthropic] | None = None
        """With the process that it belongs to: a fork must not share its parent's connections."""

    @classmethod
    def from_settings(cls) -> ClaudeChat:
        """The model that the operator set."""
        from django.conf import settings

        return cls(settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_MODEL)

    def availability(self) -> Availability:
        """Whether there is a model, an address and, where it is needed, a key."""
        reason = ""
        if not self.model:
            reason = "ANTHROPIC_MODEL is empty; name a model or remove the line."
        elif not host_of(self._base_url):
            reason = "ANTHROPIC_BASE_URL is no web address; it looks like http://host:port."
        elif self._is_own and not self._key:
            reason = "ANTHROPIC_API_KEY is not set; get a key at platform.claude.com."
        elif not may_be_key(self._key):
            reason = "ANTHROPIC_API_KEY holds a character that no key has; copy it again."
        return Availability(ok=not reason, reason=reason)

    def warm_up(self) -> None:
        """Load the SDK, so that the first utterance does not wait for it."""
        _use_of(self._client())

    def complete(self, messages: Sequence[Message], *, schema: Mapping[str, Any], deadline: Deadline) -> Completion:
        """Ask for one answer by the use of a tool.

        Args:
            messages: The system's message first; with the tool it is what the provider keeps from request to request.
            schema: JSON Schema of the tool's input: closed objects whose properties are all required.
            deadline: When the answer is no longer wanted.

        Raises:
            ProviderAnswerUnusable: It refuses, is cut short, talks instead of using the tool, or uses another.
            ProviderError: With what other kind of trouble it was.
        """
        request = self.request_body(messages, schema)

        def call(sdk: Anthropic, seconds: float) -> bytes:
            return _use_of(sdk)(**request, timeout=seconds).read()

        return self.read_answer(self.ask(call, deadline=deadline))

    def ask(self, call: Callable[[Anthropic, float], bytes], *, deadline: Deadline) -> bytes:
        """The body of the answer to one call, whole and in time.

        Args:
            call: Makes the call with the SDK and the seconds that are left, and returns the body as it came.
            deadline: When the answer is no longer wanted.

        Raises:
            ProviderError: With what kind of trouble it was.
        """
        return within(deadline, NAME, lambda: self._send(call, deadline))

    def request_body(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent for one answer."""
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": message.role, "content": sendable(message.text)}
                for message in messages
                if message.role != "system"
            ],
            **tool_request(self.model, schema, is_own=self._is_own),
        }
        if instructions := "\n\n".join(sendable(message.text) for message in messages if message.role == "system"):
            request["system"] = [{"type": "text", "text": instructions, "cache_control": {"type": "ephemeral"}}]
        return request

    def _send(self, call: Callable[[Anthropic, float], bytes], deadline: Deadline) -> bytes:
        from anthropic import AnthropicError

        try:
            return call(self._client(), deadline.remaining_seconds)
        except AnthropicError as error:
            failure = failure_of(error, NAME)
        raise failure  # out of the block, since what the SDK raised holds the key and the person's words

    def read_answer(self, body: bytes) -> Completion:
        """What came back for one answer.

        Raises:
            ProviderAnswerUnusable: It refuses, is cut short, talks instead of using the tool, or uses another.
        """
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError:
            raise ProviderAnswerUnusable(provider=NAME) from None
        usage = self._usage(answer.usage or _TokenCounts())
        uses = [block for block in answer.content if block.type == "tool_use"]
        if answer.stop_reason in _COMPLETE and len(uses) == 1 and uses[0].name == ANSWER_NAME and uses[0].input:
            return Completion(text=json.dumps(uses[0].input, ensure_ascii=False), usage=usage)
        failure = ProviderAnswerUnusable(provider=NAME)
        failure.usage = usage
        raise failure

    def _usage(self, counts: _TokenCounts) -> Usage:
        cached, written = counts.cache_read_input_tokens or 0, counts.cache_creation_input_tokens or 0
        read = counts.input_tokens + cached + written
        return Usage(
            model=self.model,
            input_tokens=read,
            cached_tokens=cached,
            output_tokens=counts.output_tokens,
            cost_usd=cost_usd(
                self.model,
                input_tokens=read,
                cached_tokens=cached,
                written_tokens=written,
                output_tokens=counts.output_tokens,
            ),
        )

    def _client(self) -> Anthropic:
        from anthropic import Anthropic

        with self._lock:
            if self._sdk is None or self._sdk[0] != os.getpid():
                key = self._key or _NO_KEY
                client = Anthropic(
                    api_key=key,
                    base_url=self._base_url,
                    http_client=self._http_client or shared_client(NAME),
                    max_retries=0,
                    default_headers={} if self._is_own else {"X-Api-Key": key},
                    open_telemetry=False,
                )
                self._sdk = (os.getpid(), client)
            return self._sdk[1]


def _use_of(client: Anthropic) -> Callable[..., APIResponse[Any]]:
    return client.messages.with_raw_response.create


def tool_request(model: str, schema: Mapping[str, Any], *, is_own: bool) -> dict[str, Any]:
    """The part of a request that makes a Claude model answer with a tool, in the way that it accepts.

    Args:
        model: As Anthropic names it.
        schema: JSON Schema of the tool's input.
        is_own: Whether it is asked at Anthropic itself.
    """
    manners = manners_of(model, is_own=is_own)
    tool: dict[str, Any] = {"name": ANSWER_NAME, "description": TOOL_DESCRIPTION, "input_schema": dict(schema)}
    choice = {"type": "tool", "name": ANSWER_NAME} if manners.may_be_forced else {"type": "auto"}
    return {
        "max_tokens": manners.max_tokens,
        "tools": [tool | {"strict": True} if is_own else tool],
        "tool_choice": choice | {"disable_parallel_tool_use": True},
        **manners.parameters,
    }
