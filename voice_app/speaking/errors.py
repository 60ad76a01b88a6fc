"""What can go wrong when a text is said aloud."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class SpeechNotMade(AppError):
    """No engine could say the text; it is read all the same."""

    code = "speech_not_made"
    http_status = 503
    category = ErrorCategory.INVALID
