"""Links of a chain that do what a test wants of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from voice_app.errors import NoSpeech
from voice_app.providers.attempts import Attempt
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.breaker import Admission, Breaker, BreakerRules
from voice_app.providers.calls import Link
from voice_app.providers.errors import ProviderError
from voice_app.types import NOTHING_USED, Usage
from voicebot.errors import AppError

LONG_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What a link says."""

    by: int
    usage: Usage = NOTHING_USED


@dataclass(frozen=True)
class OpenDoor(Breaker):
    """A breaker that only notes what it is told."""

    name: str = "test"
    rules: BreakerRules = field(default_factory=lambda: BreakerRules(3, 30.0))
    is_paused: bool = False
    told: list[str] = field(default_factory=list)

    def admit(self, probe_seconds: float) -> Admission:
        return Admission(not self.is_paused, retry_after_seconds=7.0)

    def succeed(self, admission: Admission) -> None:
        self.told.append("ok")

    def fail(self, admission: Admission, error: AppError) -> None:
        self.told.append(error.code)

    def release(self, admission: Admission) -> None:
        self.told.append("released")


@dataclass
class Stage:
    """Makes links, and keeps what was asked of them and recorded."""

    asked: list[int] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    """Set at the end of a test, so that what hangs comes back."""

    def link(self, place: int, kind: str, *, seconds: float = 0.0, is_local: bool = False) -> Link[Answer]:
        """A link that answers, ``off``, ``paused``, ``slow``, hears nothing, or fails with the class of that name."""

        def ask(until: Deadline) -> Answer:
            self.asked.append(place)
            if kind == "slow":
                self.over.wait(LONG_SECONDS)
            elif seconds:
                self.over.wait(seconds)
            return self._end(place, kind)

        return Link(
            place,
            f"p{place}",
            ask,
            lambda: Availability(ok=kind != "off", reason="" if kind != "off" else "no key"),
            breaker=None if is_local else OpenDoor(is_paused=kind == "paused"),
        )

    def _end(self, place: int, kind: str) -> Answer:
        if kind in {"answers", "slow"}:
            return Answer(place)
        if kind in {"silence", "heard nothing"}:
            raise NoSpeech
        if kind == "bug":
            raise ZeroDivisionError
        raise ERRORS[kind](provider=f"p{place}")


ERRORS: dict[str, type[ProviderError]] = {
    cls.code: cls for cls in ProviderError.__subclasses__() if cls.code != "provider_paused"
}


def seconds_of(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.monotonic()
    act()
    return time.monotonic() - began
