"""What a client of the live socket can do wrong, and which of it ends the connection."""

from __future__ import annotations

from typing import ClassVar

from voicebot.errors import AppError, ErrorCategory

CLOSE_BAD_MESSAGE = 4400
CLOSE_IDLE = 4408
CLOSE_BAD_ORDER = 4409
CLOSE_TOO_LARGE = 4413
CLOSE_TOO_MUCH = 4429


class LiveError(AppError):
    """Base: told as an ``error`` message; where there is a close code, the connection ends after it."""

    http_status = 400
    category = ErrorCategory.INVALID
    close_code: ClassVar[int | None] = None


class MessageInvalid(LiveError):
    """Not JSON, or not one of the messages of the protocol; ``details['problem']`` says where."""

    code = "message_invalid"


class MessagesInvalid(LiveError):
    """Too many messages in a row made no sense."""

    code = "messages_invalid"
    close_code = CLOSE_BAD_MESSAGE


class HelloInvalid(LiveError):
    """A protocol, encoding, rate or zone that is not known here; ``details['problem']`` says which."""

    code = "hello_invalid"
    close_code = CLOSE_BAD_MESSAGE


class HelloExpected(LiveError):
    """Something came before ``hello``."""

    code = "hello_expected"
    close_code = CLOSE_BAD_ORDER


class HelloRepeated(LiveError):
    """A second ``hello``."""

    code = "hello_repeated"


class FrameTooLarge(LiveError):
    """One message has more bytes than allowed."""

    code = "frame_too_large"
    close_code = CLOSE_TOO_LARGE


class FrameIncomplete(LiveError):
    """Sound that is not a whole number of 16-bit samples."""

    code = "frame_incomplete"


class SoundTooFast(LiveError):
    """Sound comes much faster than anyone speaks."""

    code = "sound_too_fast"
    http_status = 429
    category = ErrorCategory.RATE_LIMIT
    close_code = CLOSE_TOO_MUCH


class ConnectionsTooMany(LiveError):
    """The person opens connections too often."""

    code = "connections_too_many"
    http_status = 429
    category = ErrorCategory.RATE_LIMIT
    close_code = CLOSE_TOO_MUCH


class ConnectionIdle(LiveError):
    """Nothing came for long; the client opens a new connection when it needs one."""

    code = "connection_idle"
    category = ErrorCategory.TIMEOUT
    close_code = CLOSE_IDLE
