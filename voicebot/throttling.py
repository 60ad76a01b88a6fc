"""One rate limiter for every door: a sliding count in the Redis-protocol server."""

from __future__ import annotations

import math
import time
from contextvars import ContextVar
from dataclasses import dataclass

import structlog
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from voicebot.errors import RateLimited
from voicebot.redis import redis_client

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Rate:
    """At most ``limit`` acts in any ``seconds``, for each key under ``name``."""

    name: str
    limit: int
    seconds: int


@dataclass(frozen=True)
class RateLeft:
    """How a rate stands after an act was counted."""

    limit: int
    remaining: int
    reset_seconds: int
    """Until the present window ends."""


counted_rates: ContextVar[list[RateLeft]] = ContextVar("counted_rates")
"""Collects what the present request was counted for, where somebody has set a list."""


def check_rate(rate: Rate, key: str) -> None:
    """Count one act and refuse it when there were too many.

    When the server is down the act is let through: limiting is a courtesy, losing a note is not.

    Raises:
        RateLimited: With ``retry_after`` in seconds.
    """
    try:
        retry_after = _count(redis_client(), rate, key)
    except RedisError:
        log.warning("rate_limiter_unreachable", rate=rate.name)
        return
    if retry_after:
        raise RateLimited(retry_after=retry_after, limit=rate.limit, window_seconds=rate.seconds)


def _count(client: Redis, rate: Rate, key: str) -> int:
    """Two fixed windows, weighted by how far the present one has run; 0 when within the limit."""
    now = time.time()
    window = int(now // rate.seconds)
    elapsed = now % rate.seconds
    base = f"{settings.REDIS_KEY_PREFIX}:rate:{rate.name}:{key}"
    pipe = client.pipeline()
    pipe.incr(f"{base}:{window}")
    pipe.expire(f"{base}:{window}", rate.seconds * 2)
    pipe.get(f"{base}:{window - 1}")
    current, _, previous = pipe.execute()
    weighted = current + int(previous or 0) * (1 - elapsed / rate.seconds)
    remaining = max(0, math.floor(rate.limit - weighted))
    counted_rates.get([]).append(RateLeft(rate.limit, remaining, math.ceil(rate.seconds - elapsed)))
    return 0 if weighted <= rate.limit else max(1, int(rate.seconds - elapsed))
