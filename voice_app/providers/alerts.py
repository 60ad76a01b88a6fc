"""What only the operator can mend at a provider: a key, a quota, the name of a model."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import cast

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from voice_app.providers.errors import ProviderError
from voicebot.redis import redis_client

log = structlog.get_logger(__name__)

KEPT_SECONDS = 86_400
"""An alert that is not raised again for so long is over."""
QUIET_SECONDS = 300
"""The same alert is written to the log once in this time."""


@dataclass(frozen=True)
class Alert:
    """Something is wrong that no waiting mends."""

    provider: str
    """The name of its breaker, such as ``llm:openai``."""
    code: str
    """Error code; its sentence says what to do."""
    at: dt.datetime
    """Aware; when it was seen last."""


def raise_alert(provider: str, error: ProviderError) -> None:
    """Tell the operator: a line in the log at error level, a metric, and a warning of doctor until it works again."""
    value = json.dumps({"code": error.code, "at": dt.datetime.now(dt.UTC).isoformat()})
    try:
        server = redis_client()
        server.hset(_key(), provider, value)
        server.expire(_key(), KEPT_SECONDS)
        is_new = server.set(f"{_key()}:told:{provider}:{error.code}", 1, nx=True, ex=QUIET_SECONDS)
    except RedisError:
        is_new = True
    if is_new:
        log.error("provider_needs_operator", provider=provider, code=error.code)


def clear(provider: str) -> None:
    """It works again."""
    try:
        redis_client().hdel(_key(), provider)
    except RedisError:
        log.warning("alert_not_cleared", provider=provider)


def list_alerts() -> tuple[Alert, ...]:
    """What is wrong now, by provider; nothing when the server that keeps it is away."""
    try:
        kept = cast("dict[str, str]", redis_client().hgetall(_key()))
    except RedisError:
        return ()
    alerts = (_read(provider, json.loads(value)) for provider, value in sorted(kept.items()))
    since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=KEPT_SECONDS)
    return tuple(alert for alert in alerts if alert.at > since)


def _read(provider: str, value: dict[str, str]) -> Alert:
    return Alert(provider, value["code"], dt.datetime.fromisoformat(value["at"]))


def _key() -> str:
    return f"{settings.REDIS_KEY_PREFIX}:provider_alerts"
