"""What went wrong at a provider, from whatever its SDK or its HTTP status says."""

from __future__ import annotations

import datetime as dt
import math
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx2

from voice_app.providers.errors import (
    ProviderAnswerUnusable,
    ProviderError,
    ProviderKeyRefused,
    ProviderModelMissing,
    ProviderOverloaded,
    ProviderQuotaSpent,
    ProviderRateLimited,
    ProviderRequestRefused,
    ProviderTimedOut,
    ProviderUnreachable,
)
from voice_app.providers.http import AnswerTooLarge

_LONGEST_WAIT_SECONDS = 86_400.0
_OVERLOADED = 529
"""Anthropic's own status."""

_CREDIT_GONE = "credit balance is too low"
"""Anthropic has no word of its own for this, only a sentence."""
_NO_CREDIT = frozenset(
    {"insufficient_quota", "billing_error", "billing_not_active", "billing_hard_limit_reached", _CREDIT_GONE}
)
_NO_KEY = frozenset({"invalid_api_key", "authentication_error", "permission_error"})
_NO_MODEL = frozenset({"model_not_found", "not_found_error"})
_NO_ROOM = frozenset({"overloaded_error", "server_overloaded", "slow_down"})


def failure_of(error: Exception, provider: str) -> ProviderError:
    """The provider's error for what its SDK raised.

    An SDK wraps what its HTTP client raised, so the whole chain of causes is looked at: first whether there was a
    connection and a whole answer, and only then the status.

    Args:
        error: Of the ``openai`` or ``anthropic`` SDK, of ``httpx2``, or an operating system's.
        provider: As the chains name it.
    """
    if failure := failure_of_transport(error, provider):
        return failure
    response = getattr(error, "response", None)
    if isinstance(response, httpx2.Response):
        return failure_of_status(
            response.status_code, provider=provider, headers=response.headers, body=_body_of(response)
        )
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return failure_of_status(status, provider=provider)
    return ProviderUnreachable(provider=provider)


def failure_of_transport(error: Exception, provider: str) -> ProviderError | None:
    """The provider's error where there was no connection or no whole answer; None where it is something else.

    Args:
        error: What was raised, with what it was raised from.
        provider: As the chains name it.
    """
    kinds = (kind for cause in _causes(error) if (kind := _kind_of_transport(cause)))
    kind = next(kinds, None)
    return kind(provider=provider) if kind else None


def failure_of_status(
    status: int, *, provider: str, headers: Mapping[str, str] | None = None, body: object = None
) -> ProviderError:
    """The provider's error for an answer that is none.

    Args:
        status: HTTP status, 300 or more.
        provider: As the chains name it.
        headers: Of the answer; ``Retry-After`` is read.
        body: Of the answer, decoded; its words for the error are read, and none of it is passed on.
    """
    kind = _kind_of_status(status, _words(body))
    details: dict[str, Any] = {"provider": provider, "status": status}
    wait = retry_after_seconds(headers or {})
    if wait is not None and kind in {ProviderRateLimited, ProviderOverloaded}:
        details["retry_after"] = wait
    return kind(**details)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """How long a provider asks to be left alone, at most a day; None where it does not say.

    Args:
        headers: ``retry-after-ms``, or ``Retry-After`` in seconds or as an HTTP date (RFC 9110, 10.2.3).
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    told = headers.get("Retry-After") or headers.get("retry-after")
    seconds = milliseconds / 1000 if milliseconds is not None else _number(told)
    if seconds is None and told:
        seconds = _until(told)
    return None if seconds is None else min(_LONGEST_WAIT_SECONDS, max(0.0, seconds))


def _kind_of_transport(cause: BaseException) -> type[ProviderError] | None:
    if isinstance(cause, AnswerTooLarge | httpx2.DecodingError):
        return ProviderAnswerUnusable
    if isinstance(cause, httpx2.TimeoutException | TimeoutError):
        return ProviderTimedOut
    if isinstance(cause, httpx2.RequestError | ssl.SSLError | OSError):
        return ProviderUnreachable
    return None


def _kind_of_status(status: int, words: frozenset[str]) -> type[ProviderError]:
    by_word = (
        (_NO_CREDIT, ProviderQuotaSpent),
        (_NO_KEY, ProviderKeyRefused),
        (_NO_MODEL, ProviderModelMissing),
        (_NO_ROOM, ProviderOverloaded),
    )
    for known, kind in by_word:
        if known & words:
            return kind
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return ProviderError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ProviderRequestRefused


_BY_STATUS: dict[int, type[ProviderError]] = {
    HTTPStatus.UNAUTHORIZED: ProviderKeyRefused,
    HTTPStatus.FORBIDDEN: ProviderKeyRefused,
    HTTPStatus.PAYMENT_REQUIRED: ProviderQuotaSpent,
    HTTPStatus.NOT_FOUND: ProviderModelMissing,
    HTTPStatus.REQUEST_TIMEOUT: ProviderTimedOut,
    HTTPStatus.TOO_MANY_REQUESTS: ProviderRateLimited,
    HTTPStatus.SERVICE_UNAVAILABLE: ProviderOverloaded,
    _OVERLOADED: ProviderOverloaded,
}
"""Any other status from 500 on is the provider's fault, any other below it the request's."""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from; a status is never a cause of these."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _body_of(response: httpx2.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError, httpx2.StreamError):
        return None


def _words(body: object) -> frozenset[str]:
    """What an error calls itself: OpenAI's ``code`` and ``type``, Anthropic's ``type``; none of it is shown."""
    inner = body.get("error") if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        return frozenset()
    words = {word for key in ("code", "type") if isinstance(word := inner.get(key), str)}
    message = inner.get("message")
    if isinstance(message, str) and _CREDIT_GONE in message:
        words.add(_CREDIT_GONE)
    return frozenset(words)


def _number(told: str | None) -> float | None:
    try:
        value = float(told or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _until(told: str) -> float | None:
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - dt.datetime.now(dt.UTC)).total_seconds()
