"""How rows are sent at most once, or once more when nobody knows: for mail and for notifications of browsers.

A worker takes a row for a short lease, sends it, and settles what became of it. A worker that dies in between leaves a
row that may have arrived. It is sent once more, marked ``may_be_repeated``: it is better to hear of a reminder twice
than not at all. When that attempt ends in the dark as well, it is left at ``uncertain``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from tasks_app.models.outgoing import Outgoing

if TYPE_CHECKING:
    from uuid import UUID

State = Outgoing.State
Row = TypeVar("Row", bound=Outgoing)

LEASE = dt.timedelta(seconds=60)
"""Longer than the job of one row may take."""
MAX_ATTEMPTS = 150
"""With the pauses between them a day: the longest outage that a row outlives."""
LONGEST_PAUSE_SECONDS = 600.0
BATCH_SIZE = 500


@dataclass(frozen=True)
class Sent:
    """It was taken by whoever carries it on."""


@dataclass(frozen=True)
class NotSent:
    """It surely did not arrive and may be tried again."""

    code: str
    retry_after_seconds: float | None = None
    """Given by the other side when it wants us to slow down."""


@dataclass(frozen=True)
class Unclear:
    """It may have arrived: the answer is missing."""

    code: str


@dataclass(frozen=True)
class Refused:
    """It did not arrive and never will."""

    code: str


Delivery: TypeAlias = Sent | NotSent | Unclear | Refused


def pause_after(attempts: int) -> float:
    """Seconds until the next one: twice as long each time, to ten minutes."""
    return min(2.0 ** max(attempts - 1, 0), LONGEST_PAUSE_SECONDS)


def lease(row: Row | None, now: dt.datetime, interrupted: str, reason_against: Callable[[Row], str]) -> Row | None:
    """Take a row that may be sent now.

    Args:
        row: Locked; None when it is gone.
        now: Aware moment.
        interrupted: The code for a worker that died with it.
        reason_against: The code of why it is not to be sent any more; empty when it is.

    Returns:
        None when it is done with, is to wait, or another worker is at work on it.
    """
    if row is None or not _is_free(row, now):
        return None
    if row.state == State.SENDING:
        _note_interruption(row, interrupted)
    if row.state == State.PENDING and (code := reason_against(row)):
        row.state, row.error_code = State.FAILED, code
    if row.state == State.PENDING:
        row.state, row.lease_until = State.SENDING, now + LEASE
    row.save()
    return row if row.state == State.SENDING else None


def note_delivery(row: Outgoing, delivery: Delivery, now: dt.datetime, *, most_attempts: int = MAX_ATTEMPTS) -> None:
    """Set what became of a row that was taken; it is not saved yet."""
    row.lease_until = None
    pause: float | None = None
    match delivery:
        case Sent():
            row.state, row.sent_at, row.error_code = State.SENT, now, ""
        case Refused(code):
            row.state, row.error_code = State.FAILED, code
        case Unclear(code):
            _note_interruption(row, code)
        case NotSent(code, pause):
            row.attempts += 1
            row.error_code = code
            row.state = State.PENDING if row.attempts < most_attempts else State.FAILED
    if row.state == State.PENDING:
        seconds = pause_after(row.attempts) if pause is None else pause
        row.next_attempt_at = now + dt.timedelta(seconds=seconds)


@transaction.atomic
def take_stalled(rows: QuerySet[Row], now: dt.datetime) -> list[UUID]:
    """Those that should have been sent by now, to enqueue; one whose job waits in the queue is left to that.

    Must run in the transaction that enqueues them.
    """
    waits = Q(state=State.PENDING, next_attempt_at__lte=now) & (Q(lease_until=None) | Q(lease_until__lt=now))
    stalled = rows.filter(waits | Q(state=State.SENDING, lease_until__lt=now))
    taken = stalled.order_by("next_attempt_at").select_for_update(skip_locked=True)[:BATCH_SIZE]
    ids = [row.pk for row in taken]
    rows.filter(pk__in=ids, state=State.PENDING).update(lease_until=now + LEASE)
    return ids


def _is_free(row: Outgoing, now: dt.datetime) -> bool:
    if row.state == State.SENDING:
        return row.lease_until is None or row.lease_until < now
    return bool(row.state == State.PENDING and row.next_attempt_at <= now)


def _note_interruption(row: Outgoing, code: str) -> None:
    """It may have arrived: once more, and not a third time."""
    row.error_code, row.lease_until = code, None
    row.state = State.UNCERTAIN if row.may_be_repeated else State.PENDING
    row.may_be_repeated = True
