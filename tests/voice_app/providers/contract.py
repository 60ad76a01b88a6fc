"""What every provider must do with every kind of trouble, whatever it speaks.

A provider joins with a :class:`ProviderCase` in the table of ``test_contract.py``; its troubles are the common ones
below and those of its own wire format.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.fakes.outcomes import Delivery, Outcome, OutcomeServer
from voice_app.providers.base import Deadline
from voice_app.providers.errors import (
    ProviderAnswerUnusable,
    ProviderError,
    ProviderKeyRefused,
    ProviderModelMissing,
    ProviderOverloaded,
    ProviderRateLimited,
    ProviderRequestRefused,
    ProviderTimedOut,
    ProviderUnreachable,
)
from voice_app.types import Usage
from voicebot.errors import AppError

SPOKEN = "call Anna about the inheritance"
"""What the person says in every case; it must not turn up in an error or a log."""


@dataclass(frozen=True)
class Answered:
    """What came back: the text, and what it took."""

    text: str
    usage: Usage


@dataclass(frozen=True)
class Rig:
    """A provider, warmed up, and the server that it speaks to."""

    server: OutcomeServer
    ask: Callable[[Deadline], Answered]
    """Asks once, with :data:`SPOKEN` in the request where it has words."""
    key: str
    """The secret that it was given."""


@dataclass(frozen=True)
class Trouble:
    """One way to fail, and the error that it must become."""

    name: str
    outcome: Outcome
    error: type[AppError]
    retry_after: float | None = None
    seconds: float = 5.0
    """The deadline."""


@dataclass(frozen=True)
class ProviderCase:
    """A provider under the contract."""

    name: str
    """Of the case, for the test's id."""
    provider: str
    """As errors name it."""
    model: str
    open: Callable[[], AbstractContextManager[Rig]]
    is_paid: bool
    """Whether its model has a price."""
    own_troubles: tuple[Trouble, ...] = ()
    """In its own format: empty, wrong types, refusal, a tool that does not exist, no credit."""

    def troubles(self) -> tuple[Trouble, ...]:
        """All that it must bear."""
        return (*COMMON_TROUBLES, *self.own_troubles)


_SHORT_SECONDS = 0.2

COMMON_TROUBLES: tuple[Trouble, ...] = (
    Trouble("400", Outcome(status=400), ProviderRequestRefused),
    Trouble("401", Outcome(status=401), ProviderKeyRefused),
    Trouble("403", Outcome(status=403), ProviderKeyRefused),
    Trouble("404-model", Outcome(status=404), ProviderModelMissing),
    Trouble("413", Outcome(status=413), ProviderRequestRefused),
    Trouble("422", Outcome(status=422), ProviderRequestRefused),
    Trouble("429", Outcome(status=429), ProviderRateLimited),
    Trouble("429-told", Outcome(status=429, headers={"Retry-After": "7"}), ProviderRateLimited, retry_after=7.0),
    Trouble("500", Outcome(status=500), ProviderError),
    Trouble("503-told", Outcome(status=503, headers={"Retry-After": "2"}), ProviderOverloaded, retry_after=2.0),
    Trouble("529", Outcome(status=529), ProviderOverloaded),
    Trouble("error-page", Outcome(status=502, raw=b"<html>", headers={"Content-Type": "text/html"}), ProviderError),
    Trouble("slow-headers", Outcome(delivery=Delivery.SLOW_HEADERS), ProviderTimedOut, seconds=_SHORT_SECONDS),
    Trouble("trickled-headers", Outcome(delivery=Delivery.TRICKLED_HEADERS), ProviderTimedOut, seconds=_SHORT_SECONDS),
    Trouble("slow-body", Outcome(delivery=Delivery.SLOW_BODY), ProviderTimedOut, seconds=_SHORT_SECONDS),
    Trouble("reset", Outcome(delivery=Delivery.RESET), ProviderUnreachable),
    Trouble("closed", Outcome(delivery=Delivery.CLOSED), ProviderUnreachable),
    Trouble("invalid-json", Outcome(raw=b'{"text": "call Anna'), ProviderAnswerUnusable),
    Trouble("not-an-object", Outcome(raw=b"[]"), ProviderAnswerUnusable),
    Trouble("nested", Outcome(raw=b"[" * 100_000), ProviderAnswerUnusable),
    Trouble("nested-error", Outcome(status=500, raw=b"[" * 100_000), ProviderError),
    Trouble("no-body", Outcome(raw=b""), ProviderAnswerUnusable),
    Trouble("page", Outcome(raw=b"<html>", headers={"Content-Type": "text/html"}), ProviderAnswerUnusable),
    Trouble("huge", Outcome(raw=b'{"text": "' + b"call " * 400_000 + b'"}'), ProviderAnswerUnusable),
)
