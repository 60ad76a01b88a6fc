"""The chain: who is asked, whose answer is taken, and how long it may take, over every combination of outcomes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from tests.voice_app.providers.links import ERRORS, Answer, OpenDoor, Stage
from voice_app.errors import NoSpeech, SpeechEngineMissing
from voice_app.providers import calls
from voice_app.providers.attempts import AttemptOutcome, Skipped
from voice_app.providers.base import Deadline
from voice_app.providers.calls import Link
from voice_app.providers.chain import GRACE_SECONDS, HEAD_START_SECONDS, ChainRules, first_answer
from voice_app.providers.errors import ProviderBudgetSpent, ProviderError, ProviderTimedOut
from voicebot.errors import AppError

PASSED_OVER = {"off": Skipped.OFF, "paused": "provider_paused"}
CODES = {"silence": NoSpeech.code, "heard nothing": NoSpeech.code, "bug": ProviderError.code}
KINDS = ("answers", "off", "paused", "silence", "heard nothing", "bug", *ERRORS)
KINDS_THAT_DIFFER = (
    "answers", "off", "paused", "silence", "provider_failed", "provider_key_refused", "provider_rate_limited",
    "provider_answer_unusable",
)  # fmt: skip
QUICK = {
    1: [(kind,) for kind in KINDS],
    2: list(itertools.product(KINDS, repeat=2)),
    3: list(itertools.product(KINDS_THAT_DIFFER, repeat=3)),
}
WITH_SLOW = [
    kinds
    for length in (1, 2, 3)
    for kinds in itertools.product(("answers", "slow", "provider_failed", "off"), repeat=length)
    if "slow" in kinds
]
SLACK_SECONDS = 0.1
PATIENT = ChainRules(timeout_seconds=5.0)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.over.set()


def ask(
    stage: Stage,
    links: list[Link[Answer]],
    *,
    seconds: float = 5.0,
    rules: ChainRules = PATIENT,
) -> Answer | AppError:
    try:
        return first_answer(
            links,
            deadline=Deadline.after(seconds),
            rules=rules,
            record=stage.attempts.append,
            otherwise=SpeechEngineMissing(language=""),
        )
    except AppError as error:
        return error


def expected(kinds: tuple[str, ...]) -> tuple[int | str, list[int]]:
    """Who answers or the last error's code, and who is asked."""
    asked, last = [], SpeechEngineMissing.code
    for place, kind in enumerate(kinds, 1):
        if kind in PASSED_OVER:
            last = PASSED_OVER[kind] if kind == "paused" else last
            continue
        asked.append(place)
        if kind == "answers":
            return place, asked
        last = CODES.get(kind, kind)
        if kind == "silence":
            break
    return last, asked


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_first_good_answer_wins_whatever_the_others_do(length: int) -> None:
    for kinds in QUICK[length]:
        stage = Stage()
        links = [stage.link(place, kind, is_local=kind == "silence") for place, kind in enumerate(kinds, 1)]
        result = ask(stage, links)

        winner, asked = expected(kinds)
        assert (result.by if isinstance(result, Answer) else result.code) == winner, kinds
        assert stage.asked == asked, kinds
        assert [attempt.link for attempt in stage.attempts] == list(range(1, len(stage.attempts) + 1)), kinds
        for attempt, kind in zip(stage.attempts, kinds, strict=False):
            assert (attempt.outcome, attempt.error_code) == outcome_of(kind), kinds
        assert not any(attempt.outcome is AttemptOutcome.OK for attempt in stage.attempts[:-1]), kinds


def outcome_of(kind: str) -> tuple[AttemptOutcome, str]:
    if kind == "answers":
        return AttemptOutcome.OK, ""
    if kind in PASSED_OVER:
        return AttemptOutcome.SKIPPED, PASSED_OVER[kind]
    return AttemptOutcome.FAILED, CODES.get(kind, kind)


@pytest.mark.parametrize("kinds", WITH_SLOW, ids="-".join)
def test_the_deadline_holds_though_a_provider_ignores_it(stage: Stage, kinds: tuple[str, ...]) -> None:
    links = [stage.link(place, kind) for place, kind in enumerate(kinds, 1)]
    began = time.monotonic()
    result = ask(stage, links, seconds=0.15)

    assert time.monotonic() - began < 0.15 + SLACK_SECONDS
    wins = next((place for place, kind in enumerate(kinds, 1) if kind == "answers"), None)
    if wins:
        assert isinstance(result, Answer)
        assert result.by == wins
        assert stage.asked == [place for place in range(1, wins + 1) if kinds[place - 1] != "off"]
    else:
        assert isinstance(result, ProviderError)


def test_no_provider_has_more_than_its_time_out(stage: Stage) -> None:
    began = time.monotonic()
    result = ask(stage, [stage.link(1, "slow"), stage.link(2, "answers")], rules=ChainRules(timeout_seconds=0.1))

    assert result == Answer(2)
    assert 0.1 <= time.monotonic() - began < 0.1 + SLACK_SECONDS
    assert stage.attempts[0].error_code == ProviderTimedOut.code


def test_one_that_hangs_leaves_a_fair_part_to_the_next(stage: Stage) -> None:
    links = [stage.link(1, "slow"), stage.link(2, "off"), stage.link(3, "answers", seconds=0.1)]
    assert ask(stage, links, seconds=0.4) == Answer(3)
    assert 0.15 < stage.attempts[0].seconds < 0.3


def test_the_breaker_is_told_how_each_call_ended(stage: Stage) -> None:
    links = [stage.link(1, "provider_overloaded"), stage.link(2, "slow"), stage.link(3, "answers")]
    ask(stage, links, rules=ChainRules(timeout_seconds=0.05))
    assert [link.breaker.told for link in links if isinstance(link.breaker, OpenDoor)] == [
        ["provider_overloaded"],
        ["provider_timed_out"],
        ["ok"],
    ]


def test_whom_it_must_not_ask_it_does_not_ask(stage: Stage) -> None:
    attempts = stage.attempts
    answer = first_answer(
        [stage.link(1, "answers"), stage.link(2, "answers")],
        deadline=Deadline.after(1.0),
        rules=ChainRules(timeout_seconds=1.0),
        record=attempts.append,
        otherwise=AppError(),
        permit=lambda name: ProviderBudgetSpent(period="day", whose="user") if name == "p1" else None,
    )
    assert (answer, stage.asked) == (Answer(2), [2])
    assert attempts[0].error_code == ProviderBudgetSpent.code


def test_too_many_calls_that_hang_let_no_more_begin(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(calls, "_places", places)
    rules = ChainRules(timeout_seconds=0.05)
    ask(stage, [stage.link(1, "slow")], rules=rules)
    assert ask(stage, [stage.link(1, "answers"), stage.link(2, "answers", is_local=True)], rules=rules) == Answer(2)
    assert stage.attempts[1].error_code == Skipped.TOO_MANY_CALLS

    stage.over.set()
    assert places.acquire(timeout=5.0)


class TestHedging:
    """With it, the next provider is asked as well when one takes its time."""

    RULES = ChainRules(timeout_seconds=5.0, hedge_seconds=0.05)

    def test_the_first_to_answer_wins_and_the_other_is_left(self, stage: Stage) -> None:
        slow = stage.link(1, "slow")
        assert ask(stage, [slow, stage.link(2, "answers"), stage.link(3, "answers")], rules=self.RULES) == Answer(2)
        assert stage.asked == [1, 2]
        assert {(attempt.link, attempt.error_code) for attempt in stage.attempts} == {(1, Skipped.OVERTAKEN), (2, "")}

        stage.over.set()
        assert isinstance(slow.breaker, OpenDoor)
        _wait_for(slow.breaker.told)
        assert slow.breaker.told == ["ok"]

    def test_a_quick_one_is_asked_alone(self, stage: Stage) -> None:
        assert ask(stage, [stage.link(1, "answers"), stage.link(2, "answers")], rules=self.RULES) == Answer(1)
        assert stage.asked == [1]

    def test_the_slow_one_may_still_win(self, stage: Stage) -> None:
        links = [stage.link(1, "answers", seconds=0.15), stage.link(2, "slow")]
        assert ask(stage, links, rules=self.RULES) == Answer(1)

    def test_what_is_inside_the_program_is_the_last_resort(self, stage: Stage) -> None:
        links = [stage.link(1, "answers", seconds=0.15), stage.link(2, "answers", is_local=True)]
        assert ask(stage, links, rules=self.RULES) == Answer(1)
        assert stage.asked == [1]


class TestStandby:
    """An engine inside the program gets ready beside the providers that come before it."""

    RULES = ChainRules(timeout_seconds=5.0, has_standby=True)

    def test_a_provider_that_hangs_costs_less_than_a_second(self, stage: Stage) -> None:
        links = [stage.link(1, "slow"), stage.link(2, "slow"), stage.link(3, "answers", is_local=True)]
        began = time.monotonic()
        assert ask(stage, links, rules=self.RULES) == Answer(3)
        assert time.monotonic() - began < HEAD_START_SECONDS + GRACE_SECONDS + SLACK_SECONDS < 1.0
        assert stage.asked == [1, 3]

    def test_a_provider_that_is_quick_is_taken(self, stage: Stage) -> None:
        links = [stage.link(1, "answers", seconds=0.4), stage.link(2, "answers", seconds=0.05, is_local=True)]
        assert ask(stage, links, rules=self.RULES) == Answer(1)
        assert {attempt.link: attempt.error_code for attempt in stage.attempts} == {1: "", 2: Skipped.OVERTAKEN}

    def test_a_provider_that_fails_costs_nothing(self, stage: Stage) -> None:
        links = [stage.link(1, "provider_failed"), stage.link(2, "paused"), stage.link(3, "answers", is_local=True)]
        began = time.monotonic()
        assert ask(stage, links, rules=self.RULES) == Answer(3)
        assert time.monotonic() - began < SLACK_SECONDS

    def test_those_after_it_are_asked_when_it_fails(self, stage: Stage) -> None:
        links = [stage.link(1, "slow"), stage.link(2, "bug", is_local=True), stage.link(3, "answers")]
        rules = ChainRules(timeout_seconds=0.4, has_standby=True)
        assert ask(stage, links, rules=rules) == Answer(3)

    def test_silence_ends_it_at_once(self, stage: Stage) -> None:
        result = ask(stage, [stage.link(1, "slow"), stage.link(2, "silence", is_local=True)], rules=self.RULES)
        assert isinstance(result, NoSpeech)


def _wait_for(told: list[str]) -> None:
    until = time.monotonic() + 5.0
    while not told and time.monotonic() < until:
        time.sleep(0.005)
