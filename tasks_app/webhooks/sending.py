"""Sends what is due, to many receivers at once, so that a slow one holds up nobody but itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.conf import settings
from django.utils import timezone
from redis.exceptions import LockError

from tasks_app.webhooks import queue
from tasks_app.webhooks.errors import WebhookRefused
from tasks_app.webhooks.queue import Outcome, Parcel
from voicebot.errors import AppError
from voicebot.outward.addresses import Guard
from voicebot.outward.sending import post
from voicebot.redis import redis_client

AT_ONCE = 16
"""Receivers that are sent to at the same time."""
SECONDS_FOR_ONE = 10.0
SECONDS_FOR_ALL = 20.0
"""After these nothing more is begun; the next run goes on."""
LOOK_AGAIN_SECONDS = 0.2

Send = Callable[[Parcel], Outcome]


def send_with(guard: Guard, *, seconds: float = SECONDS_FOR_ONE) -> Send:
    """Makes one attempt; uses no database, so that it can run in any thread."""

    def send(parcel: Parcel) -> Outcome:
        try:
            answer = post(guard, parcel.url, parcel.headers, parcel.body, seconds=seconds)
        except AppError as error:
            return Outcome(None, error.code)
        outcome = Outcome(answer)
        return outcome if outcome.is_good else Outcome(answer, WebhookRefused.code)

    return send


def run() -> None:
    """Send all that is due, unless another worker is at it.

    One worker at a time: the processes that also tell people of their reminders never all wait for receivers.
    """
    lock = redis_client().lock(f"{settings.REDIS_KEY_PREFIX}:webhooks", timeout=SECONDS_FOR_ALL + 40, blocking=False)
    ends_at = time.monotonic() + SECONDS_FOR_ALL
    while time.monotonic() < ends_at and queue.is_anything_due(timezone.now()) and lock.acquire():
        try:
            send_all(send_with(Guard.of_settings()), ends_at=ends_at)
        finally:
            _release(lock.release)


def _release(release: Callable[[], object]) -> None:
    try:
        release()
    except LockError:
        return  # it took longer than the lock lasts, and somebody else has it


def send_all(send: Send, *, ends_at: float) -> None:
    """Send until nothing is due, or until a moment of the monotonic clock.

    Args:
        send: Makes one attempt, in a thread.
        ends_at: Nothing is begun after it.
    """
    under_way: dict[Future[Outcome], Parcel] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            room = AT_ONCE - len(under_way)
            taken = queue.take(timezone.now(), room) if room and time.monotonic() < ends_at else []
            under_way |= {pool.submit(send, parcel): parcel for parcel in taken}
            if not under_way:
                return
            done, _ = wait(under_way, timeout=LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                queue.settle(under_way.pop(future), future.result(), timezone.now())
