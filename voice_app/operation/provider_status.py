"""How every engine does, for whoever runs the program: on or off and why, paused or not, how fast, at what cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Q, Sum
from django.utils import timezone
from psycopg_pool import PoolTimeout

from voice_app.asking.spending import KINDS, today
from voice_app.models import ProviderUsage, StageRecord
from voice_app.operation.percentile import Percentile
from voice_app.providers import registry
from voice_app.providers.breaker import Breaker, BreakerReading
from voice_app.providers.registry import LOCAL, Kind

WINDOW = dt.timedelta(hours=24)
SETTINGS = {Kind.SPEECH: "VOICE_STT", Kind.LANGUAGE: "VOICE_LLM"}


@dataclass(frozen=True)
class Numbers:
    """What an engine did in the last 24 hours, and what it cost today."""

    answers: int = 0
    errors: int = 0
    median_seconds: float | None = None
    """Of answers and failures; None when there was none."""
    slow_seconds: float | None = None
    """Nineteen in twenty were faster."""
    cost_today_usd: float = 0.0


@dataclass(frozen=True)
class ProviderStatus:
    """One engine in one kind of chain."""

    kind: Kind
    name: str
    model: str
    """Empty for one that chooses by itself."""
    off_reason: str
    """Why it is not asked, and what to do about it; empty when it is."""
    breaker: BreakerReading | None
    """None for an engine inside the program."""
    numbers: Numbers

    @property
    def full_name(self) -> str:
        """As its breaker is named."""
        return f"{self.kind}:{self.name}"

    @property
    def is_on(self) -> bool:
        """Whether it is asked."""
        return not self.off_reason


@dataclass(frozen=True)
class ProvidersSeen:
    """All engines that there are, those of the chains first."""

    providers: tuple[ProviderStatus, ...]
    has_numbers: bool
    """False when the database is away."""


def look_at_providers(*, has_database: bool = True) -> ProvidersSeen:
    """Every engine that there is; nothing is asked of any.

    Args:
        has_database: False where it is known to be away, since waiting for it takes long.
    """
    try:
        numbers = _numbers() if has_database else None
    except (DatabaseError, PoolTimeout):
        numbers = None
    seen = [status_of(kind, name, numbers or {}) for kind in Kind for name in _names(kind)]
    return ProvidersSeen(tuple(seen), has_numbers=numbers is not None)


def status_of(kind: Kind, name: str, numbers: Mapping[tuple[str, str], Numbers]) -> ProviderStatus:
    """One engine as it is now.

    Args:
        kind: What it does.
        name: As the chains name it.
        numbers: Of all engines, by kind and name.
    """
    return ProviderStatus(
        kind,
        name,
        registry.model_name(kind, name),
        why_off(kind, name, registry.chain_names(kind)),
        Breaker(f"{kind}:{name}").read() if name != LOCAL else None,
        numbers.get((kind.value, name), Numbers()),
    )


def why_off(kind: Kind, name: str, chain: Sequence[str]) -> str:
    """Why an engine of a chain is not asked; empty when it is."""
    availability = registry.find_engine(kind, name).availability()
    if not availability.ok:
        return availability.reason
    return "" if name in chain else f"{SETTINGS[kind]} does not name it."


def _names(kind: Kind) -> list[str]:
    return list(dict.fromkeys((*registry.chain_names(kind), *registry.known_names(kind))))


def _numbers() -> dict[tuple[str, str], Numbers]:
    costs = _costs_today()
    asked = StageRecord.objects.at_engines().filter(stage__in=KINDS, started_at__gt=timezone.now() - WINDOW)
    rows = (
        asked.exclude(outcome=StageRecord.Outcome.SKIPPED)
        .order_by()
        .values("stage", "provider")
        .annotate(
            answers=Count("pk", filter=Q(outcome=StageRecord.Outcome.OK)),
            errors=Count("pk", filter=Q(outcome=StageRecord.Outcome.FAILED)),
            median=Percentile("seconds", fraction=0.5),
            slow=Percentile("seconds", fraction=0.95),
        )
    )
    found = {(KINDS[row["stage"]].value, row["provider"]): row for row in rows}
    read = partial(_read, found, costs)
    return {key: read(key) for key in {*found, *costs}}


def _read(
    found: Mapping[tuple[str, str], Mapping[str, Any]], costs: Mapping[tuple[str, str], float], key: tuple[str, str]
) -> Numbers:
    row, cost = found.get(key), costs.get(key, 0.0)
    if row is None:
        return Numbers(cost_today_usd=cost)
    return Numbers(int(row["answers"]), int(row["errors"]), row["median"], row["slow"], cost)


def _costs_today() -> dict[tuple[str, str], float]:
    rows = ProviderUsage.objects.filter(day=today()).order_by().values("provider").annotate(sum=Sum("cost_usd"))
    split = ((row["provider"].partition(":"), row["sum"]) for row in rows)
    return {(kind, name): float(cost) for (kind, _, name), cost in split}
