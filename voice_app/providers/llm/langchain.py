"""Any chat model that LangChain supports, in a chain of its making: conversation, model with a shape, answer."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from voice_app.providers.addresses import host_of, may_be_key
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError, ProviderRequestRefused
from voice_app.providers.failures import failure_of, failure_of_transport
from voice_app.providers.http import shared_client, within
from voice_app.providers.llm.chat import Completion, Message
from voice_app.providers.llm.claude import OWN_HOST as ANTHROPIC_HOST
from voice_app.providers.llm.langchain_models import NAME, Place, bind_shape, build_model
from voice_app.providers.llm.proposal import ANSWER_NAME
from voice_app.providers.llm.wire import sendable
from voice_app.providers.openai_access import OWN_HOST as OPENAI_HOST
from voice_app.providers.prices import cost_usd
from voice_app.types import Usage

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

log = structlog.get_logger(__name__)

_OWN_HOSTS = {"openai": OPENAI_HOST, "anthropic": ANTHROPIC_HOST}
_WHOLE = frozenset({"", "stop", "tool_use", "tool_calls", "end_turn"})
"""Why an answer that is whole ended, in the words of the providers; some do not say."""


class LangChainChat:
    """A chat model behind LangChain; safe to share between threads.

    Args:
        place: Which model, and where.
        seconds: After these a call ends even when nobody waits for it any more.
        http_client: Kept-alive connections; this process's own when None.
    """

    name = NAME

    def __init__(self, place: Place, *, seconds: float, http_client: httpx2.Client | None = None) -> None:
        self.model = f"{place.provider}:{place.model}"
        self._place = place
        self._seconds = seconds
        self._http_client = http_client
        self._lock = threading.Lock()
        self._built: tuple[int, BaseChatModel] | None = None
        """With the process that it belongs to: a fork must not share its parent's connections."""

    @classmethod
    def from_settings(cls) -> LangChainChat:
        """The model that the operator set.

        The keys of OpenAI and Anthropic are used at their own settings' addresses only, never at LangChain's.
        """
        from django.conf import settings

        provider, _, model = settings.LANGCHAIN_MODEL.partition(":")
        provider = provider.strip().replace("-", "_").lower()
        base_url, key = settings.LANGCHAIN_BASE_URL, settings.LANGCHAIN_API_KEY
        if not base_url and provider == "openai":
            base_url, key = settings.OPENAI_BASE_URL, key or settings.OPENAI_API_KEY
        elif not base_url and provider == "anthropic":
            base_url, key = settings.ANTHROPIC_BASE_URL, key or settings.ANTHROPIC_API_KEY
        place = Place(provider, model.strip(), base_url.strip(), key.strip())
        return cls(place, seconds=settings.PROVIDER_TIMEOUT_SECONDS)

    def availability(self) -> Availability:
        """Whether there is a model, the package for it and, where it is known to be needed, a key."""
        place, reason = self._place, ""
        if not place.provider or not place.model:
            reason = "LANGCHAIN_MODEL names no model; it looks like openai:gpt-6-luna or ollama:qwen3."
        elif missing := next((name for name in ("langchain", place.package) if not importlib.util.find_spec(name)), ""):
            reason = f"The package {missing.replace('_', '-')} is not installed; install it or change LANGCHAIN_MODEL."
        elif place.base_url and not host_of(place.base_url):
            reason = "LANGCHAIN_BASE_URL is no web address; it looks like http://host:port."
        elif not place.key and host_of(place.base_url) == _OWN_HOSTS.get(place.provider, "none"):
            reason = f"LANGCHAIN_API_KEY and {place.provider.upper()}_API_KEY are not set; set one of them."
        elif not may_be_key(place.key):
            reason = "LANGCHAIN_API_KEY holds a character that no key has; copy it again."
        return Availability(ok=not reason, reason=reason)

    def warm_up(self) -> None:
        """Load LangChain and the provider's package, which takes longer than many an answer."""
        self._model()

    def complete(self, messages: Sequence[Message], *, schema: Mapping[str, Any], deadline: Deadline) -> Completion:
        """Ask for one answer through a chain.

        Args:
            messages: The conversation, the system's message first.
            schema: JSON Schema of the answer: closed objects whose properties are all required.
            deadline: When the answer is no longer wanted.

        Raises:
            ProviderAnswerUnusable: It refuses, is cut short, or answers in another shape.
            ProviderError: With what other kind of trouble it was.
        """
        return within(deadline, NAME, lambda: self._ask(messages, schema))

    def _ask(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> Completion:
        from langchain_core.runnables import RunnableLambda
        from langsmith import tracing_context

        chain = RunnableLambda(self._told) | bind_shape(self._model(), self._place, schema) | RunnableLambda(self._read)
        try:
            with tracing_context(enabled=False):
                return chain.invoke(messages)
        except ProviderError:
            raise
        except Exception as error:  # noqa: BLE001 - every integration raises what it likes
            failure = _failure_of_chain(error)
        raise failure  # out of the block, since what was raised holds the key and the person's words

    def _told(self, messages: Sequence[Message]) -> list[BaseMessage]:
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        makes = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
        told = [makes[message.role](sendable(message.text)) for message in messages]
        if self._place.provider == "anthropic" and isinstance(told[0], SystemMessage):
            kept = {"type": "text", "text": told[0].content, "cache_control": {"type": "ephemeral"}}
            told[0] = SystemMessage([kept])
        return told

    def _read(self, answered: AIMessage | Mapping[str, Any]) -> Completion:
        """The answer as it came, without LangChain's repairs, which would complete what was cut short."""
        message = answered["raw"] if isinstance(answered, Mapping) else answered
        usage = self._usage(message.usage_metadata or {})
        if text := self._text(message):
            return Completion(text=text, usage=usage)
        failure = ProviderAnswerUnusable(provider=NAME)
        failure.usage = usage
        raise failure

    def _text(self, message: AIMessage) -> str:
        """Empty where there is no answer in it."""
        told = message.response_metadata
        ended = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or ""
        if str(ended).lower() not in _WHOLE or message.additional_kwargs.get("refusal"):
            return ""
        if message.tool_calls:
            (name, given), *more = [(call["name"], call["args"]) for call in message.tool_calls]
            return json.dumps(given, ensure_ascii=False) if name == ANSWER_NAME and given and not more else ""
        return message.text if self._place.provider != "anthropic" and _is_object(message.text) else ""

    def _usage(self, counts: Mapping[str, Any]) -> Usage:
        details = counts.get("input_token_details") or {}
        written = ("cache_creation", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
        tokens = {
            "input_tokens": counts.get("input_tokens") or 0,
            "cached_tokens": details.get("cache_read") or 0,
            "output_tokens": counts.get("output_tokens") or 0,
        }
        cost = cost_usd(self._place.model, written_tokens=sum(details.get(name) or 0 for name in written), **tokens)
        return Usage(model=self.model, cost_usd=cost, **tokens)

    def _model(self) -> BaseChatModel:
        with self._lock:
            if self._built is None or self._built[0] != os.getpid():
                client = self._http_client or shared_client(NAME)
                try:
                    model = build_model(self._place, client=client, seconds=self._seconds)
                except (ImportError, ValueError) as error:
                    log.warning("langchain_model_not_built", model=self.model, kind=type(error).__name__)
                    raise ProviderRequestRefused(provider=NAME) from None
                self._built = (os.getpid(), model)
            return self._built[1]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _failure_of_chain(error: Exception) -> ProviderError:
    """What a step of the chain raised: trouble on the way, a status, or an answer that it could not read."""
    if failure := failure_of_transport(error, NAME):
        return failure
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 300:  # noqa: PLR2004 - the successes end there
        return failure_of(error, NAME)
    log.info("langchain_answer_not_read", kind=type(error).__name__)
    return ProviderAnswerUnusable(provider=NAME)
