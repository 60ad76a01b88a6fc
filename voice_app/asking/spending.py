"""What engines of others cost, counted for each person and day, and the budgets that it is held against.

Days and months are those of UTC, as the providers' bills have them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from voice_app.asking.recall import CACHE
from voice_app.models import BudgetNotice, ProviderUsage, StageRecord, VoiceCommand
from voice_app.providers.attempts import Attempt, Skipped
from voice_app.providers.errors import ProviderBudgetSpent
from voice_app.providers.registry import LOCAL, Kind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tasks_app.models import User


KINDS = {"transcribe": Kind.SPEECH, "understand": Kind.LANGUAGE}
"""The stages that ask engines, and the engines' kind."""


class Period(StrEnum):
    """How long a budget lasts."""

    DAY = "day"
    MONTH = "month"

    def begins_on(self, day: dt.date) -> dt.date:
        """Its first day, of the period that a day is in."""
        return day if self is Period.DAY else day.replace(day=1)


class Whose(StrEnum):
    """Whose spending a budget bounds."""

    USER = "user"
    ALL = "all"


@dataclass(frozen=True)
class Budget:
    """So much may be spent."""

    whose: Whose
    period: Period
    limit_usd: float


@dataclass
class _Counts:
    """What is added to a row of :class:`ProviderUsage`; its columns, in order."""

    calls: int = 0
    errors: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    audio_seconds: float = 0.0
    cost_usd: float = 0.0

    def add(self, record: StageRecord) -> None:
        self.calls += 1
        self.errors += record.outcome == StageRecord.Outcome.FAILED
        self.input_tokens += record.input_tokens
        self.cached_tokens += record.cached_tokens
        self.output_tokens += record.output_tokens
        self.audio_seconds += record.audio_seconds
        self.cost_usd += float(record.cost_usd)


_ADD = """
INSERT INTO voice_app_providerusage AS known
  (day, user_id, provider, calls, errors, input_tokens, cached_tokens, output_tokens, audio_seconds, cost_usd)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id, day, provider) DO UPDATE SET
  calls = known.calls + excluded.calls,
  errors = known.errors + excluded.errors,
  input_tokens = known.input_tokens + excluded.input_tokens,
  cached_tokens = known.cached_tokens + excluded.cached_tokens,
  output_tokens = known.output_tokens + excluded.output_tokens,
  audio_seconds = known.audio_seconds + excluded.audio_seconds,
  cost_usd = known.cost_usd + excluded.cost_usd
"""


def count_usage(user_id: int, records: Iterable[StageRecord]) -> None:
    """Add what was asked of engines of others to their rows, within the transaction that keeps the records.

    A row is one person's, so nobody waits for another person's; several rows are locked in one order.

    Args:
        user_id: Who asked.
        records: Of one or more stages; those of whole stages and of engines inside the program count for nothing.
    """
    added: dict[tuple[dt.date, int, str], _Counts] = defaultdict(_Counts)
    for record in records:
        if record.stage in KINDS and _was_asked(record):
            provider = f"{KINDS[record.stage]}:{record.provider}"
            added[record.started_at.astimezone(dt.UTC).date(), user_id, provider].add(record)
    if not added:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [(*key, *astuple(counts)) for key, counts in sorted(added.items())])


def _was_asked(record: StageRecord) -> bool:
    """Whether an engine of others really got the question."""
    if record.link is None or record.provider in {LOCAL, CACHE}:
        return False
    return record.outcome != StageRecord.Outcome.SKIPPED or record.error_code == Skipped.OVERTAKEN


def list_budgets() -> tuple[Budget, ...]:
    """Those that the operator set, the longest period first, since it is what lasts."""
    named = (
        Budget(Whose.ALL, Period.MONTH, settings.BUDGET_MONTH_USD),
        Budget(Whose.USER, Period.MONTH, settings.BUDGET_USER_MONTH_USD),
        Budget(Whose.ALL, Period.DAY, settings.BUDGET_DAY_USD),
        Budget(Whose.USER, Period.DAY, settings.BUDGET_USER_DAY_USD),
    )
    return tuple(budget for budget in named if budget.limit_usd > 0)


def find_spent_budget(user_id: int, more_usd: float = 0.0) -> Budget | None:
    """The first budget that is spent for this person now; None when none is, or none is set.

    Args:
        user_id: Who would ask.
        more_usd: What was spent and is not counted yet.
    """
    return next(
        (budget for budget in list_budgets() if spent_usd(budget, user_id) + more_usd >= budget.limit_usd), None
    )


def spent_usd(budget: Budget, user_id: int | None = None) -> float:
    """What was spent of a budget in its present period.

    Args:
        budget: Any.
        user_id: Whose, where it is a person's.
    """
    rows = ProviderUsage.objects.filter(day__gte=budget.period.begins_on(today()))
    if budget.whose is Whose.USER and user_id is not None:
        rows = rows.filter(user_id=user_id)
    return sum_usd(rows)


def sum_usd(rows: QuerySet[ProviderUsage]) -> float:
    """The cost of rows together."""
    return float(rows.aggregate(sum=Sum("cost_usd"))["sum"] or 0)


def today() -> dt.date:
    """The day that is counted now."""
    return timezone.now().astimezone(dt.UTC).date()


@dataclass
class Purse:
    """One person's money while a chain is asked one question; what that costs counts before it is stored.

    Workers do not wait for each other: each may begin one call that another one's would have left no room for.
    """

    user_id: int
    _more_usd: float = 0.0

    def note(self, attempt: Attempt) -> None:
        """Count an attempt that is not stored yet."""
        self._more_usd += attempt.usage.cost_usd

    def refusal(self) -> ProviderBudgetSpent | None:
        """Why nothing more may be spent now; None when something may."""
        budget = find_spent_budget(self.user_id, self._more_usd)
        return ProviderBudgetSpent(period=budget.period, whose=budget.whose) if budget else None


def remark_on_budget(command: VoiceCommand) -> str:
    """What to tell a person whose command no engine of others was asked about, since a budget is spent.

    Returns:
        A sentence in the active language, once in a period; empty otherwise. Within the transaction of the reply.
    """
    if not list_budgets() or not _was_refused(command):
        return ""
    budget = find_spent_budget(command.user_id)
    if budget is None:
        return ""
    begins_on = budget.period.begins_on(today())
    _notice, is_new = BudgetNotice.objects.get_or_create(
        user_id=command.user_id, period=budget.period.value, begins_on=begins_on
    )
    if not is_new:
        return ""
    if budget.period is Period.DAY:
        return _("What may be spent on services is spent for today, so I go on alone and may understand less.")
    return _("What may be spent on services is spent for this month, so I go on alone and may understand less.")


def _was_refused(command: VoiceCommand) -> bool:
    return command.stages.at_engines().filter(error_code=ProviderBudgetSpent.code).exists()


def told_budgets(user: User | None = None) -> Sequence[tuple[Budget, float]]:
    """The budgets with what is spent of each; those of single persons only where one is given."""
    budgets = [budget for budget in list_budgets() if user or budget.whose is Whose.ALL]
    return [(budget, spent_usd(budget, user.pk if user else None)) for budget in budgets]
