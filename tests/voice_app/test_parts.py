"""What doctor says of engines of others: nothing alarming without keys, and what to mend when one is paused."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from voice_app import metrics, parts
from voice_app.providers.breaker import Admission, Breaker
from voice_app.providers.errors import ProviderError, ProviderKeyRefused
from voice_app.start_lines import show_engines
from voicebot.diagnostics import Level
from voicebot.errors import AppError


@pytest.fixture(autouse=True)
def _fresh(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


def fail(provider: str, error: AppError) -> None:
    for _ in range(3):
        Breaker(provider).fail(Admission(ok=True), error)


def test_a_machine_without_keys_is_well() -> None:
    understanding, providers = parts.check_understanding(), parts.check_providers()
    assert (understanding.level, providers.level) == (Level.OK, Level.OK)
    assert "openai is off: OPENAI_API_KEY" in understanding.summary
    lines = [line.text for line in show_engines("") if line.title == "Understands by"]
    assert lines[0] == "local"
    assert len(lines) == 2


def test_a_chain_without_an_engine_that_is_on_is_not(settings: Settings) -> None:
    settings.VOICE_LLM = ["openai"]
    assert parts.check_understanding().level is Level.FAIL


def test_a_provider_that_is_paused_is_told() -> None:
    fail("llm:openai", ProviderError())
    found = parts.check_providers()
    assert (found.level, found.summary) == (Level.WARN, "llm:openai is open after provider_failed")
    paused, wrong = metrics.collect_providers()
    assert {(sample.labels["provider"], sample.value) for sample in paused.samples} >= {
        ("llm:openai", 1.0), ("llm:claude", 0.0), ("stt:openai", 0.0),
    }  # fmt: skip
    assert wrong.samples == ()


def test_what_only_the_operator_can_mend_is_told() -> None:
    fail("llm:claude", ProviderKeyRefused())
    found = parts.check_providers()
    assert (found.level, found.summary) == (Level.WARN, "llm:claude: provider_key_refused")
    _, wrong = metrics.collect_providers()
    assert [sample.labels for sample in wrong.samples] == [{"provider": "llm:claude", "code": "provider_key_refused"}]
