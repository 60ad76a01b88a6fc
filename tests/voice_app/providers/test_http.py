"""The deadline around a call, and what an answer may be made of."""

from __future__ import annotations

import contextvars
import gzip
import threading
import time

import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.contract import SPOKEN
from tests.voice_app.providers.openai_cases import clip_of, open_access
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderRequestRefused, ProviderTimedOut
from voice_app.providers.http import shared_client, within
from voice_app.providers.stt.openai import OpenAISpeech


def test_a_call_that_hangs_is_given_up_at_the_deadline() -> None:
    released = threading.Event()
    started = time.monotonic()

    with pytest.raises(ProviderTimedOut) as caught:
        within(Deadline.after(0.1), "openai", lambda: released.wait(30))

    released.set()
    assert time.monotonic() - started < 10
    assert caught.value.details == {"provider": "openai"}


def test_a_call_keeps_what_its_caller_set() -> None:
    name = contextvars.ContextVar("name", default="")
    name.set("of the caller")

    assert within(Deadline.after(5), "openai", name.get) == "of the caller"


def test_an_error_inside_comes_out() -> None:
    def fail() -> None:
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        within(Deadline.after(5), "openai", fail)


def test_a_client_is_shared_by_all_that_ask_one_provider() -> None:
    assert shared_client("openai") is shared_client("openai")
    assert shared_client("openai") is not shared_client("claude")


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b'{"text": "' + b" " * 10_000_000 + b'"}')
    with open_access() as (server, access):
        server.next(Outcome(raw=bomb, headers={"Content-Encoding": "gzip"}))
        speech = OpenAISpeech(access, "gpt-transcribe")

        with pytest.raises(ProviderAnswerUnusable):
            speech.transcribe(clip_of(), language="en", hints=(), deadline=Deadline.after(5))

        assert server.received[0].headers["accept-encoding"] == "identity"


def test_the_key_does_not_follow_a_redirect() -> None:
    with open_access() as (server, access), OpenAIServer() as elsewhere:
        server.next(Outcome(status=307, headers={"Location": f"{elsewhere.base_url}/audio/transcriptions"}))
        speech = OpenAISpeech(access, "gpt-transcribe")

        with pytest.raises(ProviderRequestRefused):
            speech.transcribe(clip_of(), language="en", hints=[SPOKEN], deadline=Deadline.after(5))

        assert elsewhere.received == []
