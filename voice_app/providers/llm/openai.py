"""OpenAI's chat completions, or those of a server that speaks the same: one answer in the shape of a JSON schema."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError

from voice_app.providers.base import Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable
from voice_app.providers.llm.chat import Completion, Message
from voice_app.providers.llm.wire import MAX_ANSWER_TOKENS, Lenient, TokenCount, sendable
from voice_app.providers.openai_access import NAME, OpenAIAccess
from voice_app.providers.prices import cost_usd
from voice_app.types import Usage

if TYPE_CHECKING:
    from openai import OpenAI

_SCHEMA_NAME = "answer"
_THINKS = re.compile(r"(o\d|gpt-[5-9])")
"""OpenAI's models that know only the newer name of the bound on an answer, whoever passes the request on."""
_LEAST_THOUGHT = (
    (re.compile(r"gpt-5(-mini|-nano)?(-\d{4}.*)?$"), "minimal"),
    (re.compile(r"gpt-(5\.[1-9]|[6-9])"), "none"),
)
"""How a model is told not to think for seconds before it points at words."""
_CUT_SHORT = frozenset({"length", "content_filter", "tool_calls", "function_call"})


class _PromptDetails(Lenient):
    cached_tokens: TokenCount | None = None
    cache_write_tokens: TokenCount | None = None


class _TokenCounts(Lenient):
    prompt_tokens: TokenCount = 0
    completion_tokens: TokenCount = 0
    prompt_tokens_details: _PromptDetails | None = None


class _AnswerMessage(Lenient):
    content: str | None = None
    refusal: str | None = None


class _Choice(Lenient):
    message: _AnswerMessage
    finish_reason: str | None = None


class _Answer(Lenient):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _TokenCounts | None = None


class OpenAIChat:
    """A language model behind OpenAI's API.

    Args:
        access: Where it is and with which key.
        model: For example ``gpt-6-luna``.
    """

    name = NAME

    def __init__(self, access: OpenAIAccess, model: str) -> None:
        self.model = model
        self._access = access

    @classmethod
    def from_settings(cls) -> OpenAIChat:
        """The model that the operator set."""
        from django.conf import settings

        return cls(OpenAIAccess.from_settings(), settings.OPENAI_LLM_MODEL)

    def availability(self) -> Availability:
        """Whether there is a model, an address and, where it is needed, a key."""
        if not self.model:
            return Availability(ok=False, reason="OPENAI_LLM_MODEL is empty; name a model or remove the line.")
        return self._access.availability()

    def warm_up(self) -> None:
        """Load the SDK, so that the first utterance does not wait for it."""
        self._access.warm_up(lambda sdk: sdk.chat.completions.with_raw_response)

    def complete(self, messages: Sequence[Message], *, schema: Mapping[str, Any], deadline: Deadline) -> Completion:
        """Ask for one answer by structured output.

        Args:
            messages: The system's message first, since the provider keeps what many requests begin with.
            schema: JSON Schema for the strict mode: closed objects whose properties are all required.
            deadline: When the answer is no longer wanted.

        Raises:
            ProviderAnswerUnusable: It refuses, is cut short, or answers in another shape.
            ProviderError: With what other kind of trouble it was.
        """
        request = self.request_body(messages, schema)

        def call(sdk: OpenAI, seconds: float) -> bytes:
            return sdk.chat.completions.with_raw_response.create(**request, timeout=seconds).content

        return self.read_answer(self._access.ask(call, deadline=deadline))

    def request_body(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent for one answer."""
        shape = {"name": _SCHEMA_NAME, "schema": dict(schema), "strict": True}
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": sendable(message.text)} for message in messages],
            "response_format": {"type": "json_schema", "json_schema": shape},
        }
        request["max_completion_tokens" if _THINKS.match(self.model) else "max_tokens"] = MAX_ANSWER_TOKENS
        if effort := least_effort(self.model):
            request["reasoning_effort"] = effort
        if self._access.is_own:
            request |= {"store": False, "prompt_cache_key": _cache_key(messages)}
        return request

    def read_answer(self, body: bytes) -> Completion:
        """What came back for one answer.

        Raises:
            ProviderAnswerUnusable: It refuses, is cut short, or answers in another shape.
        """
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError:
            raise ProviderAnswerUnusable(provider=NAME) from None
        choice, usage = answer.choices[0], self._usage(answer.usage or _TokenCounts())
        text = choice.message.content
        if not text or not text.strip() or choice.message.refusal or choice.finish_reason in _CUT_SHORT:
            failure = ProviderAnswerUnusable(provider=NAME)
            failure.usage = usage
            raise failure
        return Completion(text=text, usage=usage)

    def _usage(self, counts: _TokenCounts) -> Usage:
        details = counts.prompt_tokens_details or _PromptDetails()
        cached, written = details.cached_tokens or 0, details.cache_write_tokens or 0
        return Usage(
            model=self.model,
            input_tokens=counts.prompt_tokens,
            cached_tokens=cached,
            output_tokens=counts.completion_tokens,
            cost_usd=cost_usd(
                self.model,
                input_tokens=counts.prompt_tokens,
                cached_tokens=cached,
                written_tokens=written,
                output_tokens=counts.completion_tokens,
            ),
        )


def least_effort(model: str) -> str | None:
    """How OpenAI's model is told to think as little as it can; None where it need not be told."""
    return next((effort for models, effort in _LEAST_THOUGHT if models.match(model)), None)


def _cache_key(messages: Sequence[Message]) -> str:
    """The same for all requests with the same instructions, and nothing of any person."""
    instructions = "".join(message.text for message in messages if message.role == "system")
    return hashlib.sha256(instructions.encode("utf-8", "replace")).hexdigest()[:32]
