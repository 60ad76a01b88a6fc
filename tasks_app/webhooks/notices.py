"""Tells a person that one of their webhooks was switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tasks_app.mail import outbox
from tasks_app.mail.unsubscribe import unsubscribe_url
from tasks_app.models import Channel
from tasks_app.reminders.preferences import preference_of
from tasks_app.selectors import get_user_language
from voicebot.transactions import publish_on_commit

if TYPE_CHECKING:
    from tasks_app.models import Webhook


def tell_owner(webhook: Webhook) -> None:
    """On the pages that they have open, and by mail where they want mail; inside the transaction that does it."""
    owner = webhook.owner
    publish_on_commit(
        owner.pk,
        {
            "event": "webhook.disabled",
            "webhook": {"id": str(webhook.pk), "url": webhook.url, "reason": webhook.off_reason},
        },
    )
    if not (settings.EMAIL_IS_ON and owner.email and Channel.EMAIL in preference_of(owner).channels):
        return
    with translation.override(get_user_language(owner)):
        context = {
            "heading": _("A webhook was switched off"),
            "url": webhook.url,
            "reason": webhook.get_off_reason_display(),
            "unsubscribe_url": unsubscribe_url(owner),
        }
        text = render_to_string("mail/webhook_off.txt", context)
        html = render_to_string("mail/webhook_off.html", context)
    outbox.put(
        owner,
        f"webhook:{webhook.pk}:{webhook.version}",
        subject=context["heading"],
        text=text,
        html=html,
    )
