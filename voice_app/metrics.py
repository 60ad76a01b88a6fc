"""The pipeline's numbers for ``/metrics``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from voice_app.asking.spending import KINDS, today
from voice_app.models import ProviderUsage, StageRecord, VoiceCommand
from voice_app.operation.percentile import Percentile
from voice_app.providers import alerts, registry
from voice_app.providers.breaker import Breaker, BreakerState
from voicebot.metrics import Gauge, Sample, collector

WINDOW = dt.timedelta(hours=1)
QUANTILES = (0.5, 0.95)


@collector
def collect_commands() -> Iterable[Gauge]:
    """What is at work now, and how the commands of the last hour ended."""
    working = VoiceCommand.objects.filter(state__in=VoiceCommand.WORKING_STATES).order_by()
    ended = VoiceCommand.objects.filter(
        received_at__gt=timezone.now() - WINDOW, state__in=VoiceCommand.END_STATES
    ).order_by()
    return [
        _by_state("voicebot_commands_unfinished", "Commands at work, by state.", working),
        _by_state("voicebot_commands_ended_last_hour", "Commands of the last hour that ended, by state.", ended),
        Gauge(
            "voicebot_oldest_unfinished_seconds",
            "Age of the oldest command at work.",
            (Sample(_age(working.aggregate(oldest=Min("received_at"))["oldest"])),),
        ),
    ]


@collector
def collect_stages() -> Iterable[Gauge]:
    """How long each stage took in the last hour."""
    recent = StageRecord.objects.whole().filter(command__received_at__gt=timezone.now() - WINDOW).order_by()
    samples = tuple(
        Sample(row["seconds_at"], {"stage": row["stage"], "quantile": str(fraction)})
        for fraction in QUANTILES
        for row in recent.values("stage").annotate(seconds_at=Percentile("seconds", fraction=fraction))
    )
    return [Gauge("voicebot_stage_seconds_last_hour", "Seconds that a stage took, by stage and quantile.", samples)]


@collector
def collect_providers() -> Iterable[Gauge]:
    """Which providers are left alone just now, and which ones only the operator can mend."""
    names = registry.provider_names()
    is_paused = {name: Breaker(name).read().state is not BreakerState.CLOSED for name in names}
    wrong = alerts.list_alerts()
    return [
        Gauge(
            "voicebot_provider_paused",
            "1 while a provider is left alone after failures, by provider.",
            tuple(Sample(float(value), {"provider": name}) for name, value in is_paused.items()),
        ),
        Gauge(
            "voicebot_provider_needs_operator",
            "1 for what somebody has to mend at a provider, by provider and error code.",
            tuple(Sample(1.0, {"provider": alert.provider, "code": alert.code}) for alert in wrong),
        ),
    ]


@collector
def collect_attempts() -> Iterable[Gauge]:
    """How often each engine was asked or passed over in the last hour, and what the services cost today."""
    attempts = StageRecord.objects.at_engines().filter(started_at__gt=timezone.now() - WINDOW, stage__in=KINDS)
    counted = attempts.order_by().values("stage", "provider", "outcome").annotate(count=Count("pk"))
    costs = ProviderUsage.objects.filter(day=today()).order_by().values("provider").annotate(sum=Sum("cost_usd"))
    return [
        Gauge(
            "voicebot_provider_attempts_last_hour",
            "Engines that were asked or passed over, by provider and outcome.",
            tuple(
                Sample(
                    row["count"], {"provider": f"{KINDS[row['stage']]}:{row['provider']}", "outcome": row["outcome"]}
                )
                for row in counted
            ),
        ),
        Gauge(
            "voicebot_provider_cost_usd_today",
            "US dollars that a provider took since midnight UTC.",
            tuple(Sample(float(row["sum"]), {"provider": row["provider"]}) for row in costs),
        ),
    ]


def _by_state(name: str, meaning: str, commands: QuerySet[VoiceCommand]) -> Gauge:
    rows = commands.values("state").annotate(count=Count("pk"))
    return Gauge(name, meaning, tuple(Sample(row["count"], {"state": row["state"]}) for row in rows))


def _age(moment: dt.datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0
