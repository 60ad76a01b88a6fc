"""What LangChain is told, what it sends, and what it must not do."""

from __future__ import annotations

import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.voice_app.providers.langchain_cases import MESSAGES, SECONDS, open_langchain
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderRequestRefused
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.langchain import LangChainChat
from voice_app.providers.llm.langchain_models import Place
from voice_app.providers.llm.proposal import answer_schema

ANTHROPIC, OPENAI = "https://api.anthropic.com", "https://api.openai.com/v1"


def sent(model: str, messages: tuple[Message, ...] = MESSAGES) -> dict[str, object]:
    with open_langchain(model) as (server, chat):
        chat.complete(messages, schema=answer_schema(), deadline=Deadline.after(SECONDS))
        assert server.problems == []
        return server.received[0].json()


def test_openai_is_asked_for_a_strict_answer() -> None:
    asked = sent("openai:gpt-6-luna")

    assert asked["response_format"]["json_schema"]["strict"] is True
    shape = asked["response_format"]["json_schema"]["schema"]
    assert shape["properties"] == answer_schema()["properties"]
    assert (asked["reasoning_effort"], asked["store"], asked["max_completion_tokens"]) == ("none", False, 2_000)


def test_claude_is_asked_as_without_langchain() -> None:
    asked = sent("anthropic:claude-sonnet-5-5")

    (tool,) = asked["tools"]
    assert (tool["name"], tool["input_schema"], tool["strict"]) == ("answer", answer_schema(), True)
    assert asked["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert asked["thinking"] == {"type": "between_tools"}
    assert asked["system"][0]["cache_control"] == {"type": "ephemeral"}


def test_ollama_answers_in_one_piece_and_in_the_shape() -> None:
    asked = sent("ollama:qwen3")

    assert (asked["format"], asked["stream"], asked["think"]) == (answer_schema(), False, False)
    assert asked["options"] == {"num_predict": 2_000}


def test_words_are_never_a_template() -> None:
    messages = (Message("system", "{said}"), Message("assistant", "{{0}}"), Message("user", "buy {milk} \ud83d"))
    asked = sent("ollama:qwen3", messages)

    assert [message["content"] for message in asked["messages"]] == ["{said}", "{{0}}", "buy {milk} ?"]


def test_nothing_is_traced_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as tracer, open_langchain("ollama:qwen3") as (server, chat):
        for name, value in {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_ENDPOINT": tracer.url,
            "LANGSMITH_API_KEY": "lsv2_test",
        }.items():
            monkeypatch.setenv(name, value)

        chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))

        assert len(server.received) == 1
        assert tracer.received == []


@pytest.mark.parametrize("place", [Place("mistralai", "large"), Place("nowhere", "model")])
def test_a_model_that_cannot_be_built_is_an_error_like_others(place: Place) -> None:
    chat = LangChainChat(place, seconds=SECONDS)

    with pytest.raises(ProviderRequestRefused):
        chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))


@pytest.mark.parametrize(
    ("place", "missing"),
    [
        (Place("", "gpt-6-luna"), "LANGCHAIN_MODEL"),
        (Place("openai", ""), "LANGCHAIN_MODEL"),
        (Place("mistralai", "large", "", "key"), "langchain-mistralai"),
        (Place("bedrock", "nova", "", "key"), "langchain-aws"),
        (Place("openai", "gpt-6-luna", OPENAI), "OPENAI_API_KEY"),
        (Place("anthropic", "claude-sonnet-5-5", ANTHROPIC), "ANTHROPIC_API_KEY"),
        (Place("openai", "gpt-6-luna", OPENAI, "sk …"), "LANGCHAIN_API_KEY"),
        (Place("ollama", "qwen3", "localhost"), "LANGCHAIN_BASE_URL"),
        (Place("openai", "gpt-6-luna", OPENAI, "sk-1"), ""),
        (Place("openai", "qwen3", "http://localhost:8000/v1"), ""),
        (Place("ollama", "qwen3"), ""),
    ],
)
def test_it_is_off_until_it_has_what_it_needs(place: Place, missing: str) -> None:
    availability = LangChainChat(place, seconds=SECONDS).availability()

    assert availability.ok is (not missing)
    assert missing in availability.reason


@pytest.mark.parametrize(
    ("model", "base_url", "key", "place"),
    [
        ("openai:gpt-6-luna", "", "", Place("openai", "gpt-6-luna", OPENAI, "sk-openai")),
        ("openai:gpt-6-luna", "", "own", Place("openai", "gpt-6-luna", OPENAI, "own")),
        ("openai:qwen3:8b", "http://there/v1", "", Place("openai", "qwen3:8b", "http://there/v1", "")),
        ("Anthropic:claude-haiku-5-5", "", "", Place("anthropic", "claude-haiku-5-5", ANTHROPIC, "sk-ant")),
        ("anthropic:claude-haiku-5-5", "http://there", "", Place("anthropic", "claude-haiku-5-5", "http://there", "")),
        ("ollama:qwen3", "", "", Place("ollama", "qwen3")),
        ("gpt-6-luna", "", "", Place("gpt_6_luna", "")),
    ],
)
def test_a_key_goes_to_its_own_address_only(
    model: str, base_url: str, key: str, place: Place, settings: pytest.FixtureRequest
) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-openai", OPENAI
    settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = "sk-ant", ANTHROPIC
    settings.LANGCHAIN_MODEL, settings.LANGCHAIN_BASE_URL, settings.LANGCHAIN_API_KEY = model, base_url, key

    assert LangChainChat.from_settings()._place == place
