"""Which of several bot processes polls: the one that holds a lock of PostgreSQL, which dies with its connection.

The lock belongs to a connection of its own, so a killed process gives it up as soon as the kernel closes the socket.
Two that poll all the same, as after a network that broke in the middle, do no harm: the intake knows every update.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import psycopg
from django.db import OperationalError, connections

_LOCK_CLASS = 0x706F6C6C
"""Keeps these locks apart from others in the same database; any fixed number does."""
_ANSWER_SECONDS = 5.0
_OF_DJANGO = frozenset({"context", "cursor_factory", "prepare_threshold"})


class PollingLease:
    """The right to poll for one bot.

    Args:
        bot_id: Which bot; each has a lease of its own.
    """

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._is_held = False

    async def hold(self) -> bool:
        """Take it or see that it is still ours; False while another process has it.

        Raises:
            django.db.OperationalError: The database is away, and the lease with it.
        """
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await self._hold()
        except (psycopg.Error, TimeoutError) as error:
            problem = OperationalError(type(error).__name__)
        await self.release()
        raise problem

    async def release(self) -> None:
        """Give it up, so that another process may take it at once."""
        connection, self._connection, self._is_held = self._connection, None, False
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()

    async def _hold(self) -> bool:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(autocommit=True, **_parameters())
        if self._is_held:
            await self._connection.execute("SELECT 1")
            return True
        lock = "SELECT pg_try_advisory_lock(%s, hashint8(%s))"
        row = await (await self._connection.execute(lock, [_LOCK_CLASS, self._bot_id])).fetchone()
        self._is_held = bool(row and row[0])
        return self._is_held


def _parameters() -> dict[str, Any]:
    """Where the database is, without what is Django's own way of using it."""
    given = connections["default"].get_connection_params()
    return {name: value for name, value in given.items() if name not in _OF_DJANGO}
