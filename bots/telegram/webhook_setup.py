"""Tells Telegram where to bring updates, and finds out why it does not."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from telegram import Bot, WebhookInfo

from bots.telegram.errors import ask
from bots.telegram.intake import ALLOWED_UPDATES

TELEGRAMS_OWN = "https://api.telegram.org"
_PORTS = frozenset({None, 443, 80, 88, 8443})
"""Those that Telegram's own servers connect to."""
_MANY_WAITING = 100
_RECENT = dt.timedelta(minutes=10)


def webhook_url() -> str:
    """Where Telegram is to bring updates."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("telegram-webhook")


def find_setting_problems() -> list[str]:
    """What in the settings keeps a webhook from working, each with what to do."""
    if not settings.TELEGRAM_WEBHOOK_SECRET:
        how = '`python -c "import secrets; print(secrets.token_urlsafe(32))"` makes one.'
        return [f"TELEGRAM_WEBHOOK_SECRET is not set; {how}"]
    address = urlsplit(webhook_url())
    if settings.TELEGRAM_API_BASE_URL.rstrip("/") != TELEGRAMS_OWN:
        return []
    if address.scheme != "https":
        return [f"PUBLIC_URL is {settings.PUBLIC_URL}; Telegram brings updates to an https:// address only."]
    if address.port not in _PORTS:
        return [f"PUBLIC_URL has port {address.port}; Telegram connects to 443, 80, 88 and 8443 only."]
    return []


async def set_webhook(bot: Bot) -> None:
    """Let Telegram bring updates here; those that wait come as well.

    Raises:
        voicebot.errors.AppError: One of :mod:`bots.errors`.
    """
    await ask(
        bot.set_webhook(
            webhook_url(),
            secret_token=settings.TELEGRAM_WEBHOOK_SECRET,
            max_connections=settings.TELEGRAM_WEBHOOK_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
        )
    )


async def delete_webhook(bot: Bot) -> None:
    """Let Telegram keep updates for a poller; those that wait stay.

    Raises:
        voicebot.errors.AppError: One of :mod:`bots.errors`.
    """
    await ask(bot.delete_webhook(drop_pending_updates=False))


def find_problems(info: WebhookInfo) -> list[str]:
    """What is wrong with the webhook as Telegram knows it, each with what to do."""
    if not info.url:
        return ["No webhook is set; `manage.py set_telegram_webhook` sets it."]
    problems = []
    again = "`manage.py set_telegram_webhook` mends that."
    if info.url != webhook_url():
        problems.append(f"Telegram brings updates to {info.url} and not to {webhook_url()}; {again}")
    if set(info.allowed_updates or ()) != set(ALLOWED_UPDATES):
        problems.append(f"Telegram brings other kinds of updates than the program takes; {again}")
    if info.max_connections not in {None, settings.TELEGRAM_WEBHOOK_CONNECTIONS}:
        problems.append(
            f"Telegram uses {info.max_connections} connections, not {settings.TELEGRAM_WEBHOOK_CONNECTIONS}; {again}"
        )
    if info.last_error_date and timezone.now() - info.last_error_date < _RECENT:
        when = info.last_error_date.astimezone(dt.UTC)
        problems.append(f"The last failure was at {when:%H:%M:%S} UTC: {_advice(info.last_error_message or 'unknown')}")
    if info.pending_update_count > _MANY_WAITING:
        problems.append(f"{info.pending_update_count} updates wait to be brought.")
    return problems


def _advice(message: str) -> str:
    """Telegram's own words, and what they mean here."""
    advice = next((words for sign, words in _SIGNS.items() if sign in message), "")
    return f"{message}.{advice}"


_SIGNS = {
    "403": " The secret differs; set the webhook again with the one that the web processes have.",
    "404": " The web processes run without TELEGRAM_BOT_TOKEN or TELEGRAM_WEBHOOK_SECRET, or PUBLIC_URL is wrong.",
    "400": " A proxy on the way changes requests, or ALLOWED_HOSTS lacks the host's name.",
    "429": " The updates come faster than they are taken in; Telegram brings them again.",
    "50": " The web processes or their database are away; Telegram brings the updates again.",
    "certificate": " Telegram needs a certificate that everybody trusts, with the whole chain.",
    "Connection": " Nobody listens at that address, or a firewall is in between.",
}
