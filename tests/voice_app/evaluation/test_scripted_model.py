"""The stand-in for a model that the measurements of chains use: what it answers is believed, and it fails as told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.anthropic_server import KEY as CLAUDE_KEY
from tests.fakes.openai_server import KEY as OPENAI_KEY
from tests.fakes.scripted_model import ScriptedAnthropic, ScriptedOpenAI
from tests.voice_app.providers.diverted import undiverted
from voice_app.evaluation.cases import SAID_AT
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderError
from voice_app.providers.http import new_client
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.llm.claude import ClaudeChat
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.providers.openai_access import OpenAIAccess
from voice_app.types import Utterance
from voice_app.understanding import interpret

SAID = Utterance("remind me to call Anna tomorrow at five, urgent", "en", SAID_AT)


@pytest.fixture(params=["openai", "claude"])
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[ScriptedOpenAI | ScriptedAnthropic, ModelUnderstanding]]:
    with new_client(undiverted()) as client:
        if request.param == "openai":
            with ScriptedOpenAI() as openai:
                access = OpenAIAccess(OPENAI_KEY, openai.base_url, http_client=client)
                yield openai, ModelUnderstanding(OpenAIChat(access, "gpt-6-luna"))
        else:
            with ScriptedAnthropic() as claude:
                chat = ClaudeChat(CLAUDE_KEY, claude.url, "claude-sonnet-5-5", http_client=client)
                yield claude, ModelUnderstanding(chat)


def test_its_words_come_to_what_our_own_engine_understands(
    asked: tuple[ScriptedOpenAI | ScriptedAnthropic, ModelUnderstanding],
) -> None:
    server, model = asked
    first, second = (model.understand(SAID, deadline=Deadline.after(30.0)) for _ in range(2))
    got, own = first.understanding.commands[0], interpret(SAID).commands[0]
    assert (got.intent, got.title, got.due, got.priority) == (own.intent, own.title, own.due, own.priority)
    assert second.usage.cached_tokens > first.usage.cached_tokens == 0
    assert 0 < second.usage.cost_usd < first.usage.cost_usd
    assert not server.problems


def test_it_fails_as_often_as_it_is_told(
    asked: tuple[ScriptedOpenAI | ScriptedAnthropic, ModelUnderstanding],
) -> None:
    server, model = asked
    server.fails_each = 2
    model.understand(SAID, deadline=Deadline.after(30.0))
    with pytest.raises(ProviderError, match="provider_failed"):
        model.understand(SAID, deadline=Deadline.after(30.0))
