"""OpenAI's transcription of an uploaded recording, or that of a server that speaks the same."""

from __future__ import annotations

import io
import unicodedata
import wave
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice_app.errors import NoSpeech
from voice_app.providers.base import AudioLimits, Availability, Deadline
from voice_app.providers.errors import ProviderAnswerUnusable
from voice_app.providers.openai_access import NAME, OpenAIAccess
from voice_app.providers.prices import cost_usd
from voice_app.types import SAMPLE_RATE, AudioClip, Transcript, Usage
from voice_app.understanding.language import detect_language

if TYPE_CHECKING:
    from openai import OpenAI

MAX_UPLOAD_BYTES = 25 * 1024 * 1024
"""OpenAI's own limit; most others have none that is lower."""
_BYTES_PER_SAMPLE = 2
_HEADER_BYTES = 44
_LONGEST_SECONDS = (MAX_UPLOAD_BYTES - _HEADER_BYTES) // (SAMPLE_RATE * _BYTES_PER_SAMPLE)

_TAKES_KEYWORDS = ("gpt-transcribe",)
"""Models with parameters of their own for names and languages; the others take a prompt."""
_MAX_HINTS = 100
_MAX_HINT_LENGTH = 60
_MAX_PROMPT_LENGTH = 600

_CHARACTERS_AT_ONCE = 400
_CHARACTERS_PER_SECOND = 40
"""Nobody speaks half as fast; a longer text is not what was said."""
_JOINERS = "\u200c\u200d"
"""Persian and the languages of India are misspelt without them."""

_Count = Annotated[int, Field(ge=0, le=100_000_000)]
_Seconds = Annotated[float, Field(ge=0.0, le=1_000_000.0, allow_inf_nan=False)]


class _Language(BaseModel):
    code: Annotated[str, Field(pattern=r"^[A-Za-z]{2}([-_][A-Za-z0-9]+)*$", max_length=20)]


class _Billed(BaseModel):
    """Tokens or seconds, as the model is billed."""

    type: Literal["tokens", "duration"]
    input_tokens: _Count = 0
    output_tokens: _Count = 0
    seconds: _Seconds | None = None


class _Heard(BaseModel):
    """The one field that every server sends; what else comes is looked at and not relied on."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str
    languages: Any = None
    language: Any = None
    usage: Any = None


class OpenAISpeech:
    """Speech to text behind OpenAI's API.

    The sound goes out as WAV, which every such server reads without a converter.

    Args:
        access: Where it is and with which key.
        model: For example ``gpt-transcribe``.
        max_seconds: The longest clip it takes; never more than fits an upload.
    """

    name = NAME

    def __init__(self, access: OpenAIAccess, model: str, *, max_seconds: float = _LONGEST_SECONDS) -> None:
        self.model = model
        self.limits = AudioLimits(max_seconds=min(max_seconds, _LONGEST_SECONDS))
        self._access = access

    @classmethod
    def from_settings(cls) -> OpenAISpeech:
        """The model that the operator set."""
        from django.conf import settings

        return cls(
            OpenAIAccess.from_settings(), settings.OPENAI_STT_MODEL, max_seconds=settings.VOICE_MAX_AUDIO_SECONDS
        )

    def availability(self) -> Availability:
        """Whether there is a model, an address and, where it is needed, a key."""
        if not self.model:
            return Availability(ok=False, reason="OPENAI_STT_MODEL is empty; name a model or remove the line.")
        return self._access.availability()

    def warm_up(self) -> None:
        """Load the SDK, so that the first note does not wait for it."""
        self._access.warm_up(lambda sdk: sdk.audio.transcriptions.with_raw_response)

    def transcribe(
        self, clip: AudioClip, *, language: str | None, hints: Sequence[str], deadline: Deadline
    ) -> Transcript:
        """Hear a clip.

        Args:
            clip: Speech; silence is paid for like speech, so the caller gates it out.
            language: ISO 639-1 code, also with a region; None lets the model find it.
            hints: Names the speaker is likely to say; they leave this machine with the sound.
            deadline: When the answer is no longer wanted.

        Raises:
            NoSpeech: It heard no words.
            ProviderAnswerUnusable: It answers in another shape, or more than anybody can say in that time.
            ProviderError: With what other kind of trouble it was.
        """
        base = language.partition("-")[0].lower() if language else None
        request: dict[str, Any] = {
            "file": ("note.wav", _wav(clip), "audio/wav"),
            "model": self.model,
            "response_format": "json",
        } | self._hints(base, _names(hints))

        def call(sdk: OpenAI, seconds: float) -> bytes:
            return sdk.audio.transcriptions.with_raw_response.create(**request, timeout=seconds).content

        return self._read(self._access.ask(call, deadline=deadline), clip, base)

    def _hints(self, language: str | None, names: Sequence[str]) -> dict[str, Any]:
        if self._access.is_own and self.model.startswith(_TAKES_KEYWORDS):
            return ({"languages": [language]} if language else {}) | ({"keywords": list(names)} if names else {})
        prompt = _prompt(names)
        return ({"language": language} if language else {}) | ({"prompt": prompt} if prompt else {})

    def _read(self, body: bytes, clip: AudioClip, language: str | None) -> Transcript:
        try:
            heard = _Heard.model_validate_json(body)
        except ValidationError:
            raise ProviderAnswerUnusable(provider=NAME) from None
        text = _plain(heard.text)
        if not text:
            raise NoSpeech
        if len(text) > _CHARACTERS_AT_ONCE + _CHARACTERS_PER_SECOND * clip.seconds:
            raise ProviderAnswerUnusable(provider=NAME)
        return Transcript(
            text=text,
            language=language or _language_in(heard) or detect_language(text),
            engine=f"{NAME}:{self.model}",
            usage=self._usage(heard.usage, clip),
        )

    def _usage(self, told: object, clip: AudioClip) -> Usage:
        try:
            billed = _Billed.model_validate(told)
        except ValidationError:
            billed = _Billed(type="duration")
        seconds = clip.seconds if billed.seconds is None else billed.seconds
        return Usage(
            model=self.model,
            input_tokens=billed.input_tokens,
            output_tokens=billed.output_tokens,
            audio_seconds=seconds,
            cost_usd=cost_usd(
                self.model,
                input_tokens=billed.input_tokens,
                output_tokens=billed.output_tokens,
                audio_seconds=seconds,
            ),
        )


def _wav(clip: AudioClip) -> bytes:
    """Sixteen bits, one channel, :data:`SAMPLE_RATE`."""
    samples = np.nan_to_num(clip.samples, nan=0.0, posinf=0.0, neginf=0.0).clip(-1.0, 1.0)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES_PER_SAMPLE)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return target.getvalue()


def _names(hints: Sequence[str]) -> list[str]:
    """The names that may go out: on one line each, short, and not too many."""
    clean = (_plain(hint) for hint in hints)
    return list(dict.fromkeys(name for name in clean if 0 < len(name) <= _MAX_HINT_LENGTH))[:_MAX_HINTS]


def _prompt(names: Sequence[str]) -> str:
    """The names as a person would list them, as many as fit; empty without names."""
    kept: list[str] = []
    for name in names:
        if len(", ".join((*kept, name))) >= _MAX_PROMPT_LENGTH:
            break
        kept.append(name)
    return f"{', '.join(kept)}." if kept else ""


def _plain(text: str) -> str:
    """Words with single spaces between; control, format and private characters become spaces."""
    return " ".join(
        "".join(c if c in _JOINERS or not unicodedata.category(c).startswith("C") else " " for c in text).split()
    )


def _language_in(heard: _Heard) -> str | None:
    """The first language that the server names, where that is a code."""
    several = heard.languages if isinstance(heard.languages, list) else []
    for told in (*several[:1], {"code": heard.language}):
        try:
            return _Language.model_validate(told).code.replace("_", "-").partition("-")[0].lower()
        except ValidationError:
            continue
    return None
