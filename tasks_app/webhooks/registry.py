"""A person's webhooks: settings of their own, so they are neither commands nor undone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tasks_app.context import Source
from tasks_app.job_names import Job
from tasks_app.models import User, Webhook, WebhookDelivery
from tasks_app.models.webhooks import new_seed
from tasks_app.webhooks import recording
from tasks_app.webhooks.catalogue import TEST
from tasks_app.webhooks.errors import TooManyWebhooks, WebhookNotFound, WebhookOff
from tasks_app.webhooks.recording import GIVE_UP_AFTER, Happening
from voicebot.outward.addresses import Guard
from voicebot.throttling import Rate, check_rate
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from django.db.models import QuerySet

OLD_SECRET_FOR = dt.timedelta(hours=24)


def webhooks_of(user: User) -> QuerySet[Webhook]:
    """All of a person."""
    return Webhook.objects.filter(owner=user)


def get_webhook(user: User, webhook_id: uuid.UUID) -> Webhook:
    """One of a person's own.

    Raises:
        WebhookNotFound
    """
    webhook = webhooks_of(user).filter(pk=webhook_id).first()
    if webhook is None:
        raise WebhookNotFound
    return webhook


@transaction.atomic
def create_webhook(user: User, *, url: str, events: Sequence[str], description: str, is_active: bool) -> Webhook:
    """A new one.

    Raises:
        OutwardUrlInvalid, OutwardAddressRefused: Nothing may be sent there.
        TooManyWebhooks, RateLimited
    """
    check_rate(Rate("webhook-address", 30, 3600), str(user.pk))
    _check_url(url)
    User.objects.select_for_update(no_key=True).only("id").get(pk=user.pk)
    if webhooks_of(user).count() >= settings.WEBHOOKS_FOR_EACH:
        raise TooManyWebhooks(limit=settings.WEBHOOKS_FOR_EACH)
    return Webhook.objects.create(
        owner=user, url=url, events=_in_order(events), description=description, is_active=is_active
    )


def lock_webhook(user: User, webhook_id: uuid.UUID) -> Webhook:
    """One of a person's own, locked until the transaction ends.

    Raises:
        WebhookNotFound
    """
    webhook = webhooks_of(user).select_for_update().filter(pk=webhook_id).first()
    if webhook is None:
        raise WebhookNotFound
    return webhook


def change_webhook(webhook: Webhook, fields: dict[str, Any]) -> None:
    """Set what is given; switching on begins anew, and what waits goes out.

    Args:
        webhook: Locked by this transaction.
        fields: Any of ``url``, ``events``, ``description`` and ``is_active``.

    Raises:
        OutwardUrlInvalid, OutwardAddressRefused: Nothing may be sent there.
        RateLimited
    """
    if "url" in fields and fields["url"] != webhook.url:
        check_rate(Rate("webhook-address", 30, 3600), str(webhook.owner_id))
        _check_url(fields["url"])
    if "events" in fields:
        fields = {**fields, "events": _in_order(fields["events"])}
    if fields.get("is_active") and not webhook.is_active:
        webhook.off_reason, webhook.failures, webhook.failing_since, webhook.resume_at = "", 0, None, None
        enqueue_on_commit(Job.SEND_WEBHOOKS)
    for name, value in fields.items():
        setattr(webhook, name, value)
    webhook.version += 1
    webhook.save()


def rotate_secret(webhook: Webhook) -> None:
    """A new secret; what is sent is signed with the old one, too, for :data:`OLD_SECRET_FOR`.

    Args:
        webhook: Locked by this transaction.
    """
    webhook.old_seed, webhook.old_until = webhook.seed, timezone.now() + OLD_SECRET_FOR
    webhook.seed = new_seed()
    webhook.version += 1
    webhook.save()


def deliveries_of(user: User, webhook_id: uuid.UUID) -> QuerySet[WebhookDelivery]:
    """What one webhook was or is to be told.

    Raises:
        WebhookNotFound
    """
    return WebhookDelivery.objects.filter(webhook=get_webhook(user, webhook_id))


def get_delivery(user: User, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> WebhookDelivery:
    """One of them.

    Raises:
        WebhookNotFound
    """
    delivery = deliveries_of(user, webhook_id).filter(pk=delivery_id).first()
    if delivery is None:
        raise WebhookNotFound
    return delivery


@transaction.atomic
def redeliver(user: User, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Send a delivery again, now and under its old id; one that is on its way is left to that.

    Raises:
        WebhookNotFound, WebhookOff, RateLimited
    """
    _check_ready(lock_webhook(user, webhook_id))
    delivery = deliveries_of(user, webhook_id).select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise WebhookNotFound
    if delivery.state == WebhookDelivery.State.SENDING:
        return delivery
    now = timezone.now()
    delivery.state, delivery.error_code, delivery.attempts = WebhookDelivery.State.PENDING, "", 0
    delivery.next_attempt_at, delivery.give_up_at = now, now + GIVE_UP_AFTER
    delivery.save()
    Webhook.objects.filter(pk=webhook_id).update(resume_at=None)
    enqueue_on_commit(Job.SEND_WEBHOOKS)
    return delivery


@transaction.atomic
def send_test(user: User, webhook_id: uuid.UUID) -> WebhookDelivery:
    """Send an event that tells of nothing.

    Raises:
        WebhookNotFound, WebhookOff, RateLimited
    """
    webhook = lock_webhook(user, webhook_id)
    _check_ready(webhook)
    happening = Happening(TEST, f"test:{uuid.uuid4()}", Source.API, user, {"webhook_id": str(webhook.pk)})
    (delivery,) = recording.put(webhook, [happening])
    Webhook.objects.filter(pk=webhook_id).update(resume_at=None)
    return delivery


def _check_ready(webhook: Webhook) -> None:
    """Refuse what would not be sent, or is asked for too often: each of these is a request to somebody else."""
    if not webhook.is_active:
        raise WebhookOff
    check_rate(Rate("webhook-by-hand", 60, 60), str(webhook.owner_id))


def _check_url(url: str) -> None:
    guard = Guard.of_settings()
    target = guard.read(url)
    guard.addresses(target.host, target.port)


def _in_order(events: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(event) for event in events))
