"""Asks the links of a chain in order until one answers; docs/decisions tell why it waits as it does."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeAlias, TypeVar

import structlog
from django.conf import settings
from django.utils import timezone

from voice_app.providers.attempts import Attempt, AttemptOutcome, Recorder, Skipped, spent_in_vain
from voice_app.providers.base import Deadline
from voice_app.providers.breaker import Admission
from voice_app.providers.calls import Call, Link
from voice_app.providers.errors import ProviderPaused, ProviderTimedOut
from voice_app.types import NOTHING_USED, Usage
from voicebot.errors import AppError, ErrorCategory

log = structlog.get_logger(__name__)

HEAD_START_SECONDS = 0.25
"""What the links before it may take until the standby is asked as well."""
GRACE_SECONDS = 0.5
"""What they may still take once the standby has an answer."""
LEAST_SECONDS = 0.01
"""With less than that no provider is asked."""


class HasUsage(Protocol):
    """An answer that tells what it took."""

    @property
    def usage(self) -> Usage:
        """Tokens, seconds of sound, and money."""
        ...


Answer = TypeVar("Answer", bound=HasUsage)

Permit: TypeAlias = Callable[[str], AppError | None]
"""Given the name of a provider, why it must not be asked now; None when it may."""


def permit_all(_provider: str) -> None:
    """Every provider may be asked."""
    return


@dataclass(frozen=True)
class ChainRules:
    """How long a chain waits for whom."""

    timeout_seconds: float
    """For one provider's answer."""
    hedge_seconds: float = 0.0
    """After so long the next link is asked as well; 0 is never."""
    has_standby: bool = False
    """Whether an engine inside the program that comes later gets ready beside the providers before it."""

    @classmethod
    def from_settings(cls, *, has_standby: bool, more_seconds: float = 0.0) -> ChainRules:
        """As the operator set them, with so many seconds more for a question that takes longer."""
        timeout = settings.PROVIDER_TIMEOUT_SECONDS + more_seconds
        return cls(timeout, settings.PROVIDER_HEDGE_SECONDS, has_standby)


def first_answer(
    links: Sequence[Link[Answer]],
    *,
    deadline: Deadline,
    rules: ChainRules,
    record: Recorder,
    otherwise: AppError,
    permit: Permit = permit_all,
) -> Answer:
    """The first good answer.

    A link that is off, cannot take the question, may not be asked or is paused is passed over. Each provider gets a
    fair part of the time that remains and is left behind when it takes longer, whether it heeds its deadline or not.

    Args:
        links: In the order in which they are asked.
        deadline: Held to a tenth of a second, unless an engine inside the program that is asked alone takes longer.
        rules: Time-outs, hedging and standby.
        record: Told of every link that was reached, asked or not.
        otherwise: The error when no link could be asked.
        permit: Whether a provider may be asked.

    Raises:
        voicebot.errors.AppError: The last link's error; at once what an engine inside the program finds wrong with the
            question itself. That a provider finds something wrong with it may be the provider's fault.
    """
    return _Race(links, deadline, rules, record, otherwise, permit).run()


class _Race(Generic[Answer]):
    """One question on its way along the links; nearly always only one of them is at work."""

    def __init__(
        self,
        links: Sequence[Link[Answer]],
        deadline: Deadline,
        rules: ChainRules,
        record: Recorder,
        otherwise: AppError,
        permit: Permit,
    ) -> None:
        self._deadline, self._rules, self._record, self._permit = deadline, rules, record, permit
        self._last_error = otherwise
        self._waiting = deque(links)
        self._running: list[Call[Answer]] = []
        self._ended: SimpleQueue[Call[Answer]] = SimpleQueue()
        self._next_at = time.monotonic()
        self._standby = next((link for link in links if link.is_local), None) if rules.has_standby else None
        self._standby_at = self._next_at + HEAD_START_SECONDS
        self._good: Call[Answer] | None = None
        self._good_until = 0.0
        """Until then a link before the good one may still answer and win."""

    def run(self) -> Answer:
        try:
            while not self._is_decided():
                self._start_what_is_due()
                if self._running:
                    self._await_news()
                elif not self._waiting and self._good is None:
                    raise self._last_error
            return self._take()
        finally:
            for call in self._running:
                self._note(call, AttemptOutcome.SKIPPED, Skipped.OVERTAKEN)
                call.leave()

    def _is_decided(self) -> bool:
        if self._good is None:
            return False
        has_better = bool(self._running) or any(self._is_turn(link) for link in self._waiting)
        return not has_better or time.monotonic() >= self._good_until

    def _take(self) -> Answer:
        call = self._good
        if call is None or call.answer is None:
            raise self._last_error
        self._note(call, AttemptOutcome.OK, "", call.answer.usage)
        return call.answer

    def _is_turn(self, link: Link[Answer]) -> bool:
        """Nobody after the standby is asked while it is at work or has answered; what is local waits for the others."""
        if link.is_local and self._running:
            return False
        calls = [*self._running, self._good] if self._good else self._running
        return all(link.place < call.link.place for call in calls if call.link is self._standby)

    def _start_what_is_due(self) -> None:
        now, standby = time.monotonic(), self._standby
        if standby is not None and standby in self._waiting and self._running and now >= self._standby_at:
            self._waiting.remove(standby)
            self._start(standby)
        elif self._waiting and (not self._running or now >= self._next_at) and self._is_turn(self._waiting[0]):
            self._start(self._waiting.popleft())

    def _start(self, link: Link[Answer]) -> None:
        self._next_at = time.monotonic()
        share = self._share_of(link)
        if hindrance := self._hindrance(link, share):
            self._skip(link, hindrance)
            return
        admission = link.breaker.admit(share.remaining_seconds + 1.0) if link.breaker else Admission(ok=True)
        if not admission.ok:
            self._skip(link, ProviderPaused(provider=link.name, retry_after=round(admission.retry_after_seconds, 1)))
            return
        self._begin(Call(link, share, admission))

    def _begin(self, call: Call[Answer]) -> None:
        """An engine inside the program runs in this thread, unless others are at work meanwhile."""
        is_alone = not self._running
        if call.link.is_local and is_alone:
            call.run(self._ended)
        elif not call.start(self._ended):
            if not call.link.is_local:
                call.forgo()
                self._skip(call.link, Skipped.TOO_MANY_CALLS)
                return
            call.run(self._ended)
        self._running.append(call)
        self._next_at = time.monotonic() + (self._rules.hedge_seconds or float("inf"))

    def _share_of(self, link: Link[Answer]) -> Deadline:
        """A fair part of what remains after what the engines inside the program need."""
        if link.is_local:
            return self._deadline
        remaining = self._deadline.remaining_seconds
        later = [other for other in self._waiting if not other.refusal and other.availability().ok]
        kept = min(sum(other.needs_seconds for other in later), remaining / 2)
        providers = 1 + sum(not other.is_local for other in later)
        return Deadline.after(min(self._rules.timeout_seconds, (remaining - kept) / providers))

    def _hindrance(self, link: Link[Answer], share: Deadline) -> AppError | str:
        """Why the link cannot be asked, as an error or an attempt's code; empty when it can."""
        if link.refusal or not link.availability().ok:
            return link.refusal or Skipped.OFF
        if not link.is_local and (refused := self._permit(link.name)) is not None:
            return refused
        is_quick = link.is_local and not link.needs_seconds
        return "" if is_quick or share.remaining_seconds >= LEAST_SECONDS else Skipped.NO_TIME

    def _skip(self, link: Link[Answer], why: AppError | str) -> None:
        if why == Skipped.NO_TIME:
            self._last_error = ProviderTimedOut(provider=link.name)
        elif isinstance(why, AppError):
            self._last_error = why
        code = why.code if isinstance(why, AppError) else str(why)
        self._record(Attempt(link.place, link.name, link.model, timezone.now(), 0.0, AttemptOutcome.SKIPPED, code))

    def _await_news(self) -> None:
        """Until a call ends or is late, or something else is due."""
        moments = [call.deadline.at_monotonic for call in self._running]
        if self._standby in self._waiting:
            moments.append(self._standby_at)
        if self._waiting and self._is_turn(self._waiting[0]):
            moments.append(self._next_at)
        if self._good is not None:
            moments.append(self._good_until)
        try:
            call = self._ended.get(timeout=max(0.0, min(moments) - time.monotonic()))
        except Empty:
            for late in [call for call in self._running if not call.deadline.remaining_seconds]:
                self._fail(late, ProviderTimedOut(provider=late.link.name))
            return
        if call in self._running:
            self._end(call)

    def _end(self, call: Call[Answer]) -> None:
        if call.error is not None:
            self._fail(call, call.error)
            return
        self._running.remove(call)
        call.judge(None)
        if self._good is not None:
            self._note(self._good, AttemptOutcome.SKIPPED, Skipped.OVERTAKEN)
        is_standby = call.link is self._standby
        self._good, self._good_until = call, time.monotonic() + (GRACE_SECONDS if is_standby else 0.0)

    def _fail(self, call: Call[Answer], error: AppError) -> None:
        self._running.remove(call)
        self._note(call, AttemptOutcome.FAILED, error.code, spent_in_vain(error))
        call.judge(error)
        if call.link.is_local and error.category is ErrorCategory.INVALID and not self._good:
            raise error
        log.warning("engine_failed", engine=call.link.name, code=error.code)
        self._last_error = error
        self._next_at = time.monotonic()

    def _note(self, call: Call[Answer], outcome: AttemptOutcome, code: str, usage: Usage = NOTHING_USED) -> None:
        link = call.link
        model = usage.model or link.model
        self._record(Attempt(link.place, link.name, model, call.started_at, call.seconds, outcome, code, usage))
