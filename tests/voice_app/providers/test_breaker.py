"""The circuit breaker on the real server: what one worker finds out holds for all of them."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from voice_app.errors import NoSpeech
from voice_app.providers import alerts
from voice_app.providers.breaker import LONGEST_PAUSE_SECONDS, Admission, Breaker, BreakerRules, BreakerState
from voice_app.providers.errors import (
    ProviderAnswerUnusable,
    ProviderError,
    ProviderKeyRefused,
    ProviderModelMissing,
    ProviderOverloaded,
    ProviderQuotaSpent,
    ProviderRateLimited,
    ProviderRequestRefused,
    ProviderTimedOut,
    ProviderUnreachable,
)
from voicebot.errors import AppError
from voicebot.redis import redis_client

RULES = BreakerRules(failures=3, pause_seconds=30.0)


@pytest.fixture
def breaker() -> Iterator[Breaker]:
    made = Breaker(f"llm:{uuid.uuid4().hex[:8]}", RULES)
    yield made
    alerts.clear(made.name)


def fail(breaker: Breaker, error: AppError, times: int = 1) -> None:
    for _ in range(times):
        breaker.fail(Admission(ok=True), error)


def end_pause(breaker: Breaker) -> None:
    """As if the time had passed."""
    assert redis_client().delete(breaker._keys()[1]) == 1


def test_a_provider_nothing_is_known_about_is_asked(breaker: Breaker) -> None:
    assert breaker.admit(1.0) == Admission(ok=True, is_clean=True)
    assert breaker.read().state is BreakerState.CLOSED


@pytest.mark.parametrize(
    "error", [ProviderError(), ProviderUnreachable(), ProviderTimedOut(), ProviderRateLimited(), ProviderOverloaded()]
)
def test_it_opens_after_so_many_failures_in_a_row(breaker: Breaker, error: ProviderError) -> None:
    fail(breaker, error, 2)
    assert breaker.admit(1.0).ok
    fail(breaker, error)

    admission = breaker.admit(1.0)
    reading = breaker.read()
    assert not admission.ok
    assert 29.0 < admission.retry_after_seconds <= 30.0
    assert (reading.state, reading.failures, reading.last_error) == (BreakerState.OPEN, 3, error.code)
    assert reading.until is not None
    assert reading.last_error_at is not None


def test_a_success_between_them_begins_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, ProviderError(), 2)
    breaker.succeed(breaker.admit(1.0))
    fail(breaker, ProviderError(), 2)
    assert breaker.admit(1.0).ok


@pytest.mark.parametrize("error", [ProviderAnswerUnusable(), ProviderRequestRefused(), NoSpeech()])
def test_what_lies_in_the_question_or_in_one_answer_opens_nothing(breaker: Breaker, error: AppError) -> None:
    fail(breaker, error, 9)
    assert breaker.admit(1.0).is_clean


@pytest.mark.parametrize(("told", "seconds"), [(12, 12.0), (0.5, 0.5), (1e9, LONGEST_PAUSE_SECONDS)])
@pytest.mark.parametrize("kind", [ProviderRateLimited, ProviderOverloaded])
def test_it_waits_as_long_as_it_is_told(
    breaker: Breaker, kind: type[ProviderError], told: float, seconds: float
) -> None:
    fail(breaker, kind(retry_after=told))
    wait = breaker.admit(1.0).retry_after_seconds
    assert seconds - 0.4 < wait <= seconds


@pytest.mark.parametrize("kind", [ProviderKeyRefused, ProviderQuotaSpent, ProviderModelMissing])
def test_what_only_the_operator_can_mend_opens_it_at_once_and_is_told(
    breaker: Breaker, kind: type[ProviderError]
) -> None:
    fail(breaker, kind())
    assert breaker.admit(1.0).retry_after_seconds > 200
    assert [(alert.provider, alert.code) for alert in alerts.list_alerts()] == [(breaker.name, kind.code)]

    end_pause(breaker)
    breaker.succeed(breaker.admit(1.0))

    assert alerts.list_alerts() == ()


def test_a_refused_request_is_told_to_the_operator(breaker: Breaker) -> None:
    fail(breaker, ProviderRequestRefused())
    assert [alert.code for alert in alerts.list_alerts()] == [ProviderRequestRefused.code]


def test_half_open_one_of_many_threads_probes(breaker: Breaker) -> None:
    fail(breaker, ProviderError(), 3)
    end_pause(breaker)
    assert breaker.read().state is BreakerState.HALF_OPEN

    with ThreadPoolExecutor(16) as pool:
        admissions = list(pool.map(lambda _: breaker.admit(5.0), range(64)))

    assert [admission.is_probe for admission in admissions if admission.ok] == [True]
    assert all(0 < admission.retry_after_seconds <= 5.0 for admission in admissions if not admission.ok)


def test_half_open_one_of_two_processes_probes(breaker: Breaker) -> None:
    fail(breaker, ProviderError(), 3)
    end_pause(breaker)
    program = (
        "from voice_app.providers.breaker import Breaker, BreakerRules\n"
        f"print(Breaker({breaker.name!r}, BreakerRules(3, 30.0)).admit(30.0).ok)"
    )
    other = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    said = [other.communicate(timeout=60)[0].strip(), str(breaker.admit(30.0).ok)]
    assert said == ["True", "False"]


class TestProbe:
    """What comes of the one question that a half-open breaker lets through."""

    @pytest.fixture
    def probe(self, breaker: Breaker) -> Admission:
        fail(breaker, ProviderError(), 3)
        end_pause(breaker)
        admission = breaker.admit(5.0)
        assert admission.is_probe
        return admission

    def test_success_closes_it(self, breaker: Breaker, probe: Admission) -> None:
        breaker.succeed(probe)
        assert breaker.admit(1.0).is_clean

    def test_failure_opens_it_again(self, breaker: Breaker, probe: Admission) -> None:
        breaker.fail(probe, ProviderTimedOut())
        assert breaker.read().state is BreakerState.OPEN

    def test_one_that_tells_nothing_lets_the_next_probe(self, breaker: Breaker, probe: Admission) -> None:
        breaker.fail(probe, ProviderAnswerUnusable())
        assert breaker.admit(5.0).is_probe

    def test_a_call_from_before_does_not_end_it(self, breaker: Breaker, probe: Admission) -> None:
        breaker.fail(Admission(ok=True), ProviderAnswerUnusable())
        assert not breaker.admit(5.0).ok


def test_without_the_server_everything_is_let_through() -> None:
    def away() -> Redis:
        return Redis.from_url("redis://127.0.0.1:1/0")

    breaker = Breaker("llm:away", RULES, away)
    fail(breaker, ProviderError(), 5)
    assert breaker.admit(1.0).ok
    breaker.succeed(breaker.admit(1.0))
    assert breaker.read().state is BreakerState.CLOSED
