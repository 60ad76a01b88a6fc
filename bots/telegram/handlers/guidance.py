"""What people are told about the bot itself."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def help_text() -> str:
    """What the bot can do, by example."""
    return _(
        "Send me a voice message or write to me, for example:\n"
        "• Remind me to call the dentist tomorrow at 9\n"
        "• What is due this week?\n"
        "• I have paid the rent\n"
        "• Move the report to Friday\n"
        "\n"
        "/today, /week and /tasks show your lists, /settings changes how I behave, and /undo takes the last change "
        "back."
    )


def how_to_connect() -> str:
    """What a stranger is told."""
    return _(
        "I do not know you yet. Open %(address)s, sign in, choose “Connect Telegram”, and open the link that you get "
        "there."
    ) % {"address": settings.PUBLIC_URL}
