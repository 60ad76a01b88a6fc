"""Who understands what: the local engine alone, a model, or the local engine when no model can."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from pytest_django import Settings

from tasks_app.intents import Intent
from tests.voice_app.conftest import Say
from voice_app.asking import routing
from voice_app.models import StageRecord
from voice_app.providers import registry
from voice_app.providers.attempts import Attempt, AttemptOutcome, Skipped
from voice_app.providers.base import Availability, Deadline, LanguageUnderstanding, Understood
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError
from voice_app.types import SpokenCommand, Understanding, Usage, Utterance

USAGE = Usage("m-1", input_tokens=900, cached_tokens=700, output_tokens=40, cost_usd=0.0012)
SURE, NEARLY_SURE, UNSURE = 0.95, 0.8, 0.7


@dataclass
class Engine:
    """A language engine that answers, fails or hangs."""

    name: str
    confidence: float = 0.9
    needs: str | None = None
    error: ProviderError | None = None
    is_on: bool = True
    hangs: threading.Event | None = None
    asked: int = field(default=0)

    def availability(self) -> Availability:
        return Availability(ok=self.is_on, reason="" if self.is_on else "Set its key.")

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        self.asked += 1
        if self.hangs:
            self.hangs.wait(30.0)
        if self.error:
            raise self.error
        command = SpokenCommand(intent=Intent.CREATE_TASK, title=f"by {self.name}")
        understanding = Understanding(
            text=utterance.text,
            language="en",
            engine=self.name,
            confidence=self.confidence,
            needs=self.needs,
            commands=(command,),
        )
        return Understood(understanding, USAGE if self.name != "local" else Usage())


@dataclass
class Result:
    by: str
    attempts: list[Attempt]
    seconds: float

    @property
    def timeline(self) -> list[tuple[int, str, str]]:
        return [(attempt.link, attempt.outcome.value, attempt.error_code) for attempt in self.attempts]


def route(*engines: LanguageUnderstanding, seconds: float = 5.0) -> Result:
    attempts: list[Attempt] = []
    utterance = Utterance("call mum", "en", dt.datetime.now(dt.UTC))
    began = time.monotonic()
    understood = routing.understand(engines, utterance, deadline=Deadline.after(seconds), record=attempts.append)
    return Result(understood.understanding.engine, attempts, time.monotonic() - began)


@pytest.fixture(autouse=True)
def _own_breakers(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_what_the_local_engine_is_sure_of_goes_to_nobody_else() -> None:
    local, model = Engine("local", SURE), Engine("openai")
    result = route(local, model, local)
    assert (result.by, local.asked, model.asked) == ("local", 1, 0)
    assert result.timeline == [(1, "ok", "")]


@pytest.mark.parametrize("local", [Engine("local", UNSURE), Engine("local", SURE, needs="title")])
def test_what_it_is_not_sure_of_goes_to_a_model(local: Engine) -> None:
    result = route(local, Engine("openai"), Engine("claude"), local)
    assert result.by == "openai"
    assert result.timeline == [(1, "skipped", Skipped.UNSURE), (2, "ok", "")]
    assert (result.attempts[1].model, result.attempts[1].usage) == ("m-1", USAGE)


def test_a_confirmation_is_for_the_person_and_for_no_model() -> None:
    assert route(Engine("local", SURE, needs="confirmation"), Engine("openai")).by == "local"


@pytest.mark.parametrize("names", [("local", "openai", "claude", "local"), ("local", "openai", "claude")])
def test_its_answer_stands_when_no_model_has_one_and_is_found_only_once(names: tuple[str, ...]) -> None:
    made = {
        "local": Engine("local", UNSURE),
        "openai": Engine("openai", error=ProviderAnswerUnusable()),
        "claude": Engine("claude", is_on=False),
    }
    result = route(*(made[name] for name in names))
    assert (result.by, made["local"].asked) == ("local", 1)
    assert [code for _, _, code in result.timeline] == [
        Skipped.UNSURE, ProviderAnswerUnusable.code, Skipped.OFF, "",
    ]  # fmt: skip
    assert result.attempts[-1].outcome is AttemptOutcome.OK


def test_without_a_local_engine_the_last_models_error_is_raised() -> None:
    with pytest.raises(ProviderAnswerUnusable):
        route(Engine("openai", error=ProviderError()), Engine("claude", error=ProviderAnswerUnusable()))


def test_a_model_that_comes_first_is_asked_first() -> None:
    result = route(Engine("openai"), Engine("local", SURE))
    assert result.by == "openai"


@pytest.mark.parametrize("names", [("local", "openai", "local"), ("openai", "claude", "local"), ("openai", "local")])
def test_models_that_hang_cost_less_than_a_second_where_it_is_sure(
    names: tuple[str, ...], hanging: threading.Event
) -> None:
    engines = {name: Engine(name, SURE, hangs=None if name == "local" else hanging) for name in names}
    result = route(*(engines[name] for name in names))
    assert result.by == "local"
    assert result.seconds < 1.0


def test_models_that_hang_cost_less_than_a_second_where_it_is_nearly_sure(hanging: threading.Event) -> None:
    local = Engine("local", NEARLY_SURE)
    result = route(local, Engine("openai", hangs=hanging), Engine("claude", hangs=hanging), local)
    assert result.by == "local"
    assert result.seconds < 1.0


def test_a_model_that_answers_at_once_is_heard_where_it_is_nearly_sure() -> None:
    local = Engine("local", NEARLY_SURE)
    assert route(local, Engine("openai"), local).by == "openai"


def test_a_model_that_only_asks_back_is_not_heard_where_it_is_sure() -> None:
    assert route(Engine("openai", needs="confirmation"), Engine("local", SURE)).by == "local"


def test_all_that_remains_is_for_the_models_where_it_is_not_sure(hanging: threading.Event) -> None:
    result = route(Engine("local", UNSURE), Engine("openai", hangs=hanging), Engine("claude"), seconds=0.4)
    assert result.by == "claude"


def test_a_paused_model_costs_no_time() -> None:
    failing, local = Engine("openai", error=ProviderError()), Engine("local", SURE)
    for _ in range(3):
        route(failing, local)
    result = route(failing, local)
    assert (failing.asked, result.timeline[0][2]) == (3, "provider_paused")
    assert result.seconds < 0.1


class TestPipeline:
    """What is known afterwards about who was asked."""

    @pytest.fixture
    def say_to(self, say: Say, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[StageRecord]]:
        def speak(*engines: Engine) -> list[StageRecord]:
            monkeypatch.setattr("voice_app.providers.registry.language_engines", lambda _names=(): engines)
            return list(say("call mum").stages.filter(stage="understand"))

        return speak

    def test_every_engine_has_a_row_beside_the_stages_own(
        self, say_to: Callable[..., list[StageRecord]], settings: Settings
    ) -> None:
        failing = Engine("openai", error=ProviderError(provider="openai"))
        rows = say_to(Engine("local", UNSURE), failing, Engine("claude"), Engine("langchain"))

        assert [(row.link, row.provider, row.outcome, row.error_code) for row in rows] == [
            (None, "claude", "ok", ""),
            (1, "local", "skipped", "unsure"),
            (2, "openai", "failed", "provider_failed"),
            (3, "claude", "ok", ""),
        ]
        assert rows[2].model == settings.OPENAI_LLM_MODEL
        answered = rows[3]
        assert (answered.model, answered.input_tokens, answered.cached_tokens, answered.output_tokens) == (
            "m-1", 900, 700, 40,
        )  # fmt: skip
        assert [float(row.cost_usd) for row in rows] == [0.0012, 0.0, 0.0, 0.0012]
        assert StageRecord.objects.whole().filter(stage="understand").count() == 1
        assert StageRecord.objects.at_engines().count() == 3

    def test_what_was_asked_in_vain_is_kept_too(self, say_to: Callable[..., list[StageRecord]]) -> None:
        rows = say_to(Engine("openai", error=ProviderAnswerUnusable(provider="openai")))
        assert [(row.link, row.outcome, row.error_code) for row in rows] == [
            (None, "failed", "provider_answer_unusable"),
            (1, "failed", "provider_answer_unusable"),
        ]


def test_an_engine_that_is_named_twice_is_built_once(settings: Settings) -> None:
    settings.VOICE_LLM = ["local", "local"]
    first, second = registry.language_engines()
    assert first is second


def test_only_engines_of_others_have_breakers(settings: Settings) -> None:
    settings.VOICE_LLM, settings.VOICE_STT = ["local"], ["local"]
    assert registry.provider_names() == ()
