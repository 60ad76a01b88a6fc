"""One worker at a time for one person: a PostgreSQL advisory lock that dies with its connection.

A worker that is killed gives its lock up at once, so there is no lease to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_LOCK_CLASS = 0x766F6963
"""Keeps these locks apart from others in the same database; any fixed number does."""


@contextmanager
def hold_person(user_id: int) -> Iterator[bool]:
    """Hold the person's lock; yields False at once when another worker has it.

    The connection that took the lock gives it up, though Django may have another one by then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, user_id])
        held = bool(cursor.fetchone()[0])
    holder = connection.connection
    try:
        yield held
    finally:
        if held and not holder.closed:
            holder.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, user_id])
