"""What is sent to OpenAI and to servers like it, and what is made of their answers."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np
import pytest

from tests.fakes.openai_server import KEY, form_fields
from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.openai_cases import MESSAGES, OWN_URL, clip_of, open_access
from voice_app.providers.base import Deadline
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.providers.llm.proposal import answer_schema
from voice_app.providers.openai_access import OpenAIAccess
from voice_app.providers.stt.openai import OpenAISpeech
from voice_app.types import SAMPLE_RATE, AudioClip, Usage

SECONDS = 5.0


def chat_request(model: str = "gpt-6-luna", *, is_own: bool = True) -> dict[str, object]:
    with open_access(is_own=is_own) as (server, access):
        OpenAIChat(access, model).complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))
        return server.received[0].json()


def speech_request(
    model: str = "gpt-transcribe", *, is_own: bool = True, language: str | None = "en-GB", hints: tuple[str, ...] = ()
) -> dict[str, list[bytes]]:
    with open_access(is_own=is_own) as (server, access):
        server.text = "buy milk"
        speech = OpenAISpeech(access, model)
        speech.transcribe(clip_of(), language=language, hints=hints, deadline=Deadline.after(SECONDS))
        assert server.problems == []
        return form_fields(server.received[0])


def test_openai_is_asked_for_a_strict_answer_that_it_does_not_keep() -> None:
    asked = chat_request()

    assert asked["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": answer_schema(), "strict": True},
    }
    assert asked["messages"] == [{"role": message.role, "content": message.text} for message in MESSAGES]
    assert asked["store"] is False
    assert asked["max_completion_tokens"] == 2000
    assert not {"user", "safety_identifier", "metadata", "temperature"} & set(asked)


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize(
    ("model", "effort", "bound"),
    [
        ("gpt-6-luna", "none", "max_completion_tokens"),
        ("gpt-5.6-luna", "none", "max_completion_tokens"),
        ("gpt-5-mini", "minimal", "max_completion_tokens"),
        ("gpt-5-chat-latest", None, "max_completion_tokens"),
        ("gpt-4.1", None, "max_tokens"),
        ("gpt-oss:20b", None, "max_tokens"),
    ],
)
def test_a_model_thinks_as_little_as_it_can(model: str, effort: str | None, bound: str, is_own: bool) -> None:
    asked = chat_request(model, is_own=is_own)

    assert asked.get("reasoning_effort") == effort
    assert {"max_tokens", "max_completion_tokens"} & set(asked) == {bound}


def test_the_cache_is_found_by_the_instructions_alone() -> None:
    with open_access() as (server, access):
        chat = OpenAIChat(access, "gpt-6-luna")
        for words in ("one", "two"):
            messages = (MESSAGES[0], Message("user", words))
            chat.complete(messages, schema=answer_schema(), deadline=Deadline.after(SECONDS))
        other = (Message("system", "Otherwise."), Message("user", "two"))
        chat.complete(other, schema=answer_schema(), deadline=Deadline.after(SECONDS))

        first, second, third = (request.json()["prompt_cache_key"] for request in server.received)
    assert first == second
    assert first != third


def test_a_server_like_openai_gets_only_what_all_of_them_know() -> None:
    asked = chat_request("qwen3", is_own=False)

    assert set(asked) == {"model", "messages", "response_format", "max_tokens"}


def test_half_a_character_is_sent_as_a_question_mark() -> None:
    with open_access() as (server, access):
        messages = (MESSAGES[0], Message("user", "call \ud83d Anna"))
        OpenAIChat(access, "gpt-6-luna").complete(messages, schema=answer_schema(), deadline=Deadline.after(SECONDS))

        assert server.received[0].json()["messages"][1]["content"] == "call ? Anna"


def test_what_an_answer_took_is_counted_with_what_the_cache_saved() -> None:
    counts = {
        "prompt_tokens": 1_000,
        "completion_tokens": 100,
        "total_tokens": 1_100,
        "prompt_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 200},
    }
    with open_access() as (server, access):
        server.next(Outcome(alter=lambda answer: answer | {"usage": counts}))
        chat = OpenAIChat(access, "gpt-6-luna")
        answer = chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS))

    assert answer.usage == Usage(
        model="gpt-6-luna",
        input_tokens=1_000,
        cached_tokens=600,
        output_tokens=100,
        cost_usd=pytest.approx((200 * 0.10 + 600 * 0.01 + 200 * 0.125 + 100 * 0.50) / 1_000_000),
    )


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 5, "prompt_tokens_details": None}])
def test_an_answer_without_a_count_is_an_answer(usage: object) -> None:
    with open_access(is_own=False) as (server, access):
        server.next(Outcome(alter=lambda answer: answer | {"usage": usage}))
        chat = OpenAIChat(access, "qwen3")

        assert chat.complete(MESSAGES, schema=answer_schema(), deadline=Deadline.after(SECONDS)).text == server.text


def test_the_sound_goes_out_as_it_is() -> None:
    sent = speech_request()

    with wave.open(io.BytesIO(sent["file"][0])) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (SAMPLE_RATE, 1, 2)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    assert samples / 32767 == pytest.approx(clip_of().samples, abs=1e-4)


def test_values_that_are_no_sound_are_left_out() -> None:
    samples = np.array([np.nan, np.inf, -np.inf, 2.0, -2.0] * 1_000, dtype=np.float32)
    with open_access() as (server, access):
        server.text = "buy milk"
        speech = OpenAISpeech(access, "gpt-transcribe")
        speech.transcribe(AudioClip(samples), language="en", hints=(), deadline=Deadline.after(SECONDS))

        with wave.open(io.BytesIO(form_fields(server.received[0])["file"][0])) as sound:
            assert set(np.frombuffer(sound.readframes(5_000), dtype="<i2").tolist()) == {0, 32767, -32767}


def test_names_and_language_go_to_the_newest_model_as_such() -> None:
    sent = speech_request(hints=("Anna", "Gro\nceries", "Anna", "x" * 61, ""))

    assert sent["languages[]"] == [b"en"]
    assert sent["keywords[]"] == [b"Anna", b"Gro ceries"]
    assert "prompt" not in sent
    assert "language" not in sent


@pytest.mark.parametrize(
    ("model", "is_own"), [("whisper-1", True), ("whisper-small", False), ("gpt-transcribe", False)]
)
def test_names_go_to_any_other_as_a_prompt(model: str, is_own: bool) -> None:
    sent = speech_request(model, is_own=is_own, hints=("Anna", "Groceries"))

    assert sent["prompt"] == [b"Anna, Groceries."]
    assert sent["language"] == [b"en"]
    assert not {"keywords[]", "languages[]"} & set(sent)


def test_a_prompt_has_an_end() -> None:
    sent = speech_request("whisper-1", hints=tuple(f"Project number {n}" for n in range(100)))

    assert len(sent["prompt"][0]) <= 600
    assert sent["prompt"][0].endswith(b".")


def test_nothing_is_hinted_where_nothing_is_known() -> None:
    assert set(speech_request(language=None)) == {"file", "model", "response_format"}


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"languages": [{"code": "pt-BR"}]}, "pt"),
        ({"language": "de"}, "de"),
        ({"languages": [], "language": "german"}, "es"),
        ({"languages": [{"code": "'; DROP TABLE"}]}, "es"),
        ({"languages": "en"}, "es"),
    ],
)
def test_the_language_is_what_the_server_says_or_what_the_words_are(fields: dict[str, object], language: str) -> None:
    with open_access(is_own=False) as (server, access):
        server.next(Outcome(text="comprar leche para la cena", alter=lambda answer: answer | fields))
        speech = OpenAISpeech(access, "whisper-small")
        heard = speech.transcribe(clip_of(), language=None, hints=(), deadline=Deadline.after(SECONDS))

    assert heard.language == language


def test_a_text_holds_no_more_than_words() -> None:
    with open_access() as (server, access):
        server.next(Outcome(text=" buy\x00 milk\u202e\r\n\x1b[2J and\u200d tea "))
        speech = OpenAISpeech(access, "gpt-transcribe")
        heard = speech.transcribe(clip_of(), language="en", hints=(), deadline=Deadline.after(SECONDS))

    assert heard.text == "buy milk [2J and\u200d tea"
    assert heard.engine == "openai:gpt-transcribe"


@pytest.mark.parametrize(
    ("model", "usage", "expected"),
    [
        ("gpt-transcribe", {"type": "duration", "seconds": 4}, (0, 0, 4.0, 4 * 0.0045 / 60)),
        ("gpt-transcribe", {"type": "duration", "seconds": -4}, (0, 0, 1.0, 0.0045 / 60)),
        ("gpt-transcribe", None, (0, 0, 1.0, 0.0045 / 60)),
        (
            "gpt-4o-transcribe",
            {"type": "tokens", "input_tokens": 1_000, "output_tokens": 100, "total_tokens": 1_100},
            (1_000, 100, 1.0, 0.0035),
        ),
    ],
)
def test_a_transcription_is_counted_as_it_is_billed(
    model: str, usage: object, expected: tuple[int, int, float, float]
) -> None:
    with open_access() as (server, access):
        server.next(Outcome(text="buy milk", alter=lambda answer: answer | {"usage": usage}))
        speech = OpenAISpeech(access, model)
        used = speech.transcribe(clip_of(), language="en", hints=(), deadline=Deadline.after(SECONDS)).usage

    assert (used.input_tokens, used.output_tokens, used.audio_seconds) == expected[:3]
    assert used.cost_usd == pytest.approx(expected[3])


def test_no_clip_is_longer_than_an_upload() -> None:
    access = OpenAIAccess(KEY, OWN_URL)

    assert OpenAISpeech(access, "gpt-transcribe", max_seconds=600).limits.max_seconds == 600
    longest = OpenAISpeech(access, "gpt-transcribe", max_seconds=100_000).limits.max_seconds
    assert longest * SAMPLE_RATE * 2 + 44 <= 25 * 1024 * 1024


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        ("", OWN_URL, "OPENAI_API_KEY is not set"),
        ("sk-one two", OWN_URL, "OPENAI_API_KEY holds a character"),
        ("sk-ключ", OWN_URL, "OPENAI_API_KEY holds a character"),
        (KEY, "localhost:8000", "OPENAI_BASE_URL is no web address"),
        (KEY, "ftp://localhost/v1", "OPENAI_BASE_URL is no web address"),
        (KEY, "", "OPENAI_BASE_URL is no web address"),
    ],
)
def test_what_is_missing_is_told(key: str, url: str, said: str) -> None:
    found = OpenAIChat(OpenAIAccess(key, url), "gpt-6-luna").availability()

    assert not found.ok
    assert found.reason.startswith(said)
    assert not key or key not in found.reason


@pytest.mark.parametrize(("key", "url"), [(KEY, OWN_URL), (f" {KEY}\n", OWN_URL), ("", "http://127.0.0.1:11434/v1")])
def test_a_key_is_wanted_by_openai_alone(key: str, url: str) -> None:
    assert OpenAISpeech(OpenAIAccess(key, url), "gpt-transcribe").availability().ok


def test_a_model_has_to_be_named() -> None:
    access = OpenAIAccess(KEY, OWN_URL)

    assert "OPENAI_LLM_MODEL" in OpenAIChat(access, "").availability().reason
    assert "OPENAI_STT_MODEL" in OpenAISpeech(access, "").availability().reason


def test_the_key_is_in_no_repr() -> None:
    access = OpenAIAccess(KEY, OWN_URL)

    assert KEY not in repr((access, OpenAIChat(access, "gpt-6-luna"), OpenAISpeech(access, "gpt-transcribe")))


def test_both_are_built_from_the_settings(settings: Any) -> None:
    settings.OPENAI_API_KEY = ""
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    settings.OPENAI_LLM_MODEL, settings.OPENAI_STT_MODEL = "qwen3", "whisper-small"

    chat, speech = OpenAIChat.from_settings(), OpenAISpeech.from_settings()

    assert (chat.model, speech.model) == ("qwen3", "whisper-small")
    assert chat.availability().ok
    assert speech.limits.max_seconds == settings.VOICE_MAX_AUDIO_SECONDS
