"""Runs the asynchronous client inside synchronous processes: one event loop for each, with its connections kept."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

import structlog
from telegram import Bot

from bots.telegram.bot import make_bot

log = structlog.get_logger(__name__)

T = TypeVar("T")

_making = threading.Lock()
"""A cache makes two of what two threads ask for at once, and nobody would close the second."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on the process's own loop, from any thread but the loop's.

    Raises:
        BaseException: Whatever the work raises, time limits included; the work is cancelled then.
    """
    future = asyncio.run_coroutine_threadsafe(work, _own_loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def start(work: Coroutine[Any, Any, object]) -> None:
    """Let it run on the process's own loop while the caller goes on; what it raises is logged."""
    asyncio.run_coroutine_threadsafe(_logged(work), _own_loop())


def bot() -> Bot:
    """The process's own client; threads that ask for it at once get the same one."""
    with _making:
        return _bot(os.getpid())


def _own_loop() -> asyncio.AbstractEventLoop:
    with _making:
        return _loop(os.getpid())


@cache
def _loop(_process_id: int) -> asyncio.AbstractEventLoop:
    """A forked child has its parent's memory and not its threads, hence one for each process id."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="telegram-loop", daemon=True).start()
    return loop


@cache
def _bot(_process_id: int) -> Bot:
    return make_bot()


async def _logged(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except Exception:  # nobody waits for it, so nobody else would tell
        log.exception("telegram_work_raised")
