"""What becomes of the reminders of one person that are due: told one by one, told together, or held back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

LATE_FROM = dt.timedelta(minutes=15)
"""One that is later than this was missed: nobody told people for a while, or it was held back."""
MOST_MISSED_ALONE = 3
"""More missed ones than this come together."""


@dataclass(frozen=True)
class DueReminder:
    """What counts when it is decided how a reminder is told."""

    id: UUID
    moment: dt.datetime
    """When it was to be told; aware."""
    is_urgent: bool


@dataclass(frozen=True)
class Plan:
    """What is told now, and what later."""

    notices: tuple[tuple[UUID, ...], ...]
    """Each a message of its own; one with several reminders is a digest of what was missed."""
    held: tuple[UUID, ...]
    """Kept until the quiet hours are over."""


def plan_notices(due: Sequence[DueReminder], now: dt.datetime, *, is_quiet: bool) -> Plan:
    """Hold back what is not urgent in quiet hours, and put what was missed together when it is much.

    Args:
        due: All of one person, each due at or before ``now``.
        now: Aware moment.
        is_quiet: Whether the person has quiet hours now.
    """
    ordered = sorted(due, key=lambda each: (each.moment, each.id))
    told = [each for each in ordered if each.is_urgent or not is_quiet]
    held = tuple(each.id for each in ordered if is_quiet and not each.is_urgent)
    missed = tuple(each.id for each in told if now - each.moment > LATE_FROM)
    if len(missed) <= MOST_MISSED_ALONE:
        return Plan(tuple((each.id,) for each in told), held)
    on_time = tuple((each.id,) for each in told if each.id not in set(missed))
    return Plan((missed, *on_time), held)
