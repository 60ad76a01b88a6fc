"""The parts that doctor looks at for the domain."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import get_connection

from tasks_app.models import OutboundEmail
from voicebot.diagnostics import CheckResult, part, passed, warned

CONNECT_SECONDS = 5


@part("mail", needs=("database", "migrations"))
def check_mail() -> CheckResult:
    """The mail server answers and lets us in; nothing is sent."""
    if not settings.EMAIL_IS_ON:
        return passed("off: set EMAIL_URL to switch it on")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection(timeout=CONNECT_SECONDS)
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        return warned(f"{where} refuses the user or the password", "Look at EMAIL_URL.")
    except (OSError, smtplib.SMTPException):
        return warned(f"{where} does not answer as a mail server", "Look at EMAIL_URL and at firewalls.")
    connection.close()
    by_state = OutboundEmail.objects.order_by()
    pending = by_state.filter(state=OutboundEmail.State.PENDING).count()
    lost = by_state.filter(state=OutboundEmail.State.FAILED).count()
    return passed(f"{where} answers; {pending} waiting to be sent, {lost} given up")
