"""The parts that doctor looks at for the chat platforms."""

from __future__ import annotations

import re

from django.conf import settings

from bots.models import OutboundMessage
from voicebot.diagnostics import CheckResult, part, passed, warned

_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")


@part("telegram")
def check_telegram() -> CheckResult:
    """The bot has a token, and it looks like one; nothing is sent."""
    token = settings.TELEGRAM_BOT_TOKEN
    if not token:
        return passed("off: set TELEGRAM_BOT_TOKEN to switch it on")
    if not _TOKEN.fullmatch(token):
        return warned("TELEGRAM_BOT_TOKEN does not look like a token", "Copy it again from @BotFather.")
    return passed(f"on, as bot {token.partition(':')[0]}")


@part("messages", needs=("database", "migrations"))
def check_messages() -> CheckResult:
    """Messages on their way to chats, and those that did not arrive."""
    by_state = OutboundMessage.objects.order_by()
    pending = by_state.filter(state=OutboundMessage.State.PENDING).count()
    lost = by_state.filter(state=OutboundMessage.State.FAILED).count()
    return passed(f"{pending} waiting to be sent, {lost} given up")
