"""``manage.py providers``: what it says without any key, and what comes of asking."""

from __future__ import annotations

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from tasks_app.models import User
from tests.fakes.openai_server import KEY, OpenAIServer
from tests.fakes.outcomes import Outcome
from tests.voice_app.conftest import Say
from voice_app import metrics
from voice_app.asking.spending import count_usage
from voice_app.models import StageRecord
from voice_app.operation.provider_status import look_at_providers
from voice_app.providers.attempts import Attempt, AttemptOutcome
from voice_app.providers.breaker import Admission, Breaker, BreakerState
from voice_app.providers.errors import ProviderKeyRefused
from voice_app.timeline import record_of
from voice_app.types import Usage

GOOD = '{"commands": [{"intent": "create_task", "title": "buy milk", "when": "tomorrow"}]}'


@pytest.fixture(autouse=True)
def _alone(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


def providers(*arguments: str) -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("providers", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def attempted(user: User, seconds: float, outcome: AttemptOutcome, cost: float) -> StageRecord:
    attempt = Attempt(2, "openai", "gpt-6-luna", timezone.now(), seconds, outcome, "", Usage("m", cost_usd=cost))
    record = record_of(attempt, "understand")
    count_usage(user.pk, [record])
    return record


@pytest.mark.django_db
def test_without_keys_it_says_what_to_set(settings: Settings) -> None:
    settings.VOICE_STT, settings.VOICE_LLM = ["local"], ["local"]
    out, error = providers()
    assert error == ""
    assert out.count("OPENAI_API_KEY is not set") == 2
    assert "ANTHROPIC_API_KEY is not set" in out
    assert "No budget is set." in out


@pytest.mark.django_db
def test_one_that_has_a_key_and_no_place_says_so(settings: Settings) -> None:
    settings.VOICE_LLM, settings.ANTHROPIC_API_KEY = ["local"], "k"
    assert "VOICE_LLM does not name it." in providers()[0]


def test_times_errors_and_costs_are_of_the_engine_itself(say: Say, speaker: User, settings: Settings) -> None:
    settings.BUDGET_DAY_USD = 1.0
    command = say("buy milk")
    rows = [
        attempted(speaker, seconds, outcome, 0.25)
        for seconds, outcome in ((1.0, AttemptOutcome.OK), (2.0, AttemptOutcome.OK), (4.0, AttemptOutcome.FAILED))
    ]
    for row in rows:
        row.command = command
    StageRecord.objects.bulk_create(rows)

    (seen,) = (provider for provider in look_at_providers().providers if provider.full_name == "llm:openai")
    numbers = seen.numbers
    assert (numbers.answers, numbers.errors, numbers.median_seconds, numbers.cost_today_usd) == (2, 1, 2.0, 0.75)
    assert numbers.slow_seconds == pytest.approx(3.8)
    assert "Budget for all for a day: 1.00 USD, 0.7500 of it spent" in providers()[0]

    told = {
        (gauge.name, *sample.labels.values()): sample.value
        for gauge in metrics.collect_attempts()
        for sample in gauge.samples
    }
    assert told["voicebot_provider_attempts_last_hour", "llm:openai", "ok"] == 2
    assert told["voicebot_provider_attempts_last_hour", "llm:local", "ok"] == 1
    assert told["voicebot_provider_cost_usd_today", "llm:openai"] == 0.75


@pytest.mark.django_db
def test_a_good_answer_closes_the_breaker_and_a_bad_one_ends_badly(settings: Settings) -> None:
    settings.VOICE_STT, settings.VOICE_LLM = ["openai"], ["openai"]
    breaker = Breaker("llm:openai")
    breaker.fail(Admission(ok=True), ProviderKeyRefused(provider="openai"))
    with OpenAIServer() as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base_url, KEY
        server.next(Outcome(text="buy milk"), Outcome(text=GOOD))
        assert "open until" in providers()[0]
        out, error = providers("--check")
        assert ("heard “buy milk”" in out, "understood create_task “buy milk”" in out, error) == (True, True, "")
        assert breaker.read().state is BreakerState.CLOSED

        server.next(Outcome(text="buy milk"), Outcome(status=401))
        out, error = providers("--check")
        assert "provider_key_refused" in out
        assert error == "No good answer from llm:openai."
