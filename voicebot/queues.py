"""How much waits in the job queues, as their Redis-protocol server holds it."""

from __future__ import annotations

from django.conf import settings
from redis import Redis

TIMEOUT_SECONDS = 3


def queue_depths() -> dict[str, int]:
    """Jobs waiting in each queue, without those that a worker has taken.

    Raises:
        redis.exceptions.RedisError: When the queue's server does not answer.
    """
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS
    ) as client:
        return {queue.name: int(client.llen(f"{prefix}{queue.name}")) for queue in settings.CELERY_TASK_QUEUES}
