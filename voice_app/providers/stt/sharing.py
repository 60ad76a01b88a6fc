"""Engines say how much of a clip they have heard, to whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[float], None] | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Callable[[float], None]) -> Iterator[None]:
    """Let the engines that are asked inside tell a listener how far they are; it is called in their threads."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell_share(share: float) -> None:
    """An engine has heard so much of its clip, from 0 to 1."""
    listener = _listener.get()
    if listener is not None:
        listener(share)
