"""OpenAI's speech, or that of a server that speaks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from voice_app.providers.base import Deadline
from voice_app.providers.openai_access import OpenAIAccess
from voice_app.speaking.errors import SpeechNotMade

if TYPE_CHECKING:
    from openai import OpenAI


def is_available() -> bool:
    """Whether an address and, where it is needed, a key are set."""
    return OpenAIAccess.from_settings().availability().ok


def speak(text: str) -> bytes:
    """The text as OGG with Opus, in whatever language it is.

    Raises:
        voice_app.providers.errors.ProviderError: The service gave no answer.
        SpeechNotMade: Its answer is no such sound.
    """

    def call(sdk: OpenAI, seconds: float) -> bytes:
        answer = sdk.audio.speech.create(
            input=text,
            model=settings.OPENAI_TTS_MODEL,
            voice=settings.OPENAI_TTS_VOICE,
            response_format="opus",
            timeout=seconds,
        )
        return answer.content

    deadline = Deadline.after(settings.PROVIDER_TIMEOUT_SECONDS)
    spoken = OpenAIAccess.from_settings().ask(call, deadline=deadline)
    if not spoken.startswith(b"OggS"):
        raise SpeechNotMade
    return spoken
