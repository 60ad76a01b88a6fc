"""What an error of an SDK, a status or a header is taken for."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import httpx2
import pytest

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
from voice_app.providers.failures import failure_of, failure_of_status, retry_after_seconds
from voice_app.providers.http import AnswerTooLarge


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, {"code": "insufficient_quota", "type": "insufficient_quota"}, ProviderQuotaSpent),
        (429, {"code": "rate_limit_exceeded"}, ProviderRateLimited),
        (400, {"type": "invalid_request_error", "code": "model_not_found"}, ProviderModelMissing),
        (400, {"type": "invalid_request_error", "message": "Your credit balance is too low."}, ProviderQuotaSpent),
        (400, {"type": "invalid_request_error", "message": "No such parameter."}, ProviderRequestRefused),
        (500, {"type": "overloaded_error"}, ProviderOverloaded),
        (403, {"type": "permission_error"}, ProviderKeyRefused),
        (402, None, ProviderQuotaSpent),
        (307, None, ProviderRequestRefused),
        (408, None, ProviderTimedOut),
        (418, None, ProviderRequestRefused),
        (500, "not an object", ProviderError),
        (502, {"type": 5, "code": ["x"]}, ProviderError),
    ],
)  # fmt: skip
def test_a_status_with_what_the_body_calls_it(status: int, error: object, kind: type[ProviderError]) -> None:
    failure = failure_of_status(status, provider="openai", body={"error": error})

    assert type(failure) is kind
    assert failure.details == {"provider": "openai", "status": status}


@pytest.mark.parametrize("body", [None, "text", 5, [], {"error": []}])
def test_a_body_of_any_shape_does_no_harm(body: object) -> None:
    assert type(failure_of_status(500, provider="openai", body=body)) is ProviderError


def test_a_wait_is_kept_only_where_waiting_helps() -> None:
    told = {"Retry-After": "3"}

    assert failure_of_status(429, provider="openai", headers=told).details["retry_after"] == 3.0
    assert "retry_after" not in failure_of_status(400, provider="openai", headers=told).details


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "20"}, 20.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "Retry-After": "2"}, 1.5),
        ({"Retry-After": "-4"}, 0.0),
        ({"Retry-After": "9999999"}, 86_400.0),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 -0000"}, 0.0),
    ],
)
def test_how_long_a_provider_asks_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers) == seconds


def test_a_date_is_counted_from_now() -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=100)

    assert retry_after_seconds({"Retry-After": format_datetime(later, usegmt=True)}) == pytest.approx(100, abs=5)


_REQUEST = httpx2.Request("POST", "http://127.0.0.1/")


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx2.ReadTimeout("", request=_REQUEST), ProviderTimedOut),
        (httpx2.ConnectTimeout("", request=_REQUEST), ProviderTimedOut),
        (httpx2.ConnectError("", request=_REQUEST), ProviderUnreachable),
        (httpx2.RemoteProtocolError("", request=_REQUEST), ProviderUnreachable),
        (AnswerTooLarge("", request=_REQUEST), ProviderAnswerUnusable),
        (ConnectionRefusedError(), ProviderUnreachable),
        (TimeoutError(), ProviderTimedOut),
    ],
)
def test_what_lies_beneath_decides(cause: Exception, kind: type[ProviderError]) -> None:
    wrapped = RuntimeError("of an SDK")
    wrapped.__cause__ = cause

    assert type(failure_of(wrapped, "openai")) is kind


def test_an_error_with_nothing_beneath_is_no_connection() -> None:
    assert type(failure_of(RuntimeError("of an SDK"), "openai")) is ProviderUnreachable
