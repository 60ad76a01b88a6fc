"""Every notification of a browser is a row here before it is sent.

One that may have arrived is sent once more: the browser puts it in the place of the first, as both have the same tag.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db import transaction
from django.utils import timezone

from tasks_app import outbox
from tasks_app.job_names import Job
from tasks_app.models import OutboundPush, PushSubscription, User
from tasks_app.push.errors import PushInterrupted, PushSwitchedOff
from tasks_app.reminders.preferences import preference_of
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from uuid import UUID

    from voicebot.errors import JsonValue


@dataclass(frozen=True)
class Gone:
    """The browser does not want to hear from us any more."""


Delivery: TypeAlias = outbox.Delivery | Gone


def put(user: User, key: str, payload: dict[str, JsonValue]) -> None:
    """Write a notification for each of a person's browsers, and have it sent after the commit; one for each key."""
    now = timezone.now()
    for subscription in PushSubscription.objects.filter(user=user):
        push, is_new = OutboundPush.objects.get_or_create(
            dedupe_key=f"{key}:{subscription.pk}",
            defaults={
                "subscription": subscription,
                "payload": payload,
                "next_attempt_at": now,
                "lease_until": now + outbox.LEASE,
            },
        )
        if is_new:
            enqueue_on_commit(Job.DELIVER_PUSH, str(push.pk))


@transaction.atomic
def take(push_id: UUID, now: dt.datetime) -> OutboundPush | None:
    """Lease a notification that may be sent now; None when it may not."""
    rows = OutboundPush.objects.select_for_update(of=("self",)).select_related("subscription__user")
    return outbox.lease(rows.filter(pk=push_id).first(), now, PushInterrupted.code, _reason_against)


def _reason_against(push: OutboundPush) -> str:
    return "" if preference_of(push.subscription.user).push else PushSwitchedOff.code


@transaction.atomic
def settle(push_id: UUID, delivery: Delivery, now: dt.datetime) -> None:
    """Note what became of a notification that was taken; nothing when its browser is gone meanwhile."""
    push = OutboundPush.objects.select_for_update(of=("self",)).filter(pk=push_id).first()
    if push is None:
        return
    if isinstance(delivery, Gone):
        PushSubscription.objects.filter(pk=push.subscription_id).delete()
        return
    outbox.note_delivery(push, delivery, now)
    push.save()
