"""The same words of the same person are not paid twice, and nobody else can read what is kept of them."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tasks_app.context import Actor
from tasks_app.models import Task, User
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.outcomes import Outcome
from tests.voice_app.asking.test_hearing import Engine as SpeechEngine
from tests.voice_app.conftest import SAMPLES, Say
from tests.voice_app.providers.openai_cases import open_access
from voice_app import dry_run
from voice_app.asking.on_terms import hear_for
from voice_app.asking.terms import Terms
from voice_app.audio import decode
from voice_app.models import DataKey, ProviderPreference, ProviderUsage, StageRecord
from voice_app.providers import registry
from voice_app.providers.attempts import Attempt
from voice_app.providers.base import Deadline
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.llm.openai import OpenAIChat
from voicebot.redis import redis_client

CALL = {"intent": "create_task", "title": "call mum", "when": "in ten minutes"}
TEXT = "call mum in ten minutes"


def answer(command: dict[str, Any]) -> Outcome:
    return Outcome(text=json.dumps({"commands": [command]}))


@pytest.fixture(autouse=True)
def _alone(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """The only engine is a model."""
    with open_access() as (server, access):
        model = ModelUnderstanding(OpenAIChat(access, "gpt-6-luna"))
        monkeypatch.setattr(registry, "language_engines", lambda _names: (model,))
        server.outcome = answer(CALL)
        yield server


def kept_keys(settings: Settings) -> list[str]:
    return [str(key) for key in redis_client().scan_iter(f"{settings.REDIS_KEY_PREFIX}:answer:*")]


@pytest.fixture
def parse(actor: Actor) -> Callable[[str], dict[str, Any]]:
    """Tries a text out, with no conversation before it."""
    return lambda text: dry_run.interpret(actor, text, "en")


def test_a_repeated_command_is_asked_once(say: Say, server: OpenAIServer) -> None:
    first, second = say(TEXT), say(TEXT)

    assert (first.success, second.success, len(server.received)) == (True, True, 1)
    assert Task.objects.count() == 2
    attempt = StageRecord.objects.at_engines().get(command=second)
    assert (attempt.provider, attempt.model, attempt.link) == ("cache", "gpt-6-luna", 1)
    assert (attempt.outcome, attempt.cost_usd, second.entities["engine"]) == ("ok", 0, "openai")
    assert ProviderUsage.objects.get().calls == 1


def test_a_time_from_now_is_computed_anew(actor: Actor, server: OpenAIServer) -> None:
    later = replace(actor, said_at=actor.said_at + dt.timedelta(minutes=3))
    dues = [dry_run.interpret(person, TEXT, "en")["commands"][0]["due"] for person in (actor, later)]

    assert len(server.received) == 1
    assert dues == ["2026-11-22T10:10:00+01:00", "2026-11-22T10:13:00+01:00"]


def test_what_depends_on_the_conversation_is_asked_again(say: Say, server: OpenAIServer) -> None:
    say(TEXT)
    server.outcome = answer({"intent": "create_task", "when": "Friday", "turn": 1})
    say("and another one for Friday")
    say("and another one for Friday")
    assert len(server.received) == 3


def test_what_is_kept_cannot_be_read_and_goes_with_the_key(
    parse: Callable[[str], dict[str, Any]], server: OpenAIServer, settings: Settings, speaker: User
) -> None:
    parse(TEXT)
    (key,) = kept_keys(settings)
    value = str(redis_client().get(key))
    assert "mum" not in value
    assert "mum" not in key
    assert 0 < redis_client().ttl(key) <= settings.ANSWER_CACHE_SECONDS

    DataKey.objects.filter(user=speaker).delete()
    parse(TEXT)
    assert len(server.received) == 2


def test_nobody_gets_another_persons_answer(actor: Actor, server: OpenAIServer) -> None:
    for person in (actor, replace(actor, user=User.objects.create_user("ben", timezone="Europe/Berlin"))):
        dry_run.interpret(person, TEXT, "en")
    assert len(server.received) == 2


def test_other_names_other_terms_or_no_cache_ask_again(
    parse: Callable[[str], dict[str, Any]], server: OpenAIServer, settings: Settings, speaker: User
) -> None:
    parse(TEXT)
    speaker.projects.create(name="Garden")
    parse(TEXT)
    ProviderPreference.objects.create(user=speaker, off=["claude"])
    parse(TEXT)
    settings.ANSWER_CACHE_SECONDS = 0
    parse(TEXT)
    assert len(server.received) == 4


def test_without_its_server_everything_is_asked(
    parse: Callable[[str], dict[str, Any]], server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Redis(port=1, decode_responses=True, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr("voice_app.asking.recall.redis_client", lambda: away)
    parse(TEXT)
    assert parse(TEXT)["engine"] == "openai"
    assert len(server.received) == 2


def test_the_same_sound_is_heard_once(speaker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = decode((SAMPLES / "call-mom.ogg").read_bytes())
    engine = SpeechEngine("openai")
    monkeypatch.setattr(registry, "speech_engines", lambda _names: (engine,))
    attempts: list[Attempt] = []

    def hear(*hints: str) -> str:
        deadline = Deadline.after(5.0)
        return hear_for(
            Terms.of(speaker), clip, language="en", hints=hints, deadline=deadline, record=attempts.append
        ).text

    assert [hear("Anna"), hear("Anna"), hear("Anna", "Ben")] == ["call mum"] * 3
    assert (engine.asked, [attempt.provider for attempt in attempts]) == (2, ["openai", "cache", "openai"])
