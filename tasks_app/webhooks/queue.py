"""What is to be sent next, and what became of it.

One delivery of a webhook is on its way at a time, the oldest that is due first. An attempt counts when it is taken, and
a worker that dies leaves a lease: when it runs out the delivery is sent again, under the same id.

A receiver that fails is left alone for a while as a whole, so that one that is down gets one request each time and not
a queue; each delivery waits by its own count as well, so that one that is always refused does not hold up the others.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tasks_app.models import Webhook, WebhookDelivery
from tasks_app.webhooks.notices import tell_owner
from tasks_app.webhooks.signing import headers_for

if TYPE_CHECKING:
    from voicebot.outward.sending import Answer

State = WebhookDelivery.State

LEASE = dt.timedelta(seconds=45)
"""Longer than one attempt may take, with its waiting for the name to be resolved."""
FIRST_PAUSE = dt.timedelta(seconds=5)
LONGEST_PAUSE = dt.timedelta(hours=2)
LONGEST_REST = dt.timedelta(minutes=5)
"""Of a receiver as a whole."""
DISABLE_AFTER = dt.timedelta(days=5)
KEEP = dt.timedelta(days=30)
GONE = 410


@dataclass(frozen=True)
class Parcel:
    """One attempt, with all that is needed to make it without the database."""

    delivery_id: UUID
    webhook_id: UUID
    attempt: int
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: an answer, or the code of what went wrong."""

    answer: Answer | None
    error_code: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the receiver took it."""
        return self.answer is not None and 200 <= self.answer.status < 300  # noqa: PLR2004  # HTTP's


def pause_after(attempts: int, longest: dt.timedelta) -> dt.timedelta:
    """Twice as long each time, give or take a quarter, so that receivers are not all asked at once."""
    seconds = min(FIRST_PAUSE.total_seconds() * 2.0 ** min(attempts - 1, 20), longest.total_seconds())
    return dt.timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  # spreads load, hides nothing


def _due(now: dt.datetime) -> QuerySet[WebhookDelivery]:
    waits = Q(state=State.PENDING, next_attempt_at__lte=now) | Q(state=State.SENDING, lease_until__lte=now)
    return WebhookDelivery.objects.filter(waits)


def _ready(now: dt.datetime) -> QuerySet[Webhook]:
    """Webhooks to which something is to be sent now; the one that waited longest first."""
    of_it = WebhookDelivery.objects.filter(webhook=OuterRef("pk"))
    return Webhook.objects.filter(
        Q(resume_at=None) | Q(resume_at__lte=now),
        Exists(_due(now).filter(webhook=OuterRef("pk"))),
        ~Exists(of_it.filter(state=State.SENDING, lease_until__gt=now)),
        is_active=True,
        owner__is_active=True,
    ).order_by(F("last_attempt_at").asc(nulls_first=True), "id")


def is_anything_due(now: dt.datetime) -> bool:
    """Whether :func:`take` would find something."""
    return _ready(now).exists()


@transaction.atomic
def take(now: dt.datetime, limit: int) -> list[Parcel]:
    """Lease the next delivery of each of so many webhooks; two callers never take the same one."""
    webhooks = {each.pk: each for each in _ready(now).select_for_update(skip_locked=True, of=("self",))[:limit]}
    if not webhooks:
        return []
    oldest = _due(now).filter(webhook__in=webhooks).order_by("webhook_id", "created_at", "id").distinct("webhook_id")
    deliveries = list(oldest)
    for delivery in deliveries:
        delivery.state, delivery.lease_until, delivery.last_attempt_at = State.SENDING, now + LEASE, now
        delivery.attempts += 1
    WebhookDelivery.objects.bulk_update(deliveries, ["state", "lease_until", "last_attempt_at", "attempts"])
    Webhook.objects.filter(pk__in=webhooks).update(last_attempt_at=now)
    return [_parcel(webhooks[delivery.webhook_id], delivery, now) for delivery in deliveries]


def _parcel(webhook: Webhook, delivery: WebhookDelivery, now: dt.datetime) -> Parcel:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "voicebot-webhooks/1",
        **headers_for(webhook, delivery, now),
    }
    return Parcel(delivery.pk, webhook.pk, delivery.attempts, webhook.url, headers, delivery.body.encode())


@transaction.atomic
def settle(parcel: Parcel, outcome: Outcome, now: dt.datetime) -> None:
    """Note what became of an attempt, unless it took so long that another one was begun or all of it was deleted."""
    webhook = Webhook.objects.select_for_update(of=("self",)).filter(pk=parcel.webhook_id).first()
    deliveries = WebhookDelivery.objects.select_for_update()
    delivery = deliveries.filter(pk=parcel.delivery_id, state=State.SENDING, attempts=parcel.attempt).first()
    if webhook is None or delivery is None:
        return
    answer = outcome.answer
    delivery.lease_until = None
    delivery.response_status = answer.status if answer else None
    delivery.response_start = answer.start if answer else ""
    delivery.error_code = outcome.error_code
    if outcome.is_good:
        delivery.state, delivery.delivered_at = State.DELIVERED, now
        _note_success(webhook)
    else:
        _put_off(delivery, now)
        _note_failure(webhook, now, is_gone=answer is not None and answer.status == GONE)
        if webhook.off_reason:
            delivery.state = State.FAILED
    delivery.save()


def _put_off(delivery: WebhookDelivery, now: dt.datetime) -> None:
    delivery.next_attempt_at = now + pause_after(delivery.attempts, LONGEST_PAUSE)
    delivery.state = State.PENDING if delivery.next_attempt_at < delivery.give_up_at else State.FAILED


def _note_success(webhook: Webhook) -> None:
    if webhook.failures or webhook.failing_since:
        webhook.failures, webhook.failing_since, webhook.resume_at = 0, None, None
        webhook.save(update_fields=["failures", "failing_since", "resume_at"])


def _note_failure(webhook: Webhook, now: dt.datetime, *, is_gone: bool) -> None:
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.resume_at = now + pause_after(webhook.failures, LONGEST_REST)
    is_hopeless = webhook.failing_since <= now - DISABLE_AFTER
    if webhook.is_active and (is_gone or is_hopeless):
        webhook.is_active = False
        webhook.off_reason = Webhook.Off.GONE if is_gone else Webhook.Off.FAILING
        webhook.version += 1
        tell_owner(webhook)
    webhook.save()


def forget_old(now: dt.datetime) -> None:
    """Delete what was told long ago, or not told for as long."""
    WebhookDelivery.objects.filter(created_at__lt=now - KEEP).exclude(state=State.SENDING).delete()
