"""Leaves a provider that fails alone for a while; what one worker finds out holds for all of them.

The state lives in the Redis-protocol server: the key ``open`` is there while the provider is paused, and its
time to live is the pause. When it is gone, a provider that was paused is half-open: one worker gets the key
``probe`` and asks once; what comes of that closes the breaker or opens it again.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

import structlog
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from voice_app.providers import alerts
from voice_app.providers.errors import ProviderError, ProviderRequestRefused
from voicebot.errors import AppError, ErrorCategory
from voicebot.redis import redis_client

log = structlog.get_logger(__name__)

T = TypeVar("T")

OPERATOR_PAUSE_SECONDS = 300.0
"""For a wrong key, a spent quota or a missing model: somebody has to do something first."""
LONGEST_PAUSE_SECONDS = 600.0
"""However long a provider asks to be left alone."""
FORGET_AFTER_SECONDS = 86_400
SILENT_SERVER_SECONDS = 5.0
"""How long the Redis-protocol server is not asked again after it did not answer."""

_ADMIT = """
local pause = redis.call('PTTL', KEYS[2])
if pause > 0 then return {0, pause} end
local facts = redis.call('HMGET', KEYS[1], 'tripped', 'failures')
if facts[1] ~= '1' then
  if facts[2] then return {3, 0} end
  return {1, 0}
end
if redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[1]) then return {2, 0} end
return {0, math.max(1, redis.call('PTTL', KEYS[3]))}
"""
"""0 paused with the milliseconds to wait, 1 closed, 2 closed but for this one probe, 3 closed after failures."""

_FAIL = """
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('HSET', KEYS[1], 'last_error', ARGV[1], 'last_error_at', ARGV[2])
local tripped = redis.call('HGET', KEYS[1], 'tripped') == '1'
local pause = tonumber(ARGV[4])
if pause == 0 and (failures >= tonumber(ARGV[3]) or tripped) then pause = tonumber(ARGV[5]) end
if pause > 0 then
  redis.call('SET', KEYS[2], 1, 'PX', math.max(pause, redis.call('PTTL', KEYS[2])))
  redis.call('HSET', KEYS[1], 'tripped', 1)
  redis.call('DEL', KEYS[3])
end
redis.call('EXPIRE', KEYS[1], ARGV[6])
return pause
"""
"""Error code, moment, failures allowed, milliseconds to pause at once or 0, usual pause, seconds to remember."""


class BreakerState(StrEnum):
    """Whether a provider is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"
    """The pause is over, and the next question is a probe."""


@dataclass(frozen=True)
class BreakerReading:
    """A breaker as an operator sees it."""

    state: BreakerState = BreakerState.CLOSED
    until: dt.datetime | None = None
    """Aware; when the pause ends, while it is open."""
    failures: int = 0
    """In a row."""
    last_error: str = ""
    """Error code."""
    last_error_at: dt.datetime | None = None


@dataclass(frozen=True)
class Admission:
    """Whether a provider may be asked now."""

    ok: bool
    retry_after_seconds: float = 0.0
    is_clean: bool = False
    """Nothing is held against it, so that a success needs no telling."""
    is_probe: bool = False


@dataclass(frozen=True)
class BreakerRules:
    """When it opens, and for how long."""

    failures: int
    """In a row."""
    pause_seconds: float

    @classmethod
    def from_settings(cls) -> BreakerRules:
        """As the operator set them."""
        return cls(settings.BREAKER_FAILURES, settings.BREAKER_PAUSE_SECONDS)


_silent_until: dict[Callable[[], Redis], float] = {}
"""Servers that did not answer, with the moment on the monotonic clock until which they are not asked again."""


@dataclass(frozen=True)
class Breaker:
    """The breaker of one provider in one kind of chain.

    Args:
        name: ``stt:openai``, ``llm:claude``: one address may fail while the other answers.
        rules: When it opens.
        server: Gives the client of the Redis-protocol server; when it is away, everything is let through.
    """

    name: str
    rules: BreakerRules = field(default_factory=BreakerRules.from_settings)
    server: Callable[[], Redis] = redis_client

    def admit(self, probe_seconds: float) -> Admission:
        """Whether to ask now; half-open, only the first caller may.

        Args:
            probe_seconds: How long a probe may take before another one is let through.
        """
        milliseconds = max(1, round(probe_seconds * 1000))

        def ask(server: Redis) -> Admission:
            answer, wait = cast("list[int]", server.eval(_ADMIT, 3, *self._keys(), str(milliseconds)))
            return Admission(answer != 0, wait / 1000, is_clean=answer == 1, is_probe=answer == 2)  # noqa: PLR2004  # the script names its answers

        return self._try(ask, Admission(ok=True))

    def succeed(self, admission: Admission) -> None:
        """The provider answered as it should."""
        if not admission.is_clean:
            self.close()

    def close(self) -> None:
        """Forget its failures and what its operator was told, so that it is asked again."""
        self._try(lambda server: server.delete(*self._keys()), None)
        alerts.clear(self.name)

    def fail(self, admission: Admission, error: AppError) -> None:
        """The provider failed; what lies in the question or in a single bad answer does not count."""
        if isinstance(error, ProviderError) and error.needs_operator:
            alerts.raise_alert(self.name, error)
        if not _counts(error):
            self.release(admission)
            return
        numbers = [error.code, str(time.time()), self.rules.failures]
        pauses = [_milliseconds(self._pause_at_once(error)), _milliseconds(self.rules.pause_seconds)]
        arguments = [str(value) for value in (*numbers, *pauses, FORGET_AFTER_SECONDS)]
        pause = self._try(lambda server: server.eval(_FAIL, 3, *self._keys(), *arguments), 0)
        if pause:
            log.warning("breaker_opened", provider=self.name, code=error.code, seconds=pause / 1000)

    def release(self, admission: Admission) -> None:
        """A call ended without telling how the provider does: where it was the probe, another one may begin."""
        if admission.is_probe:
            self._try(lambda server: server.delete(self._keys()[2]), None)

    def read(self) -> BreakerReading:
        """The state now; closed when the server is away."""
        return self._try(self._read, BreakerReading())

    def _read(self, server: Redis) -> BreakerReading:
        facts_key, open_key, _ = self._keys()
        facts = cast("dict[str, str]", server.hgetall(facts_key))
        pause = server.pttl(open_key)
        state = BreakerState.OPEN if pause > 0 else BreakerState.CLOSED
        if state is BreakerState.CLOSED and facts.get("tripped"):
            state = BreakerState.HALF_OPEN
        now = dt.datetime.now(dt.UTC)
        return BreakerReading(
            state,
            now + dt.timedelta(milliseconds=pause) if pause > 0 else None,
            int(facts.get("failures", 0)),
            facts.get("last_error", ""),
            dt.datetime.fromtimestamp(float(facts["last_error_at"]), dt.UTC) if "last_error_at" in facts else None,
        )

    def _pause_at_once(self, error: AppError) -> float:
        """Seconds, or 0 where one failure is not enough."""
        if isinstance(error, ProviderError) and error.needs_operator:
            return OPERATOR_PAUSE_SECONDS
        told = error.details.get("retry_after")
        return min(float(told), LONGEST_PAUSE_SECONDS) if isinstance(told, int | float) and told > 0 else 0.0

    def _keys(self) -> tuple[str, str, str]:
        base = f"{settings.REDIS_KEY_PREFIX}:breaker:{self.name}"
        return base, f"{base}:open", f"{base}:probe"

    def _try(self, act: Callable[[Redis], T], otherwise: T) -> T:
        if time.monotonic() < _silent_until.get(self.server, 0.0):
            return otherwise
        try:
            return act(self.server())
        except RedisError as error:
            _silent_until[self.server] = time.monotonic() + SILENT_SERVER_SECONDS
            log.warning("breaker_unreachable", provider=self.name, error=type(error).__name__)
            return otherwise


_COUNTING = frozenset(
    {ErrorCategory.SERVER, ErrorCategory.UNREACHABLE, ErrorCategory.TIMEOUT, ErrorCategory.RATE_LIMIT}
)


def _counts(error: AppError) -> bool:
    """A single request that is refused may be the request's fault, so that it pauses nobody."""
    if not isinstance(error, ProviderError) or isinstance(error, ProviderRequestRefused):
        return False
    return error.needs_operator or error.category in _COUNTING


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
