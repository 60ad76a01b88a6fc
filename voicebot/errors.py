"""The error model that every door shares.

An :class:`AppError` carries a stable code and JSON-safe details, never a sentence for people:
:mod:`voicebot.messages` turns the code into one in the reader's language.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import ClassVar, TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class ErrorCategory(StrEnum):
    """What kind of trouble it is, whoever caused it."""

    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMIT = "rate_limit"
    INVALID = "invalid"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    SERVER = "server"
    BAD_RESPONSE = "bad_response"
    UNKNOWN = "unknown"

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed later without anyone changing anything."""
        return self in _RETRYABLE


_RETRYABLE = frozenset(
    {ErrorCategory.RATE_LIMIT, ErrorCategory.UNREACHABLE, ErrorCategory.TIMEOUT, ErrorCategory.SERVER}
)

ERROR_CODES: dict[str, type[AppError]] = {}
"""Every code in use, with the class that raises it; filled as the classes are defined."""


class AppError(Exception):
    """Base of all errors that a person or a program may be told about.

    Args:
        **details: JSON-safe values that the sentence for the code may name.
    """

    code: ClassVar[str] = "internal_error"
    http_status: ClassVar[int] = 500
    category: ClassVar[ErrorCategory] = ErrorCategory.UNKNOWN

    def __init__(self, **details: JsonValue) -> None:
        super().__init__(self.code)
        self.details = details

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return
        if cls.code in ERROR_CODES:
            raise TypeError(f"error code {cls.code!r} is taken by {ERROR_CODES[cls.code].__name__}")
        ERROR_CODES[cls.code] = cls

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.details)

    @property
    def is_retryable(self) -> bool:
        """Whether trying the same thing again later makes sense."""
        return self.category.is_retryable


ERROR_CODES[AppError.code] = AppError


def _rebuild(cls: type[AppError], details: dict[str, JsonValue]) -> AppError:
    return cls(**details)


def new_reference() -> str:
    """A short reference that a person can quote and an operator can find in the log."""
    return secrets.token_hex(4)


class InputInvalid(AppError):
    """A request that names a field that is missing, unknown or of a wrong kind."""

    code = "invalid_input"
    http_status = 400
    category = ErrorCategory.INVALID


class NotFound(AppError):
    """Nothing of that kind that this person may see."""

    code = "not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class NotSignedIn(AppError):
    """The caller is unknown."""

    code = "not_signed_in"
    http_status = 401
    category = ErrorCategory.AUTH


class NotAllowed(AppError):
    """The caller is known and may not do this."""

    code = "not_allowed"
    http_status = 403
    category = ErrorCategory.AUTH


class RateLimited(AppError):
    """Too many requests; ``details['retry_after']`` is in seconds."""

    code = "rate_limited"
    http_status = 429
    category = ErrorCategory.RATE_LIMIT
