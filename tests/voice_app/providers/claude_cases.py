"""Claude, and servers that speak like Anthropic's, under the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from tests.fakes.anthropic_server import KEY, AnthropicServer
from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.contract import SPOKEN, Answered, ProviderCase, Rig, Trouble
from tests.voice_app.providers.diverted import Diverted, undiverted
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderQuotaSpent
from voice_app.providers.http import new_client
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.claude import ClaudeChat
from voice_app.providers.llm.proposal import answer_schema

OWN_URL = "https://api.anthropic.com"
MESSAGES = (Message("system", "Answer with the tool."), Message("user", SPOKEN))


@contextmanager
def open_claude(model: str, *, is_own: bool = True, key: str = KEY) -> Iterator[tuple[AnthropicServer, ClaudeChat]]:
    """A server and a model there: at Anthropic itself, or at a server that only speaks like it."""
    with (
        AnthropicServer(wants_key=is_own) as server,
        new_client(Diverted(server) if is_own else undiverted()) as client,
    ):
        chat = ClaudeChat(key, OWN_URL if is_own else server.url, model, http_client=client)
        chat.warm_up()
        yield server, chat


@contextmanager
def _open(model: str, *, is_own: bool) -> Iterator[Rig]:
    with open_claude(model, is_own=is_own, key=KEY if is_own else "") as (server, chat):

        def ask(deadline: Deadline) -> Answered:
            answer = chat.complete(MESSAGES, schema=answer_schema(), deadline=deadline)
            return Answered(answer.text, answer.usage)

        yield Rig(server, ask, KEY)


def content(*blocks: dict[str, Any], stop_reason: str = "end_turn") -> Outcome:
    """An answer of other blocks."""
    return Outcome(alter=lambda answer: answer | {"content": list(blocks), "stop_reason": stop_reason})


def used(name: str = "answer", **fields: Any) -> dict[str, Any]:
    """A block in which the model uses a tool."""
    return {"type": "tool_use", "id": "toolu_02", "name": name, "input": {"commands": []}} | fields


TALK = {"type": "text", "text": '{"commands": []}', "citations": None}
THOUGHT = {"type": "thinking", "thinking": "", "signature": "c2lnbmVk"}
_NO_CREDIT = "Your credit balance is too low to access the Anthropic API."

CLAUDE_TROUBLES = (
    Trouble("no-credit", Outcome(status=400, error_code=_NO_CREDIT), ProviderQuotaSpent),
    Trouble("payment-required", Outcome(status=402), ProviderQuotaSpent),
    Trouble("empty", content(), ProviderAnswerUnusable),
    Trouble("no-content", Outcome(alter=lambda answer: {"usage": answer["usage"]}), ProviderAnswerUnusable),
    Trouble("talk", content(TALK), ProviderAnswerUnusable),
    Trouble("refusal", content(stop_reason="refusal"), ProviderAnswerUnusable),
    Trouble("refusal-in-words", content(TALK, stop_reason="refusal"), ProviderAnswerUnusable),
    Trouble("cut-short", content(used(input={"commands": [{}]}), stop_reason="max_tokens"), ProviderAnswerUnusable),
    Trouble("too-long", content(used(), stop_reason="model_context_window_exceeded"), ProviderAnswerUnusable),
    Trouble("strange-tool", content(used("delete_everything"), stop_reason="tool_use"), ProviderAnswerUnusable),
    Trouble("nothing-in-the-tool", content(used(input={}), stop_reason="tool_use"), ProviderAnswerUnusable),
    Trouble("wrong-types", content(used(input="call Anna"), stop_reason="tool_use"), ProviderAnswerUnusable),
    Trouble("wrong-content", Outcome(alter=lambda answer: answer | {"content": "none"}), ProviderAnswerUnusable),
)
_OWN_TROUBLES = (
    Trouble("two-answers", content(used(), used(id="toolu_03"), stop_reason="tool_use"), ProviderAnswerUnusable),
)

CLAUDE_CASES = tuple(
    ProviderCase(
        name, "claude", model, partial(_open, model, is_own=is_own), is_paid, (*CLAUDE_TROUBLES, *_OWN_TROUBLES)
    )
    for name, model, is_own, is_paid in (
        ("claude", "claude-sonnet-5-5", True, True),
        ("claude-compatible", "qwen3", False, False),
    )
)
