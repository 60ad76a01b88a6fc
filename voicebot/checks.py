"""System checks: settings that would fail later are named at start."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from django.conf import settings
from django.core import checks

MASTER_KEY_BYTES = 32
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def register_checks() -> None:
    """Make Django run these with its own."""
    checks.register(check_secret_key, checks.Tags.security)
    checks.register(check_encryption_key, checks.Tags.security)
    checks.register(check_webhook_secret, checks.Tags.security)


def check_secret_key(**_kwargs: object) -> Sequence[checks.CheckMessage]:
    """``SECRET_KEY`` must be there and long."""
    if len(settings.SECRET_KEY) >= MASTER_KEY_BYTES:
        return []
    return [checks.Error("SECRET_KEY is missing or short.", hint="`make run` generates one.", id="voicebot.E001")]


def check_encryption_key(**_kwargs: object) -> Sequence[checks.CheckMessage]:
    """``ENCRYPTION_KEY`` must be 32 bytes in URL-safe base64."""
    try:
        key = base64.urlsafe_b64decode(settings.ENCRYPTION_KEY)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) == MASTER_KEY_BYTES:
        return []
    return [
        checks.Error(
            "ENCRYPTION_KEY is not 32 bytes in URL-safe base64.", hint="`make run` generates one.", id="voicebot.E002"
        )
    ]


def check_webhook_secret(**_kwargs: object) -> Sequence[checks.CheckMessage]:
    """``TELEGRAM_WEBHOOK_SECRET`` must be one that Telegram takes and nobody guesses; it may be empty."""
    secret = settings.TELEGRAM_WEBHOOK_SECRET
    if not secret or _WEBHOOK_SECRET.fullmatch(secret):
        return []
    return [
        checks.Error(
            "TELEGRAM_WEBHOOK_SECRET is not 16 to 256 letters, digits, _ and -.",
            hint='`python -c "import secrets; print(secrets.token_urlsafe(32))"` makes one.',
            id="voicebot.E003",
        )
    ]
