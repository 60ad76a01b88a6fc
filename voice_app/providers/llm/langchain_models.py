"""Chat models as LangChain builds them: with our connections, no retries, and the shape of the answer bound to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_app.providers.addresses import host_of
from voice_app.providers.llm.claude import OWN_HOST as ANTHROPIC_HOST
from voice_app.providers.llm.claude import tool_request
from voice_app.providers.llm.claude_models import manners_of
from voice_app.providers.llm.openai import least_effort
from voice_app.providers.llm.proposal import ANSWER_NAME
from voice_app.providers.llm.wire import MAX_ANSWER_TOKENS
from voice_app.providers.openai_access import OWN_HOST as OPENAI_HOST

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.runnables import Runnable

NAME = "langchain"
_NO_KEY = "none"
"""Given where there is none, since the libraries would look for one in the environment."""
_PACKAGES = {
    "azure_openai": "openai",
    "langsmith": "openai",
    "anthropic_bedrock": "aws",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "google_anthropic_vertex": "google_vertexai",
    "nvidia": "nvidia_ai_endpoints",
}
"""Providers whose package is not called like them."""


@dataclass(frozen=True)
class Place:
    """A model, and where it is."""

    provider: str
    """As LangChain names it: ``openai``, ``anthropic``, ``ollama``, ..."""
    model: str
    base_url: str = ""
    """Empty for the provider's own."""
    key: str = ""

    @property
    def package(self) -> str:
        """Of the provider's integration, as Python imports it."""
        return f"langchain_{_PACKAGES.get(self.provider, self.provider)}"


def build_model(place: Place, *, client: httpx2.Client, seconds: float) -> BaseChatModel:
    """The model, ready to be asked.

    Args:
        place: Which one.
        client: Kept-alive connections; providers whose integration takes no client use connections of their own.
        seconds: After these a call ends even when nobody waits for it any more.

    Raises:
        ImportError: The provider's package is not installed.
        ValueError: There is no such provider, or it lacks a setting of its own.
    """
    from langchain.chat_models import init_chat_model

    told: dict[str, Any] = {"timeout": seconds, "max_retries": 0, "max_tokens": MAX_ANSWER_TOKENS}
    if place.provider == "ollama":
        told = _for_ollama(place, client, seconds)
    elif place.provider == "openai":
        told |= _for_openai(place, client)
    elif place.provider == "anthropic":
        told |= _for_claude(place)
    elif place.key:
        told["api_key"] = place.key
    if place.base_url:
        told["base_url"] = place.base_url
    model: BaseChatModel = init_chat_model(place.model, model_provider=place.provider, **told)
    if place.provider == "anthropic":
        _give_client(model, told, client)
    return model


def bind_shape(model: BaseChatModel, place: Place, schema: Mapping[str, Any]) -> Runnable[LanguageModelInput, Any]:
    """The model, told to answer in a shape, by the best way that it has.

    Claude's integration would warn of models that refuse to be forced, and Ollama's would send every token on a line
    of its own; both are bound here.

    Args:
        model: From :func:`build_model`.
        place: What it was built for.
        schema: JSON Schema of the answer.

    Returns:
        What answers with a message, or with a mapping that has it as ``raw``.
    """
    if place.provider == "anthropic":
        request = tool_request(place.model, schema, is_own=host_of(place.base_url) == ANTHROPIC_HOST)
        return model.bind(tools=request["tools"], tool_choice=request["tool_choice"])
    if place.provider == "ollama":
        return model.bind(format=dict(schema), stream=False)
    shape = {"title": ANSWER_NAME, "description": "The whole answer."} | dict(schema)
    more = {"method": "json_schema", "strict": True} if place.provider == "openai" else {}
    return model.with_structured_output(shape, include_raw=True, **more)


def _for_openai(place: Place, client: httpx2.Client) -> dict[str, Any]:
    return {
        "api_key": place.key or _NO_KEY,
        "http_client": client,
        "use_responses_api": False,
        "reasoning_effort": least_effort(place.model),
        "store": False if host_of(place.base_url) == OPENAI_HOST else None,
    }


def _for_ollama(place: Place, client: httpx2.Client, seconds: float) -> dict[str, Any]:
    from voice_app.providers.httpx_bridge import Bridge

    connection: dict[str, Any] = {"transport": Bridge(client, NAME), "timeout": seconds, "follow_redirects": False}
    if place.key:
        connection["headers"] = {"Authorization": f"Bearer {place.key}"}
    return {"num_predict": MAX_ANSWER_TOKENS, "reasoning": False, "sync_client_kwargs": connection}


def _for_claude(place: Place) -> dict[str, Any]:
    is_own = host_of(place.base_url) == ANTHROPIC_HOST
    manners = manners_of(place.model, is_own=is_own)
    headers = {} if is_own else {"X-Api-Key": place.key or _NO_KEY}
    return {
        "api_key": place.key or _NO_KEY,
        "max_tokens": manners.max_tokens,
        "default_headers": headers,
        **manners.parameters,
    }


def _give_client(model: BaseChatModel, told: Mapping[str, Any], client: httpx2.Client) -> None:
    """Put our connections where the integration keeps what it made by itself, since it cannot be told of others."""
    from anthropic import Anthropic

    vars(model)["_client"] = Anthropic(
        api_key=told["api_key"],
        base_url=told["base_url"],
        default_headers=told["default_headers"],
        timeout=told["timeout"],
        max_retries=0,
        http_client=client,
        open_telemetry=False,
    )
