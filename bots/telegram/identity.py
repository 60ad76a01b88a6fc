"""The bot's user name, which deep links need."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from bots.telegram import runner
from bots.telegram.bot import bot_id
from bots.telegram.errors import ask
from voicebot.errors import AppError

log = structlog.get_logger(__name__)

_KEEP_SECONDS = 7 * 24 * 3600
_ASK_SECONDS = 5
_last_known: dict[int, str] = {}
"""The name of each bot as this process knew it last, for when neither the cache nor Telegram answers."""


def is_configured() -> bool:
    """Whether there is a bot at all."""
    return bool(settings.TELEGRAM_BOT_TOKEN)


def find_username() -> str:
    """The bot's user name without ``@``; empty when nobody can be asked now and this process never knew it."""
    try:
        if known := cache.get(_key()):
            _last_known[bot_id()] = str(known)
            return str(known)
    except RedisError:
        log.warning("cache_unreachable")
    try:
        me = runner.run(ask(runner.bot().get_me(read_timeout=_ASK_SECONDS, connect_timeout=_ASK_SECONDS)))
    except AppError as error:
        log.warning("telegram_name_unknown", code=error.code)
        return _last_known.get(bot_id(), "")
    remember_username(me.username or "")
    return me.username or ""


def remember_username(username: str) -> None:
    """Keep the name for pages that show it, and for mentions in groups."""
    _last_known[bot_id()] = username
    try:
        cache.set(_key(), username, _KEEP_SECONDS)
    except RedisError:
        log.warning("cache_unreachable")


def _key() -> str:
    return f"telegram-username-{bot_id()}"
