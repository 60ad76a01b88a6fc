"""Python-telegram-bot's errors as the program's own; the most special ones are looked at first.

``BadRequest`` and ``TimedOut`` are kinds of ``NetworkError`` there, and ``InvalidToken`` names the token.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable
from typing import TypeVar

import structlog
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bots import errors
from bots.telegram.request import CallFailedThere, CallNotSent
from voicebot.errors import AppError

log = structlog.get_logger(__name__)

T = TypeVar("T")

UNREADABLE = (TypeError, LookupError, AttributeError, ValueError, ArithmeticError, OSError)
"""What a field of a wrong kind makes the library raise."""


async def ask(call: Awaitable[T]) -> T:
    """The call's result; what it raises becomes the program's own error.

    That is raised outside the handler, so that not even its context names URL and token.

    Raises:
        voicebot.errors.AppError: One of :mod:`bots.errors`.
    """
    try:
        return await call
    except TelegramError as error:
        problem = classify(error)
    except UNREADABLE as error:  # an answer that the library cannot read
        log.error("telegram_answer_unreadable", kind=type(error).__name__)  # noqa: TRY400  # a traceback may hold values
        problem = errors.TelegramAnswerMissing()
    raise problem


def classify(error: TelegramError) -> AppError:
    """The program's own error for one of python-telegram-bot's."""
    if isinstance(error, RetryAfter):
        return errors.TelegramFlooded(retry_after=_seconds(error.retry_after))
    if isinstance(error, ChatMigrated):
        return errors.TelegramRefused(reason="migrated", moved_to=error.new_chat_id)
    if isinstance(error, BadRequest):
        return errors.TelegramRefused(reason=error.message[:200])
    return next((ours() for theirs, ours in _KINDS if isinstance(error, theirs)), errors.TelegramAnswerMissing())


_KINDS: tuple[tuple[type[TelegramError], type[AppError]], ...] = (
    (Forbidden, errors.TelegramForbidden),
    (InvalidToken, errors.TelegramTokenRefused),
    (Conflict, errors.TelegramConflict),
    (CallNotSent, errors.TelegramUnreachable),
    (CallFailedThere, errors.TelegramServerFailed),
)


def _seconds(value: float | dt.timedelta) -> float:
    return value.total_seconds() if isinstance(value, dt.timedelta) else float(value)
