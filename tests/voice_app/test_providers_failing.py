"""However the providers fail, a note that the local engine understands is done nearly as soon as without them."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from pytest_django import Settings

from tests.voice_app.providers.contract import Trouble
from tests.voice_app.providers.openai_cases import OPENAI_CASES, open_access
from voice_app.asking import routing
from voice_app.providers.attempts import Attempt
from voice_app.providers.base import Deadline, LanguageUnderstanding
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.llm.local import LocalUnderstanding
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.types import Utterance

NOTE = Utterance("remind me to call mum tomorrow at 5 pm", "en", dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC))
TROUBLES = {trouble.name: trouble for case in OPENAI_CASES if case.name.endswith("chat") for trouble in case.troubles()}


@pytest.fixture(autouse=True)
def _own_breakers(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


def understand(*engines: LanguageUnderstanding) -> tuple[str, float, list[Attempt]]:
    attempts: list[Attempt] = []
    began = time.monotonic()
    understood = routing.understand(engines, NOTE, deadline=Deadline.after(12.0), record=attempts.append)
    return understood.understanding.engine, time.monotonic() - began, attempts


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_a_model_that_comes_first_and_fails_costs_less_than_a_second(trouble: Trouble) -> None:
    local = LocalUnderstanding.from_settings()
    assert understand(local)[0] == "local"  # and it is loaded now
    with open_access() as (server, access):
        server.outcome = trouble.outcome
        model = ModelUnderstanding(OpenAIChat(access, "gpt-6-luna"))
        engine, seconds, attempts = understand(model, local)

        assert (engine, len(server.received) >= 1) == ("local", True)
        assert seconds < 1.0
        assert [attempt.provider for attempt in attempts if attempt.outcome == "ok"] == ["local"]

        asked = len(server.received)
        assert understand(local, model, local)[0] == "local"
        assert len(server.received) == asked


def test_a_model_that_is_paused_costs_nothing() -> None:
    local = LocalUnderstanding.from_settings()
    with open_access() as (server, access):
        server.outcome = TROUBLES["401"].outcome
        model = ModelUnderstanding(OpenAIChat(access, "gpt-6-luna"))
        understand(model, local)
        engine, seconds, attempts = understand(model, local)

    assert (engine, attempts[0].error_code) == ("local", "provider_paused")
    assert seconds < 0.1
    assert len(server.received) == 1
