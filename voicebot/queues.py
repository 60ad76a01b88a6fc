"""How much waits in the job queues, as their Redis-protocol server holds it."""

from __future__ import annotations

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

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


def has_room(queue: str, jobs: int) -> bool:
    """Whether a sweep may put so many jobs into a queue: not while twice as many wait there.

    What a sweep finds late has mostly a job that waits its turn. Under a flood each sweep would put one more for
    everybody, faster than workers take them.
    """
    try:
        return queue_depths()[queue] <= 2 * jobs
    except RedisError:
        return False
