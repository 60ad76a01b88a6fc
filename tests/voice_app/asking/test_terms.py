"""Nobody's words reach a provider that is off for them, whatever the chain, the hedge or the conversation."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from tasks_app.intents import Intent
from tasks_app.models import User
from tests.voice_app.asking.test_hearing import Engine as SpeechEngine
from tests.voice_app.asking.test_routing import SURE, UNSURE, Engine
from tests.voice_app.conftest import SAMPLES
from voice_app.asking.on_terms import hear_for, understand_for
from voice_app.asking.terms import Terms
from voice_app.audio import decode
from voice_app.models import ProviderPreference
from voice_app.providers import registry
from voice_app.providers.attempts import Attempt
from voice_app.providers.base import Deadline, Understood
from voice_app.providers.errors import ProviderError, ProviderOffForPerson
from voice_app.providers.registry import Kind
from voice_app.types import SpokenCommand, Turn, Utterance
from voicebot.errors import AppError

NAMES = ("local", "openai", "claude", "langchain")
CHAINS = [chain for length in (1, 2, 3) for chain in permutations(NAMES, length)]
SAID_AT = dt.datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
EARLIER = Turn("call mum", SAID_AT, (SpokenCommand(intent=Intent.CREATE_TASK, title="call mum"),))
UTTERANCE = Utterance("and another one for Friday", "en", SAID_AT, conversation=(EARLIER,))


@dataclass
class SlowEngine(Engine):
    """Takes longer than the hedge waits."""

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        time.sleep(0.004)
        return super().understand(utterance, deadline=deadline)


@pytest.fixture(autouse=True)
def _alone(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"
    settings.ANSWER_CACHE_SECONDS = 0


def terms_with(*off: str, sure_from: float | None = None) -> Terms:
    return Terms(User(pk=1), ProviderPreference(off=list(off), sure_from=sure_from))


@pytest.mark.parametrize(
    ("off", "never"),
    [
        (["openai"], {"openai", "langchain"}),
        (["claude"], {"claude"}),
        (["openai", "claude", "langchain"], {"openai", "claude", "langchain"}),
    ],
)
@pytest.mark.parametrize("hedge_seconds", [0.0, 0.001])
def test_no_chain_asks_a_model_that_is_off(
    off: list[str], never: set[str], hedge_seconds: float, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROVIDER_HEDGE_SECONDS = hedge_seconds
    settings.LANGCHAIN_MODEL, settings.LANGCHAIN_BASE_URL = "openai:gpt-6-luna", ""
    made = {name: SlowEngine(name, UNSURE, error=ProviderError()) for name in NAMES[1:]}
    engines: dict[str, Engine] = {"local": Engine("local", UNSURE), **made}
    monkeypatch.setattr(registry, "language_engines", lambda names: tuple(engines[name] for name in names))
    settings.BREAKER_FAILURES = 1_000_000
    for chain in CHAINS:
        terms = terms_with(*off)
        terms.preference.language_chain = list(chain)
        with suppress(AppError):
            understand_for(terms, UTTERANCE, deadline=Deadline.after(5.0))

    assert {name for name, engine in made.items() if engine.asked == 0} == never


def test_no_chain_sends_sound_to_one_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = decode((SAMPLES / "call-mom.ogg").read_bytes())
    engines = {name: SpeechEngine(name, error=ProviderError()) for name in ("local", "openai")}
    monkeypatch.setattr(registry, "speech_engines", lambda names: tuple(engines[name] for name in names))
    for chain in (["openai"], ["openai", "local"], ["local", "openai"], ["local", "openai", "local"]):
        terms = terms_with("openai")
        terms.preference.speech_chain = chain
        with suppress(AppError):
            hear_for(terms, clip, language="en", hints=(), deadline=Deadline.after(5.0))

    assert (engines["openai"].asked, engines["local"].asked) == (0, 4)


def test_that_it_is_off_is_recorded_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "language_engines", lambda _names: (Engine("openai"),))
    attempts: list[Attempt] = []
    with pytest.raises(ProviderOffForPerson):
        understand_for(terms_with("openai"), UTTERANCE, deadline=Deadline.after(5.0), record=attempts.append)
    assert [(attempt.outcome, attempt.error_code) for attempt in attempts] == [("skipped", "provider_off_for_person")]


@pytest.mark.parametrize(
    ("model", "base_url", "reached"),
    [
        ("openai:gpt-6-luna", "", {"langchain", "openai"}),
        ("anthropic:claude-haiku-5-5", "", {"langchain", "claude"}),
        ("openai:gpt-6-luna", "https://api.openai.com/v1", {"langchain", "openai"}),
        ("openai:qwen3", "http://localhost:8000/v1", {"langchain"}),
        ("ollama:qwen3", "", {"langchain"}),
    ],
)
def test_whom_langchain_reaches(model: str, base_url: str, reached: set[str], settings: Settings) -> None:
    settings.LANGCHAIN_MODEL, settings.LANGCHAIN_BASE_URL = model, base_url
    settings.OPENAI_BASE_URL = "https://api.openai.com/v1"
    assert registry.recipients("langchain") == reached
    assert registry.recipients("claude") == {"claude"}


def test_who_has_chains_of_their_own_is_not_asked_as_everybody(settings: Settings) -> None:
    settings.VOICE_STT, settings.VOICE_LLM = ["local"], ["local", "openai"]
    terms = terms_with()
    assert (terms.chain_names(Kind.SPEECH), terms.chain_names(Kind.LANGUAGE)) == (("local",), ("local", "openai"))

    terms.preference = ProviderPreference(speech_chain=["openai", "gone"], language_chain=["gone"])
    assert (terms.chain_names(Kind.SPEECH), terms.chain_names(Kind.LANGUAGE)) == (("openai",), ("local", "openai"))


@pytest.mark.parametrize(("sure_from", "by"), [(0.96, "openai"), (0.9, "local"), (0.0, "local"), (None, "local")])
def test_how_sure_the_local_engine_must_be_is_the_persons_own(
    sure_from: float | None, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain: Sequence[Engine] = (Engine("local", SURE), Engine("openai"))
    monkeypatch.setattr(registry, "language_engines", lambda _names: chain)
    understood = understand_for(terms_with(sure_from=sure_from), UTTERANCE, deadline=Deadline.after(5.0))
    assert understood.understanding.engine == by
