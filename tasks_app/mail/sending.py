"""Hands one mail to the mail server, and says what became of it."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from tasks_app.mail import outbox
from tasks_app.mail.errors import EmailRefused, EmailUnreachable
from tasks_app.mail.unsubscribe import unsubscribe_url
from tasks_app.outbox import Delivery, NotSent, Refused, Sent, Unclear

if TYPE_CHECKING:
    from tasks_app.models import OutboundEmail

PERMANENT_FROM = 500
"""SMTP's own: from here on trying again is of no use."""


def deliver(email_id: UUID) -> None:
    """Send a mail unless that was done, is being done, or is to wait."""
    email = outbox.take(email_id, timezone.now())
    if email is not None:
        outbox.settle(email.pk, send(email), timezone.now())


def send(email: OutboundEmail) -> Delivery:
    """Say hello to the server first: what fails there has surely not been sent."""
    connection = get_connection()
    try:
        connection.open()
        if isinstance(connection, EmailBackend) and connection.connection:
            connection.connection.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError:
        return NotSent(EmailRefused.code)
    except (OSError, smtplib.SMTPException):
        return NotSent(EmailUnreachable.code)
    try:
        return _hand_over(connection, email)
    finally:
        connection.close()


def _hand_over(connection: BaseEmailBackend, email: OutboundEmail) -> Delivery:
    message = _message(email)
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        return _refusal(max(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        return _refusal(error.smtp_code)
    except (OSError, smtplib.SMTPException):
        return Unclear(EmailUnreachable.code)
    return Sent()


def _refusal(code: int) -> Delivery:
    return Refused(EmailRefused.code) if code >= PERMANENT_FROM else NotSent(EmailRefused.code)


def _message(email: OutboundEmail) -> EmailMultiAlternatives:
    """With the headers by which a mail program offers to switch such mail off (RFC 2369, RFC 8058), where one can."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{email.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if not email.is_for_sign_in:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(email.user)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(email.subject, email.text, to=[email.address], headers=headers)
    message.attach_alternative(email.html, "text/html")
    return message
