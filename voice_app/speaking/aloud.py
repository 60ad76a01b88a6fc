"""Which engine says a text."""

from __future__ import annotations

import structlog
from django.conf import settings

from voice_app.providers.errors import ProviderError
from voice_app.speaking import espeak, openai
from voice_app.speaking.errors import SpeechNotMade

log = structlog.get_logger(__name__)

LONGEST_TEXT = 200
"""Characters; more is quicker read than heard."""


def speak(text: str, language: str, *, may_share: bool) -> bytes:
    """The text as OGG with Opus, by the engine that the operator chose, else by the one on this machine.

    Args:
        text: At most :data:`LONGEST_TEXT` characters.
        language: ISO 639-1 code of the text.
        may_share: Whether its person lets services of others have their words.

    Raises:
        SpeechNotMade: No engine could say it.
    """
    if settings.VOICE_REPLY_ENGINE == "openai" and may_share and openai.is_available():
        try:
            return openai.speak(text)
        except (ProviderError, SpeechNotMade) as error:
            log.warning("speech_of_service_failed", code=error.code)
    return espeak.speak(text, language)
