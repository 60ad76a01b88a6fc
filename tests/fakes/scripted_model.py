"""A stand-in for a language model: it answers what our own engine understands, as words that were said.

What it answers says nothing about any real model; its requests, its answers' shape and the counting are real.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

from tests.fakes.anthropic_server import AnthropicServer
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.outcomes import Delivery, Outcome, OutcomeServer, Received

CHARACTERS_A_TOKEN = 4
FAILURES = (
    Outcome(status=429),
    Outcome(status=500),
    Outcome(status=529),
    Outcome(delivery=Delivery.RESET),
    Outcome(delivery=Delivery.SLOW_HEADERS),
)
_TAGGED = re.compile(r"<(said|language)>(.*?)</\1>", re.DOTALL)
_WORDS = {"when": "due", "repeat": "rrule", "remind": "remind", "priority_words": "priority"}
_SELECTS = ("status", "overdue", "all", "that", "nth", "first", "last")


def answer_to(message: str) -> str:
    """What it answers to the message of a user, as JSON."""
    from voice_app.evaluation.cases import SAID_AT
    from voice_app.types import Utterance
    from voice_app.understanding import interpret

    told = {tag: json.loads(value) for tag, value in _TAGGED.findall(message)}
    understood = interpret(Utterance(told["said"], told.get("language"), SAID_AT, locale=None))
    return json.dumps({"commands": [_pointed(command.model_dump(mode="json")) for command in understood.commands]})


def _pointed(command: dict[str, Any]) -> dict[str, Any]:
    """A command as words: no computed time, no phrase that was not said."""
    kept = {name: command[name] for name in ("intent", "title", "task", "project", "assignee", "labels", "priority")}
    words = {name: command["said"].get(source) for name, source in _WORDS.items()}
    chosen = command["filters"] or {}
    filters = {name: chosen[name] for name in _SELECTS if chosen.get(name)}
    return kept | words | {"filters": filters or None}


class _Scripted(OutcomeServer):
    """Thinks for a while, and fails each so many requests, in all ways in turn."""

    think_seconds = 0.0
    fails_each = 0
    """Every so-manieth request fails; 0 is none."""

    def handle(self, request: Received) -> tuple[Outcome, bytes]:
        number = len(self.received) + 1
        if self.fails_each and number % self.fails_each == 0:
            self.next(FAILURES[number // self.fails_each % len(FAILURES)])
        time.sleep(self.think_seconds)
        return super().handle(request)


class ScriptedOpenAI(_Scripted, OpenAIServer):
    """Behind OpenAI's API."""

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        asked = request.json()
        system, user, *_ = (message["content"] for message in asked["messages"])
        kept = len(system + json.dumps(asked.get("response_format"))) // CHARACTERS_A_TOKEN
        text = answer_to(user)
        answer = super().good_answer(request, text)
        answer["usage"] = {
            "prompt_tokens": kept + len(user) // CHARACTERS_A_TOKEN,
            "completion_tokens": len(text) // CHARACTERS_A_TOKEN,
            "prompt_tokens_details": {"cached_tokens": kept if self.received[1:] else 0},
        }
        return answer


class ScriptedAnthropic(_Scripted, AnthropicServer):
    """Behind Anthropic's API."""

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        asked = request.json()
        user = asked["messages"][0]["content"]
        text = answer_to(user)
        kept = len(json.dumps([asked["system"], asked["tools"]])) // CHARACTERS_A_TOKEN
        is_first = not self.received[1:]
        answer = super().good_answer(request, text)
        answer["usage"] |= {
            "input_tokens": len(user) // CHARACTERS_A_TOKEN,
            "cache_read_input_tokens": 0 if is_first else kept,
            "cache_creation_input_tokens": kept if is_first else 0,
            "output_tokens": len(text) // CHARACTERS_A_TOKEN,
        }
        return answer
