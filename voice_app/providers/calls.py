"""One call of a link, in this thread or in one that can be left behind when it does not come back in time."""

from __future__ import annotations

import contextvars
import threading
import time
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from django.utils import timezone

from voice_app.providers.errors import ProviderError
from voicebot.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_app.providers.base import Availability, Deadline
    from voice_app.providers.breaker import Admission, Breaker

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

MOST_CALLS = 32
"""Threads of this process that may be at work for providers at once, those left behind included."""
_places = threading.BoundedSemaphore(MOST_CALLS)


@dataclass(frozen=True)
class Link(Generic[Answer]):
    """An engine at its place in a chain, with one question for it."""

    place: int
    """From 1."""
    name: str
    ask: Callable[[Deadline], Answer]
    availability: Callable[[], Availability]
    model: str = ""
    breaker: Breaker | None = None
    """None for an engine inside the program."""
    needs_seconds: float = 0.0
    """What an engine inside the program takes; the links before it leave it that much."""
    refusal: str = ""
    """Why it cannot take this question, as an attempt's error code; empty when it can."""

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves the machine."""
        return self.breaker is None


class Call(Generic[Answer]):
    """A link at work.

    Args:
        link: Whom to ask.
        deadline: When the answer is no longer wanted.
        admission: What the link's breaker said.
    """

    def __init__(self, link: Link[Answer], deadline: Deadline, admission: Admission) -> None:
        self.link = link
        self.deadline = deadline
        self.started_at = timezone.now()
        self.answer: Answer | None = None
        self.error: AppError | None = None
        self._admission = admission
        self._began_at = time.monotonic()
        self._ended_at: float | None = None
        self._is_left = False
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        """From its beginning to its end, or to now."""
        return (self._ended_at or time.monotonic()) - self._began_at

    def run(self, ended: SimpleQueue[Call[Answer]]) -> None:
        """Ask, and put the call into the queue when there is an answer or an error."""
        try:
            self.answer = self.link.ask(self.deadline)
        except AppError as error:
            self.error = error
        except Exception:
            log.exception("engine_raised", engine=self.link.name)
            self.error = AppError() if self.link.is_local else ProviderError(provider=self.link.name)
        with self._lock:
            self._ended_at = time.monotonic()
            is_left = self._is_left
        if is_left:
            self.judge(self.error)
        ended.put(self)

    def start(self, ended: SimpleQueue[Call[Answer]]) -> bool:
        """The same in a thread of its own; False when too many are at work."""
        places = _places
        if not places.acquire(blocking=False):
            return False

        def run() -> None:
            try:
                self.run(ended)
            finally:
                places.release()

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(run,), name=f"engine-{self.link.name}", daemon=True).start()
        return True

    def judge(self, error: AppError | None) -> None:
        """Tell the breaker what came of it."""
        if self.link.breaker is None:
            return
        if error is None:
            self.link.breaker.succeed(self._admission)
        else:
            self.link.breaker.fail(self._admission, error)

    def leave(self) -> None:
        """Its answer is no longer wanted; how it ends still tells something about the provider."""
        with self._lock:
            self._is_left = True
            is_over = self._ended_at is not None
        if is_over:
            self.judge(self.error)

    def forgo(self) -> None:
        """It was not begun after all."""
        if self.link.breaker is not None:
            self.link.breaker.release(self._admission)
