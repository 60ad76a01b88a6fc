"""What engines of others took is counted, and nothing is asked of them once a budget is spent."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import Settings

from tasks_app.context import Actor
from tasks_app.models import User
from tests.voice_app.asking.test_routing import UNSURE, USAGE, Engine
from tests.voice_app.conftest import Say
from voice_app import dry_run
from voice_app.asking import spending
from voice_app.models import ProviderUsage, StageRecord, VoiceCommand
from voice_app.providers import registry
from voice_app.providers.attempts import Attempt, AttemptOutcome, Skipped
from voice_app.providers.errors import ProviderError
from voice_app.timeline import record_of
from voice_app.types import Usage

TOLD = "What may be spent on services is spent"


@pytest.fixture(autouse=True)
def _alone(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


@pytest.fixture
def say_to(say: Say, monkeypatch: pytest.MonkeyPatch) -> Callable[..., VoiceCommand]:
    def speak(text: str, *engines: Engine) -> VoiceCommand:
        monkeypatch.setattr(registry, "language_engines", lambda _names: engines)
        return say(text)

    return speak


def record(provider: str, outcome: AttemptOutcome, code: str = "", *, cost: float = 0.0) -> StageRecord:
    usage = Usage("m", input_tokens=10, output_tokens=2, cost_usd=cost)
    return record_of(Attempt(1, provider, "m", timezone.now(), 0.1, outcome, code, usage), "understand")


def rows() -> list[tuple[str, int, int, int, float]]:
    return [
        (row.provider, row.calls, row.errors, row.input_tokens, float(row.cost_usd))
        for row in ProviderUsage.objects.order_by("provider")
    ]


def test_every_attempt_is_added_to_its_providers_row(speaker: User, say_to: Callable[..., VoiceCommand]) -> None:
    chain = (Engine("local", UNSURE), Engine("openai", error=ProviderError(provider="openai")), Engine("claude"))
    say_to("call mum", *chain)
    say_to("call dad", *chain)

    cost = USAGE.cost_usd
    assert rows() == [("llm:claude", 2, 0, 1800, 2 * cost), ("llm:openai", 2, 2, 0, 0.0)]
    row = ProviderUsage.objects.get(provider="llm:claude")
    assert (row.user_id, row.day) == (speaker.pk, timezone.now().astimezone(dt.UTC).date())


def test_what_was_not_asked_of_others_counts_for_nothing(speaker: User) -> None:
    spending.count_usage(
        speaker.pk,
        [
            record("local", AttemptOutcome.OK),
            record("cache", AttemptOutcome.OK),
            record("openai", AttemptOutcome.SKIPPED, Skipped.OFF),
            record("claude", AttemptOutcome.SKIPPED, Skipped.OVERTAKEN, cost=0.5),
            StageRecord(stage="understand", outcome="ok", provider="claude", started_at=timezone.now(), seconds=1.0),
        ],
    )
    assert rows() == [("llm:claude", 1, 0, 10, 0.5)]


def test_trying_a_text_out_costs_too(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "language_engines", lambda _names: (Engine("claude"),))
    dry_run.interpret(actor, "call mum", None)
    assert rows() == [("llm:claude", 1, 0, 900, USAGE.cost_usd)]


@pytest.mark.parametrize(
    "setting", ["BUDGET_USER_DAY_USD", "BUDGET_USER_MONTH_USD", "BUDGET_DAY_USD", "BUDGET_MONTH_USD"]
)
def test_a_spent_budget_leaves_the_local_engine_and_is_told_once(
    setting: str, settings: Settings, say_to: Callable[..., VoiceCommand]
) -> None:
    setattr(settings, setting, 2 * USAGE.cost_usd)
    chain = (Engine("local", UNSURE), model := Engine("openai"))

    replies = [say_to(f"call mum {number}", *chain).reply for number in range(4)]

    assert model.asked == 2
    assert [TOLD in reply for reply in replies] == [False, False, True, False]
    assert ("this month" in replies[2]) == ("MONTH" in setting)
    last = StageRecord.objects.at_engines().filter(stage="understand").order_by("-pk")[:3]
    assert {(row.provider, row.error_code) for row in last} >= {("openai", "provider_budget_spent"), ("local", "")}


def test_a_budget_is_everybodys_own_and_begins_anew(speaker: User, settings: Settings) -> None:
    settings.BUDGET_USER_DAY_USD, settings.BUDGET_MONTH_USD = 1.0, 10.0
    spending.count_usage(speaker.pk, [record("openai", AttemptOutcome.OK, cost=1.0)])
    other = User.objects.create_user("ben")

    spent = spending.find_spent_budget(speaker.pk)
    assert spent == spending.Budget(spending.Whose.USER, spending.Period.DAY, 1.0)
    assert spending.find_spent_budget(other.pk) is None
    assert spending.find_spent_budget(other.pk, more_usd=9.0) is not None

    ProviderUsage.objects.update(day=spending.today() - dt.timedelta(days=1))
    assert spending.find_spent_budget(speaker.pk) is None


def test_what_was_spent_stays_spent_when_an_account_goes(speaker: User, settings: Settings) -> None:
    settings.BUDGET_DAY_USD = 1.0
    spending.count_usage(speaker.pk, [record("openai", AttemptOutcome.OK, cost=1.0)])
    speaker.delete()
    assert spending.find_spent_budget(User.objects.create_user("ben").pk) is not None


def test_without_budgets_nobody_asks_what_was_spent(settings: Settings) -> None:
    """No database is there."""
    assert spending.find_spent_budget(1, more_usd=1e9) is None
