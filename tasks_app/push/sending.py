"""Hands one notification to a push service (RFC 8030), and says what became of it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from tasks_app.models.push import ENDPOINT_MAX_LENGTH
from tasks_app.outbox import NotSent, Refused, Sent, Unclear
from tasks_app.push import keys, outbox
from tasks_app.push.errors import PushOff, PushRefused, PushUnreachable
from voicebot.outward.addresses import Guard, OutwardAddressRefused, OutwardNameUnknown, OutwardUrlInvalid
from voicebot.outward.sending import Answer, OutwardNotConnected, OutwardTimeout, OutwardUnreachable, post

if TYPE_CHECKING:
    from tasks_app.models import OutboundPush

KEEP_SECONDS = 24 * 60 * 60
"""How long the service keeps it for a browser that is not open."""
LONGEST_WAIT_SECONDS = 3600.0
SECONDS = 20.0
"""For one call."""
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
        sealed = keys.encrypt(content, browser.p256dh, browser.auth)
        guard = Guard.of_settings(ENDPOINT_MAX_LENGTH)
        return _judge(post(guard, browser.endpoint, headers, sealed, seconds=SECONDS))
    except (OutwardNameUnknown, OutwardNotConnected):
        return NotSent(PushUnreachable.code)
    except (OutwardAddressRefused, OutwardUrlInvalid, PushOff) as error:
        return Refused(error.code)
    except (OutwardTimeout, OutwardUnreachable):
        return Unclear(PushUnreachable.code)


def _judge(answer: Answer) -> outbox.Delivery:
    if answer.status in _TAKEN:
        return Sent()
    if answer.status in _GONE:
        return outbox.Gone()
    if answer.status == _SLOW_DOWN:
        return NotSent(PushRefused.code, _wait_of(answer))
    if answer.status in _OUR_FAULT:
        return Refused(PushRefused.code)
    return NotSent(PushRefused.code, _wait_of(answer))


def _wait_of(answer: Answer) -> float | None:
    """What the service asks for, in seconds, within reason; a date is not read."""
    value = answer.headers.get("retry-after", "")
    return min(float(value), LONGEST_WAIT_SECONDS) if value.isascii() and value.isdigit() else None
