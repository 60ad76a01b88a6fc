"""Every mail is a row here before it is sent; one that may have arrived is sent again under the same Message-ID."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from tasks_app import outbox
from tasks_app.job_names import Job
from tasks_app.mail.errors import EmailInterrupted, EmailOff
from tasks_app.models import OutboundEmail, User
from tasks_app.reminders.preferences import preference_of
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from uuid import UUID

MAX_SIGN_IN_ATTEMPTS = 16
"""An hour: its link ends then."""


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
            "lease_until": now + outbox.LEASE,
        },
    )
    if is_new:
        enqueue_on_commit(Job.DELIVER_EMAIL, str(email.pk))


@transaction.atomic
def take(email_id: UUID, now: dt.datetime) -> OutboundEmail | None:
    """Lease a mail that may be sent now; None when it may not."""
    rows = OutboundEmail.objects.select_for_update(of=("self",)).select_related("user")
    return outbox.lease(rows.filter(pk=email_id).first(), now, EmailInterrupted.code, _reason_against)


def _reason_against(email: OutboundEmail) -> str:
    return "" if email.is_for_sign_in or preference_of(email.user).email else EmailOff.code


@transaction.atomic
def settle(email_id: UUID, delivery: outbox.Delivery, now: dt.datetime) -> None:
    """Note what became of a mail that was taken."""
    email = OutboundEmail.objects.select_for_update().get(pk=email_id)
    most_attempts = MAX_SIGN_IN_ATTEMPTS if email.is_for_sign_in else outbox.MAX_ATTEMPTS
    outbox.note_delivery(email, delivery, now, most_attempts=most_attempts)
    if email.is_for_sign_in and email.state != OutboundEmail.State.PENDING:
        email.text = email.html = ""
    email.save()
