"""Hands one notification to a push service (RFC 8030), and says what became of it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

import httpx2
from django.utils import timezone

from tasks_app.push import keys, outbox
from tasks_app.push.errors import PushOff, PushRefused, PushUnreachable
from voicebot.outgoing import AddressForbidden, Answer, post

if TYPE_CHECKING:
    from tasks_app.models import OutboundPush

KEEP_SECONDS = 24 * 60 * 60
"""How long the service keeps it for a browser that is not open."""
LONGEST_WAIT_SECONDS = 3600.0
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_SLOW_DOWN = HTTPStatus.TOO_MANY_REQUESTS
_TAKEN = range(200, 300)
_OUR_FAULT = range(300, 500)


def deliver(push_id: UUID) -> None:
    """Send a notification unless that was done, is being done, or is to wait."""
    push = outbox.take(push_id, timezone.now())
    if push is not None:
        outbox.settle(push.pk, send(push), timezone.now())


def send(push: OutboundPush) -> outbox.Delivery:
    """One call; what fails before the connection stands has surely not been sent."""
    browser = push.subscription
    content = json.dumps(push.payload, ensure_ascii=False).encode()
    try:
        headers = {
            "Authorization": keys.authorization(browser.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEEP_SECONDS),
            "Topic": push.pk.hex,
            "Urgency": "high",
        }
        return _judge(post(browser.endpoint, keys.encrypt(content, browser.p256dh, browser.auth), headers))
    except (AddressForbidden, PushOff) as error:
        return outbox.Refused(error.code)
    except (httpx2.ConnectError, httpx2.ConnectTimeout):
        return outbox.NotSent(PushUnreachable.code)
    except httpx2.TransportError:
        return outbox.Unclear(PushUnreachable.code)


def _judge(answer: Answer) -> outbox.Delivery:
    if answer.status in _TAKEN:
        return outbox.Sent()
    if answer.status in _GONE:
        return outbox.Gone()
    if answer.status == _SLOW_DOWN:
        return outbox.NotSent(PushRefused.code, _wait_of(answer))
    if answer.status in _OUR_FAULT:
        return outbox.Refused(PushRefused.code)
    return outbox.NotSent(PushRefused.code, _wait_of(answer))


def _wait_of(answer: Answer) -> float | None:
    """What the service asks for, in seconds, within reason; a date is not read."""
    value = answer.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WAIT_SECONDS) if value.isascii() and value.isdigit() else None
