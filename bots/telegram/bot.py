"""The Bot API client as this program sets it up."""

from __future__ import annotations

from django.conf import settings
from telegram import Bot
from telegram.request import BaseRequest

from bots.telegram.request import CarefulRequest

POLL_SECONDS = 30
"""How long the server holds a request for updates open."""
CONNECTIONS = 32


def make_request() -> BaseRequest:
    """The client for all calls but the poll."""
    return CarefulRequest(connection_pool_size=CONNECTIONS, read_timeout=15, write_timeout=15, pool_timeout=10)


def make_poll_request() -> BaseRequest:
    """The client for the poll alone, so that it never waits for another call."""
    return CarefulRequest(connection_pool_size=1, read_timeout=POLL_SECONDS + 10)


def make_bot() -> Bot:
    """A client for a process that only sends."""
    return Bot(
        settings.TELEGRAM_BOT_TOKEN,
        base_url=base_url(),
        base_file_url=base_file_url(),
        request=make_request(),
        get_updates_request=make_poll_request(),
    )


def base_url() -> str:
    """Where calls go; the token follows."""
    return f"{settings.TELEGRAM_API_BASE_URL.rstrip('/')}/bot"


def base_file_url() -> str:
    """Where files lie; the token follows."""
    return f"{settings.TELEGRAM_FILE_BASE_URL.rstrip('/')}/file/bot"


def bot_id() -> int:
    """The bot's own id, which is the first part of its token; 0 when the token is not of that form."""
    first = settings.TELEGRAM_BOT_TOKEN.partition(":")[0]
    return int(first) if first.isascii() and first.isdigit() else 0
