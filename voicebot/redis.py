"""The process-wide client of the Redis-protocol server."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def redis_client() -> Redis:
    """A client with its own connection pool; replies are text.

    A kept connection may have died, so each command is tried on one more; who asks then goes on without the server.
    """
    return Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_connect_timeout=3,
        socket_keepalive=True,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 1),
    )
