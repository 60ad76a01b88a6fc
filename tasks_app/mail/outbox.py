"""Every mail is a row here before it is sent.

A worker takes a row for a short lease, sends it, and settles what became of it. A worker that dies in between leaves a
mail that may have arrived. It is sent once more, under the same Message-ID and marked ``may_be_repeated``: it is better
to hear of a reminder twice than not at all. When that attempt ends in the dark as well, it is left at ``uncertain``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tasks_app.job_names import Job
from tasks_app.mail.errors import EmailInterrupted, EmailOff
from tasks_app.models import OutboundEmail, User
from tasks_app.reminders.preferences import preference_of
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from uuid import UUID

State = OutboundEmail.State

LEASE = dt.timedelta(seconds=60)
"""Longer than a mail server may take for one mail; see ``EMAIL_TIMEOUT``."""
MAX_ATTEMPTS = 150
"""With the pauses between them a day: the longest outage that a mail outlives."""
MAX_SIGN_IN_ATTEMPTS = 16
"""An hour: its link ends then."""
LONGEST_PAUSE_SECONDS = 600.0
BATCH_SIZE = 500


@dataclass(frozen=True)
class Sent:
    """The mail server took it."""


@dataclass(frozen=True)
class NotSent:
    """It surely did not arrive and may be tried again."""

    code: str


@dataclass(frozen=True)
class Unclear:
    """The server may have taken it: the answer is missing."""

    code: str


@dataclass(frozen=True)
class Refused:
    """It did not arrive and never will."""

    code: str


Delivery: TypeAlias = Sent | NotSent | Unclear | Refused


def put(
    user: User,
    dedupe_key: str,
    *,
    subject: str,
    text: str,
    html: str,
    address: str = "",
    is_for_sign_in: bool = False,
) -> None:
    """Write a mail to a person, and have it sent after the commit; one for each key.

    Args:
        user: Goes to the address that they have now, unless another one is given.
        dedupe_key: What it is about, at most 120 characters.
        subject: One line.
        text: The mail for those who read plain text.
        html: The same as a page.
        address: Where to, when it is not (yet) theirs.
        is_for_sign_in: Was asked for at the sign-in: goes out whatever they prefer, and its text is blanked after.
    """
    now = timezone.now()
    email, is_new = OutboundEmail.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "user": user,
            "address": address or user.email,
            "is_for_sign_in": is_for_sign_in,
            "subject": subject,
            "text": text,
            "html": html,
            "next_attempt_at": now,
            "lease_until": now + LEASE,
        },
    )
    if is_new:
        enqueue_on_commit(Job.DELIVER_EMAIL, str(email.pk))


@transaction.atomic
def take(email_id: UUID, now: dt.datetime) -> OutboundEmail | None:
    """Lease a mail that may be sent now.

    Returns:
        None when it is done with, is to wait, or another worker is at work on it.
    """
    email = OutboundEmail.objects.select_for_update(of=("self",)).select_related("user").filter(pk=email_id).first()
    if email is None or not _is_free(email, now):
        return None
    if email.state == State.SENDING:
        _note_interruption(email, EmailInterrupted.code)
    if email.state == State.PENDING and not (email.is_for_sign_in or preference_of(email.user).email):
        email.state, email.error_code = State.FAILED, EmailOff.code
    if email.state == State.PENDING:
        email.state, email.lease_until = State.SENDING, now + LEASE
    email.save()
    return email if email.state == State.SENDING else None


def _is_free(email: OutboundEmail, now: dt.datetime) -> bool:
    if email.state == State.SENDING:
        return email.lease_until is None or email.lease_until < now
    return bool(email.state == State.PENDING and email.next_attempt_at <= now)


def _note_interruption(email: OutboundEmail, code: str) -> None:
    """It may have arrived: once more, and not a third time."""
    email.error_code, email.lease_until = code, None
    email.state = State.UNCERTAIN if email.may_be_repeated else State.PENDING
    email.may_be_repeated = True


@transaction.atomic
def settle(email_id: UUID, delivery: Delivery, now: dt.datetime) -> None:
    """Note what became of a mail that was taken."""
    email = OutboundEmail.objects.select_for_update().get(pk=email_id)
    email.lease_until = None
    match delivery:
        case Sent():
            email.state, email.sent_at, email.error_code = State.SENT, now, ""
        case Refused(code):
            email.state, email.error_code = State.FAILED, code
        case Unclear(code):
            _note_interruption(email, code)
        case NotSent(code):
            email.attempts += 1
            email.error_code = code
            most = MAX_SIGN_IN_ATTEMPTS if email.is_for_sign_in else MAX_ATTEMPTS
            email.state = State.PENDING if email.attempts < most else State.FAILED
    if email.state == State.PENDING:
        pause = min(2.0 ** max(email.attempts - 1, 0), LONGEST_PAUSE_SECONDS)
        email.next_attempt_at = now + dt.timedelta(seconds=pause)
    elif email.is_for_sign_in:
        email.text = email.html = ""
    email.save()


@transaction.atomic
def take_stalled(now: dt.datetime) -> list[UUID]:
    """Mails that should have been sent by now, to enqueue; one whose job waits in the queue is left to that.

    Must run in the transaction that enqueues them.
    """
    waits = Q(state=State.PENDING, next_attempt_at__lte=now) & (Q(lease_until=None) | Q(lease_until__lt=now))
    stalled = OutboundEmail.objects.filter(waits | Q(state=State.SENDING, lease_until__lt=now))
    rows = stalled.order_by("next_attempt_at").select_for_update(skip_locked=True)[:BATCH_SIZE]
    ids = [email.pk for email in rows]
    OutboundEmail.objects.filter(pk__in=ids, state=State.PENDING).update(lease_until=now + LEASE)
    return ids
