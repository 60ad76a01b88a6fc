"""Every notification of a browser is a row here before it is sent; it is kept as mail is.

One that may have arrived is sent once more, marked ``may_be_repeated``: the browser puts it in the place of the first,
since both have the same tag.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tasks_app.job_names import Job
from tasks_app.models import OutboundPush, PushSubscription, User
from tasks_app.push.errors import PushInterrupted, PushSwitchedOff
from tasks_app.reminders.preferences import preference_of
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from uuid import UUID

    from voicebot.errors import JsonValue

State = OutboundPush.State

LEASE = dt.timedelta(seconds=60)
"""Longer than its job may take."""
MAX_ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 600.0
BATCH_SIZE = 500


@dataclass(frozen=True)
class Sent:
    """The push service took it."""


@dataclass(frozen=True)
class NotSent:
    """It surely did not arrive and may be tried again."""

    code: str
    retry_after_seconds: float | None = None
    """Given by the service when it wants us to slow down."""


@dataclass(frozen=True)
class Unclear:
    """The service may have taken it: the answer is missing."""

    code: str


@dataclass(frozen=True)
class Refused:
    """It did not arrive and never will."""

    code: str


@dataclass(frozen=True)
class Gone:
    """The browser does not want to hear from us any more."""


Delivery: TypeAlias = Sent | NotSent | Unclear | Refused | Gone


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
                "lease_until": now + LEASE,
            },
        )
        if is_new:
            enqueue_on_commit(Job.DELIVER_PUSH, str(push.pk))


@transaction.atomic
def take(push_id: UUID, now: dt.datetime) -> OutboundPush | None:
    """Lease a notification that may be sent now.

    Returns:
        None when it is done with, is to wait, or another worker is at work on it.
    """
    rows = OutboundPush.objects.select_for_update(of=("self",)).select_related("subscription__user")
    push = rows.filter(pk=push_id).first()
    if push is None or not _is_free(push, now):
        return None
    if push.state == State.SENDING:
        _note_interruption(push, PushInterrupted.code)
    if push.state == State.PENDING and not preference_of(push.subscription.user).push:
        push.state, push.error_code = State.FAILED, PushSwitchedOff.code
    if push.state == State.PENDING:
        push.state, push.lease_until = State.SENDING, now + LEASE
    push.save()
    return push if push.state == State.SENDING else None


@transaction.atomic
def settle(push_id: UUID, delivery: Delivery, now: dt.datetime) -> None:
    """Note what became of a notification that was taken; nothing when its browser is gone meanwhile."""
    push = OutboundPush.objects.select_for_update(of=("self",)).filter(pk=push_id).first()
    if push is None:
        return
    push.lease_until = None
    pause: float | None = None
    match delivery:
        case Gone():
            PushSubscription.objects.filter(pk=push.subscription_id).delete()
            return
        case Sent():
            push.state, push.sent_at, push.error_code = State.SENT, now, ""
        case Refused(code):
            push.state, push.error_code = State.FAILED, code
        case Unclear(code):
            _note_interruption(push, code)
        case NotSent(code, pause):
            push.attempts += 1
            push.error_code = code
            push.state = State.PENDING if push.attempts < MAX_ATTEMPTS else State.FAILED
    if push.state == State.PENDING:
        growing = min(2.0 ** max(push.attempts - 1, 0), LONGEST_PAUSE_SECONDS)
        push.next_attempt_at = now + dt.timedelta(seconds=growing if pause is None else pause)
    push.save()


@transaction.atomic
def take_stalled(now: dt.datetime) -> list[UUID]:
    """Notifications that should have been sent by now, to enqueue; one whose job waits in the queue is left to that.

    Must run in the transaction that enqueues them.
    """
    waits = Q(state=State.PENDING, next_attempt_at__lte=now) & (Q(lease_until=None) | Q(lease_until__lt=now))
    stalled = OutboundPush.objects.filter(waits | Q(state=State.SENDING, lease_until__lt=now))
    rows = stalled.order_by("next_attempt_at").select_for_update(skip_locked=True)[:BATCH_SIZE]
    ids = [push.pk for push in rows]
    OutboundPush.objects.filter(pk__in=ids, state=State.PENDING).update(lease_until=now + LEASE)
    return ids


def _is_free(push: OutboundPush, now: dt.datetime) -> bool:
    if push.state == State.SENDING:
        return push.lease_until is None or push.lease_until < now
    return bool(push.state == State.PENDING and push.next_attempt_at <= now)


def _note_interruption(push: OutboundPush, code: str) -> None:
    """It may have arrived: once more, and not a third time."""
    push.error_code, push.lease_until = code, None
    push.state = State.UNCERTAIN if push.may_be_repeated else State.PENDING
    push.may_be_repeated = True
