"""The same conversation where a language model understands it: it points at words, and the same comes of them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pytest_django import Settings

from tasks_app.models import Task
from tests.fakes.anthropic_server import KEY as ANTHROPIC_KEY
from tests.fakes.anthropic_server import AnthropicServer
from tests.fakes.openai_server import KEY as OPENAI_KEY
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.outcomes import Outcome, OutcomeServer
from tests.voice_app.conftest import Say
from voice_app.providers.registry import language_engines

IT = {"filters": {"that": True}, "turn": 1}
CONVERSATION: list[tuple[str, dict[str, Any]]] = [
    ("Gym tomorrow at 5 pm", {"intent": "create_task", "title": "Gym", "when": "tomorrow at 5 pm"}),
    ("and another one for Friday", {"intent": "create_task", "when": "Friday", "turn": 1}),
    ("make it six instead", {"intent": "update_task", "when": "six", **IT}),
    ("and call it long run", {"intent": "update_task", "title": "long run", **IT}),
    ("same time next week", {"intent": "update_task", "when": "next week", "same_time": True, **IT}),
    ("what about tomorrow?", {"intent": "list_tasks", "when": "tomorrow"}),
]


@contextmanager
def _openai(settings: Settings) -> Iterator[OutcomeServer]:
    with OpenAIServer() as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base_url, OPENAI_KEY
        yield server


@contextmanager
def _claude(settings: Settings) -> Iterator[OutcomeServer]:
    with AnthropicServer() as server:
        settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_API_KEY = server.url, ANTHROPIC_KEY
        yield server


@contextmanager
def _langchain(settings: Settings) -> Iterator[OutcomeServer]:
    with OpenAIServer() as server:
        settings.LANGCHAIN_MODEL = "openai:gpt-6-luna"
        settings.LANGCHAIN_BASE_URL, settings.LANGCHAIN_API_KEY = server.base_url, OPENAI_KEY
        yield server


SERVERS = {"openai": _openai, "claude": _claude, "langchain": _langchain}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[OutcomeServer]:
    """The server of the only engine that there is."""
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"
    settings.PROVIDER_TIMEOUT_SECONDS = 60.0  # the library of LangChain is loaded within the first call
    with SERVERS[request.param](settings) as server:
        settings.VOICE_LLM = ["local"]
        language_engines()  # so that the next ones are built anew, for this server
        settings.VOICE_LLM = [request.param]
        yield server


def answer(command: dict[str, Any]) -> Outcome:
    return Outcome(text=json.dumps({"commands": [command]}))


def test_six_turns(server: OutcomeServer, say: Say) -> None:
    for text, command in CONVERSATION:
        server.next(answer(command))
        said = say(text)
        assert (said.success, said.question) == (True, None), (text, said.reply, said.entities, server.problems)

    tasks = Task.objects.filter(deleted_at=None).order_by("created_at")
    assert [(task.title, f"{task.due_at:%m-%d %H:%M}") for task in tasks] == [
        ("Gym", "11-23 16:00"),
        ("long run", "12-04 17:00"),
    ]
    assert [task["title"] for task in said.results[0]["tasks"]] == ["Gym"]
    assert (len(server.received), server.problems) == (len(CONVERSATION), [])


def test_a_model_is_told_the_turns_of_this_session_only(server: OutcomeServer, say: Say) -> None:
    for text, command in CONVERSATION[:2]:
        server.next(answer(command))
        say(text)

    first, second = (request.body.decode() for request in server.received)
    assert "<earlier>" not in first.replace("<earlier> holds", "")
    assert "Gym tomorrow at 5 pm" in second


def test_another_one_of_the_list(server: OutcomeServer, say: Say) -> None:
    for title in ("Pay the rent", "Water the plants"):
        server.next(answer({"intent": "create_task", "title": title}))
        say(f"Add {title}")
    server.next(answer({"intent": "list_tasks"}))
    first, second = (task["title"] for task in say("Show my tasks").results[0]["tasks"])
    server.next(answer({"intent": "complete_task", "filters": {"nth": [1]}}))
    say("Complete the first one")

    server.next(answer({"intent": "complete_task", "filters": {"nth": [2]}, "turn": 1}))
    corrected = say("no, the second one")

    assert corrected.reply == f"Undone: “{first}”.\nDone: “{second}”."
