"""What is sent to Claude and to servers like Anthropic's, and what is made of the answers."""

from __future__ import annotations

import pytest

from tests.fakes.anthropic_server import KEY
from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.claude_cases import MESSAGES, OWN_URL, TALK, THOUGHT, content, open_claude, used
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderAnswerUnusable
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.claude import ClaudeChat
from voice_app.providers.llm.proposal import answer_schema
from voice_app.types import Usage

SECONDS = 5.0


def sent(model: str = "claude-sonnet-5-5", *, is_own: bool = True) -> dict[str, object]:
    with open_claude(model, is_own=is_own) as (server, chat):
        chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))
        assert server.problems == []
        return server.received[0].json()


def test_the_tool_takes_what_the_schema_says_and_the_rules_are_kept_in_the_cache() -> None:
    asked = sent()

    (tool,) = asked["tools"]
    assert (tool["name"], tool["input_schema"], tool["strict"]) == ("answer", answer_schema(), True)
    assert asked["system"] == [
        {"type": "text", "text": MESSAGES[0].text, "cache_control": {"type": "ephemeral"}},
    ]
    assert asked["messages"] == [{"role": "user", "content": MESSAGES[1].text}]
    assert asked["max_tokens"] == 2_000


FORCED = {"type": "tool", "name": "answer", "disable_parallel_tool_use": True}
FREE = {"type": "auto", "disable_parallel_tool_use": True}


@pytest.mark.parametrize(
    ("model", "choice", "manners", "bound"),
    [
        ("claude-sonnet-5-5", FREE, {"thinking": {"type": "between_tools"}}, 2_000),
        ("claude-opus-5-5", FREE, {"output_config": {"effort": "low"}}, 8_000),
        ("claude-fable-5-1", FREE, {"output_config": {"effort": "low"}}, 8_000),
        ("claude-haiku-5-5", FORCED, {"thinking": {"type": "disabled"}}, 2_000),
        ("claude-sonnet-5", FORCED, {"thinking": {"type": "disabled"}}, 2_000),
        ("claude-sonnet-4-6", FORCED, {}, 2_000),
        ("claude-sonnet-7", FREE, {}, 8_000),
    ],
)
def test_each_model_is_asked_in_the_way_it_accepts(
    model: str, choice: dict[str, object], manners: dict[str, object], bound: int
) -> None:
    asked = sent(model)

    assert asked["tool_choice"] == choice
    assert {name: asked[name] for name in ("thinking", "output_config") if name in asked} == manners
    assert asked["max_tokens"] == bound


@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "claude-opus-5-5", "qwen3"])
def test_a_server_like_anthropics_gets_only_what_all_of_them_know(model: str) -> None:
    asked = sent(model, is_own=False)

    assert set(asked) == {"model", "max_tokens", "messages", "system", "tools", "tool_choice"}
    assert set(asked["tools"][0]) == {"name", "description", "input_schema"}


def test_the_key_goes_where_servers_look_for_it() -> None:
    for is_own, old_header in ((True, None), (False, KEY)):
        with open_claude("claude-sonnet-5-5", is_own=is_own) as (server, chat):
            chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))
            headers = server.received[0].headers

        assert headers["authorization"] == f"Bearer {KEY}"
        assert headers.get("x-api-key") == old_header


def test_nothing_of_the_environment_is_sent_where_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-of-somebody-else")
    with open_claude("qwen3", is_own=False, key="") as (server, chat):
        chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))

        assert "sk-ant-of-somebody-else" not in str(server.received[0].headers)


def test_thoughts_and_words_beside_the_tool_are_passed_over() -> None:
    with open_claude("claude-sonnet-5-5") as (server, chat):
        server.next(content(THOUGHT, TALK, used(input={"commands": [{"intent": "undo"}]}), stop_reason="tool_use"))

        answer = chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))

    assert answer.text == '{"commands": [{"intent": "undo"}]}'


COUNTS = {
    "input_tokens": 200,
    "cache_read_input_tokens": 600,
    "cache_creation_input_tokens": 100,
    "output_tokens": 50,
}
TAKEN = Usage(
    model="claude-sonnet-5-5",
    input_tokens=900,
    cached_tokens=600,
    output_tokens=50,
    cost_usd=pytest.approx((200 * 2.0 + 600 * 0.10 + 100 * 2.50 + 50 * 10.0) / 1_000_000),
)


def test_what_an_answer_took_is_counted_with_what_the_cache_saved() -> None:
    with open_claude("claude-sonnet-5-5") as (server, chat):
        server.next(Outcome(alter=lambda answer: answer | {"usage": COUNTS}))

        assert chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS)).usage == TAKEN


def test_an_answer_that_is_of_no_use_is_paid_for_all_the_same() -> None:
    with open_claude("claude-sonnet-5-5") as (server, chat):
        server.next(Outcome(alter=lambda answer: answer | {"usage": COUNTS, "stop_reason": "refusal"}))

        with pytest.raises(ProviderAnswerUnusable) as caught:
            chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))

    assert caught.value.usage == TAKEN


def test_half_a_character_is_sent_as_a_question_mark() -> None:
    with open_claude("claude-sonnet-5-5") as (server, chat):
        messages = (MESSAGES[0], Message("user", "call \ud83d Anna"))
        chat.complete(messages, schema=answer_schema(), deadline=Deadline.after(SECONDS))

        assert server.received[0].json()["messages"][0]["content"] == "call ? Anna"


@pytest.mark.parametrize(
    ("key", "base_url", "model", "missing"),
    [
        ("", OWN_URL, "claude-sonnet-5-5", "ANTHROPIC_API_KEY"),
        ("sk-ant-…", OWN_URL, "claude-sonnet-5-5", "ANTHROPIC_API_KEY"),
        ("sk-ant-1", "api.anthropic.com", "claude-sonnet-5-5", "ANTHROPIC_BASE_URL"),
        ("sk-ant-1", OWN_URL, "", "ANTHROPIC_MODEL"),
        ("sk-ant-1", OWN_URL, "claude-sonnet-5-5", ""),
        ("", "http://localhost:4000", "claude-sonnet-5-5", ""),
    ],
)
def test_it_is_off_until_it_has_what_it_needs(key: str, base_url: str, model: str, missing: str) -> None:
    availability = ClaudeChat(key, base_url, model).availability()

    assert availability.ok is (not missing)
    assert missing in availability.reason
