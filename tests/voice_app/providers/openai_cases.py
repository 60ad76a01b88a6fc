"""OpenAI, and servers that speak like it, under the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from tests.fakes.openai_server import KEY, OpenAIServer
from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.contract import SPOKEN, Answered, ProviderCase, Rig, Trouble
from tests.voice_app.providers.diverted import Diverted, undiverted
from voice_app.errors import NoSpeech
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderQuotaSpent
from voice_app.providers.http import new_client
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.providers.llm.proposal import answer_schema
from voice_app.providers.openai_access import OpenAIAccess
from voice_app.providers.stt.openai import OpenAISpeech
from voice_app.types import SAMPLE_RATE, AudioClip

OWN_URL = "https://api.openai.com/v1"
MESSAGES = (Message("system", "Answer in JSON."), Message("user", SPOKEN))


def clip_of(seconds: float = 1.0) -> AudioClip:
    """A tone; what the server hears in it is up to the test."""
    at = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return AudioClip((0.3 * np.sin(2 * np.pi * 440 * at)).astype(np.float32))


@contextmanager
def open_access(*, is_own: bool = True, key: str = KEY) -> Iterator[tuple[OpenAIServer, OpenAIAccess]]:
    """A server and the way to it: as OpenAI itself, or as one that only speaks like it."""
    with OpenAIServer(wants_key=is_own) as server:
        transport = Diverted(server) if is_own else undiverted()
        with new_client(transport) as client:
            access = OpenAIAccess(key, OWN_URL if is_own else server.base_url, http_client=client)
            access.warm_up(lambda sdk: (sdk.chat.completions, sdk.audio.transcriptions))
            yield server, access


@contextmanager
def _chat(model: str, *, is_own: bool) -> Iterator[Rig]:
    with open_access(is_own=is_own, key=KEY if is_own else "") as (server, access):
        chat = OpenAIChat(access, model)

        def ask(deadline: Deadline) -> Answered:
            answer = chat.complete(MESSAGES, schema=answer_schema(), deadline=deadline)
            return Answered(answer.text, answer.usage)

        yield Rig(server, ask, KEY)


@contextmanager
def _speech(model: str, *, is_own: bool) -> Iterator[Rig]:
    with open_access(is_own=is_own, key=KEY if is_own else "") as (server, access):
        server.text = SPOKEN
        speech = OpenAISpeech(access, model)

        def ask(deadline: Deadline) -> Answered:
            answer = speech.transcribe(clip_of(), language="en", hints=["Anna"], deadline=deadline)
            return Answered(answer.text, answer.usage)

        yield Rig(server, ask, KEY)


def message_altered(**fields: Any) -> Outcome:
    """A completion whose message has other fields."""

    def alter(answer: dict[str, Any]) -> dict[str, Any]:
        answer["choices"][0]["message"] |= fields
        return answer

    return Outcome(alter=alter)


def choice_altered(**fields: Any) -> Outcome:
    """A completion whose first choice has other fields."""

    def alter(answer: dict[str, Any]) -> dict[str, Any]:
        answer["choices"][0] |= fields
        return answer

    return Outcome(alter=alter)


_NO_CREDIT = (
    Trouble("no-credit", Outcome(status=429, error_code="insufficient_quota"), ProviderQuotaSpent),
    Trouble("payment-required", Outcome(status=402), ProviderQuotaSpent),
)
_STRANGE_TOOL = {"id": "call_1", "type": "function", "function": {"name": "delete_everything", "arguments": "{}"}}
CHAT_TROUBLES = (
    *_NO_CREDIT,
    Trouble("empty", Outcome(text=""), ProviderAnswerUnusable),
    Trouble("no-choice", Outcome(alter=lambda answer: answer | {"choices": []}), ProviderAnswerUnusable),
    Trouble("wrong-types", message_altered(content={"commands": []}), ProviderAnswerUnusable),
    Trouble("wrong-choices", Outcome(alter=lambda answer: answer | {"choices": "none"}), ProviderAnswerUnusable),
    Trouble("refusal", message_altered(content=None, refusal="I cannot help with that."), ProviderAnswerUnusable),
    Trouble("cut-short", choice_altered(finish_reason="length"), ProviderAnswerUnusable),
    Trouble("filtered", choice_altered(finish_reason="content_filter"), ProviderAnswerUnusable),
    Trouble("strange-tool", message_altered(content=None, tool_calls=[_STRANGE_TOOL]), ProviderAnswerUnusable),
)
_SPEECH_TROUBLES = (
    *_NO_CREDIT,
    Trouble("empty", Outcome(text=" \n"), NoSpeech),
    Trouble("wrong-types", Outcome(alter=lambda answer: answer | {"text": [SPOKEN]}), ProviderAnswerUnusable),
    Trouble("no-text", Outcome(alter=lambda answer: {"usage": answer["usage"]}), ProviderAnswerUnusable),
    Trouble("more-than-was-said", Outcome(text="and again " * 100), ProviderAnswerUnusable),
)

OPENAI_CASES = (
    ProviderCase("openai-chat", "openai", "gpt-6-luna", partial(_chat, "gpt-6-luna", is_own=True), True, CHAT_TROUBLES),
    ProviderCase("compatible-chat", "openai", "qwen3", partial(_chat, "qwen3", is_own=False), False, CHAT_TROUBLES),
    ProviderCase(
        "openai-speech",
        "openai",
        "gpt-transcribe",
        partial(_speech, "gpt-transcribe", is_own=True),
        True,
        _SPEECH_TROUBLES,
    ),
    ProviderCase(
        "compatible-speech",
        "openai",
        "Systran/faster-whisper-small",
        partial(_speech, "Systran/faster-whisper-small", is_own=False),
        False,
        _SPEECH_TROUBLES,
    ),
)
