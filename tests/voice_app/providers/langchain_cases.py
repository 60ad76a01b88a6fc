"""LangChain over three providers under the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.fakes import anthropic_server, openai_server
from tests.fakes.anthropic_server import AnthropicServer
from tests.fakes.ollama_server import OllamaServer
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.outcomes import Outcome, OutcomeServer
from tests.voice_app.providers import claude_cases, openai_cases
from tests.voice_app.providers.contract import SPOKEN, Answered, ProviderCase, Rig, Trouble
from tests.voice_app.providers.diverted import Diverted, undiverted
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderQuotaSpent
from voice_app.providers.http import new_client
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.langchain import LangChainChat
from voice_app.providers.llm.langchain_models import Place
from voice_app.providers.llm.proposal import answer_schema

MESSAGES = (Message("system", "Answer in {shape}."), Message("user", SPOKEN))
SECONDS = 5.0

_SERVERS: dict[str, tuple[type[OutcomeServer], str, str]] = {
    "openai": (OpenAIServer, openai_cases.OWN_URL, openai_server.KEY),
    "anthropic": (AnthropicServer, claude_cases.OWN_URL, anthropic_server.KEY),
    "ollama": (OllamaServer, "", ""),
}


@contextmanager
def open_langchain(model: str) -> Iterator[tuple[OutcomeServer, LangChainChat]]:
    """A server of the model's provider, and the model by way of LangChain.

    Args:
        model: Provider and model, as ``LANGCHAIN_MODEL`` has them.
    """
    provider, _, name = model.partition(":")
    make, own_url, key = _SERVERS[provider]
    with make() as server, new_client(Diverted(server) if own_url else undiverted()) as client:
        place = Place(provider, name, own_url or server.url, key)
        chat = LangChainChat(place, seconds=SECONDS, http_client=client)
        chat.warm_up()
        yield server, chat


@contextmanager
def _open(model: str) -> Iterator[Rig]:
    with open_langchain(model) as (server, chat):

        def ask(deadline: Deadline) -> Answered:
            answer = chat.complete(MESSAGES, schema=answer_schema(), deadline=deadline)
            return Answered(answer.text, answer.usage)

        yield Rig(server, ask, _SERVERS[model.partition(":")[0]][2] or "no key at all")


_CUT = '{"commands": [{"intent": "undo"'
_OPENAI_TROUBLES = (
    *openai_cases.CHAT_TROUBLES,
    Trouble("cut-json", Outcome(text=_CUT), ProviderAnswerUnusable),
)
_OLLAMA_TROUBLES = (
    Trouble("payment-required", Outcome(status=402), ProviderQuotaSpent),
    Trouble("empty", Outcome(text=""), ProviderAnswerUnusable),
    Trouble("talk", Outcome(text="I would rather not."), ProviderAnswerUnusable),
    Trouble("list", Outcome(text="[]"), ProviderAnswerUnusable),
    Trouble("cut-json", Outcome(text=_CUT), ProviderAnswerUnusable),
    Trouble("cut-short", Outcome(alter=lambda answer: answer | {"done_reason": "length"}), ProviderAnswerUnusable),
    Trouble("wrong-types", Outcome(alter=lambda answer: answer | {"message": "none"}), ProviderAnswerUnusable),
)

LANGCHAIN_CASES = (
    ProviderCase(
        "langchain-openai",
        "langchain",
        "openai:gpt-6-luna",
        partial(_open, "openai:gpt-6-luna"),
        True,
        _OPENAI_TROUBLES,
    ),
    ProviderCase(
        "langchain-anthropic",
        "langchain",
        "anthropic:claude-sonnet-5-5",
        partial(_open, "anthropic:claude-sonnet-5-5"),
        True,
        claude_cases.CLAUDE_TROUBLES,
    ),
    ProviderCase(
        "langchain-ollama", "langchain", "ollama:qwen3", partial(_open, "ollama:qwen3"), False, _OLLAMA_TROUBLES
    ),
)
