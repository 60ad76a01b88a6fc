"""``/metrics``: how the system does, in Prometheus' text format, for whoever holds the token.

The numbers are read from the queue and the database when they are asked for, so they are the same from
every process and survive a restart.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from voicebot.queues import queue_depths

log = structlog.get_logger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True)
class Sample:
    """One number at this moment."""

    value: float
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down."""

    name: str
    meaning: str
    samples: tuple[Sample, ...]


Collector: TypeAlias = Callable[[], Iterable[Gauge]]

_COLLECTORS: list[Collector] = []


def collector(function: Collector) -> Collector:
    """Mark a function in an application's ``metrics.py``: it is asked at every scrape."""
    _COLLECTORS.append(function)
    return function


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers; 404 without ``METRICS_TOKEN``, 401 without ``Authorization: Bearer <that token>``."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    autodiscover_modules("metrics")
    return HttpResponse("".join(_lines()), content_type=CONTENT_TYPE)


def _lines() -> Iterator[str]:
    """Of every collector that can answer; one whose server is away must not hide the others."""
    for collect in _COLLECTORS:
        try:
            gauges = list(collect())
        except (DatabaseError, PoolTimeout, RedisError) as error:
            log.warning("metrics_unavailable", collector=collect.__name__, error=type(error).__name__)
            continue
        for gauge in gauges:
            yield f"# HELP {gauge.name} {gauge.meaning}\n# TYPE {gauge.name} gauge\n"
            yield from (f"{gauge.name}{_labels(sample.labels)} {sample.value:g}\n" for sample in gauge.samples)


def _labels(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


@collector
def collect_queues() -> Iterable[Gauge]:
    """How many jobs wait."""
    samples = tuple(Sample(depth, {"queue": name}) for name, depth in queue_depths().items())
    return [Gauge("voicebot_queue_jobs", "Jobs waiting in each queue.", samples)]
