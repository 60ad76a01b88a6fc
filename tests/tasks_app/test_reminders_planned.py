"""How the reminders of one person that are due are told, decided without a database; a year passes in some zones."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from tasks_app.clock import localise
from tasks_app.models import Task
from tasks_app.recurrence import next_occurrence, parse_recurrence
from tasks_app.reminders import moment_of
from tasks_app.reminders.plan import DueReminder, plan_notices
from tasks_app.reminders.quiet import end_of_quiet

NOW = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
BEAT = dt.timedelta(minutes=15)
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "America/Havana",
)  # fmt: skip


def _due(*minutes_late: int, is_urgent: bool = False) -> list[DueReminder]:
    return [DueReminder(uuid.uuid4(), NOW - dt.timedelta(minutes=late), is_urgent) for late in minutes_late]


def _sizes(due: Sequence[DueReminder], *, is_quiet: bool = False) -> list[int]:
    return [len(ids) for ids in plan_notices(due, NOW, is_quiet=is_quiet).notices]


@pytest.mark.parametrize(
    ("minutes_late", "sizes"),
    [
        ((), []),
        ((0, 1, 2, 3, 15), [1, 1, 1, 1, 1]),
        ((16, 60, 600), [1, 1, 1]),
        ((16, 17, 18, 19), [4]),
        ((0, 16, 17, 18, 15, 9999), [4, 1, 1]),
    ],
)
def test_many_that_were_missed_come_together(minutes_late: tuple[int, ...], sizes: list[int]) -> None:
    assert _sizes(_due(*minutes_late)) == sizes


def test_the_digest_goes_from_the_first_to_the_last() -> None:
    due = _due(20, 90, 30, 60)
    (ids,) = plan_notices(due, NOW, is_quiet=False).notices
    assert list(ids) == [due[n].id for n in (1, 3, 2, 0)]


def test_only_what_is_urgent_is_told_in_quiet_hours() -> None:
    due, urgent = _due(0, 20, 30), _due(5, is_urgent=True)
    plan = plan_notices(due + urgent, NOW, is_quiet=True)
    assert plan.notices == ((urgent[0].id,),)
    assert set(plan.held) == {each.id for each in due}


NIGHT = (dt.time(22), dt.time(7))


@pytest.mark.parametrize(
    ("local", "hours", "end"),
    [
        ("2026-11-23T21:59", NIGHT, None),
        ("2026-11-23T22:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T00:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T06:59", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T07:00", NIGHT, None),
        ("2026-11-24T13:30", (dt.time(13), dt.time(14)), "2026-11-24T14:00"),
        ("2026-11-24T14:00", (dt.time(13), dt.time(14)), None),
        ("2026-11-24T14:00", (dt.time(13), dt.time(13)), None),
        ("2026-11-24T14:00", (None, None), None),
        ("2026-03-29T01:59", NIGHT, "2026-03-29T07:00"),  # the clocks go forward at 2
        ("2026-03-29T01:59", (dt.time(1), dt.time(2, 30)), "2026-03-29T03:30"),  # an end that does not come
        ("2026-10-25T01:00", (dt.time(1), dt.time(2, 30)), "2026-10-25T02:30"),  # one that comes twice
    ],
)
def test_quiet_hours(local: str, hours: tuple[dt.time | None, dt.time | None], end: str | None) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = end_of_quiet(localise(dt.datetime.fromisoformat(local), berlin), berlin, *hours)
    assert (found and found.astimezone(berlin).strftime("%Y-%m-%dT%H:%M")) == end


@pytest.mark.parametrize("zone_name", ZONES)
def test_a_year_of_every_day_at_nine(zone_name: str) -> None:
    """A daily task is told once on each day, when the clock says nine, and what falls into the night at its end."""
    zone = ZoneInfo(zone_name)
    night = (dt.time(23, 30), dt.time(6, 15))
    nine, late = _moments(zone, dt.time(9)), _moments(zone, dt.time(0, 30))
    ahead = [DueReminder(uuid.uuid4(), moment, is_urgent=False) for moment in sorted([*nine, *late], reverse=True)]
    due: dict[uuid.UUID, DueReminder] = {}
    told: list[tuple[dt.datetime, dt.datetime]] = []
    now = ahead[-1].moment
    while ahead or due:
        while ahead and ahead[-1].moment <= now:
            each = ahead.pop()
            due[each.id] = each
        if due:
            plan = plan_notices(list(due.values()), now, is_quiet=end_of_quiet(now, zone, *night) is not None)
            told += [(due.pop(key).moment, now) for ids in plan.notices for key in ids]
        now += BEAT
    clock = [(moment.astimezone(zone).time(), at.astimezone(zone).time()) for moment, at in told]
    assert clock.count((dt.time(9), dt.time(9))) == 365
    assert sum(at == dt.time(6, 15) for moment, at in clock if moment.hour < 2) == 365
    assert len({at.astimezone(zone).date() for _, at in told}) == 365


def _moments(zone: ZoneInfo, time: dt.time) -> list[dt.datetime]:
    """When a task that recurs each day is told on the 365 days from the first of the year on."""
    rule, local = parse_recurrence("FREQ=DAILY"), dt.datetime.combine(dt.date(2026, 1, 1), time)
    moments: list[dt.datetime] = []
    for _ in range(365):
        task = Task(due_on=local.date(), due_time=time, due_at=localise(local, zone), zone=zone.key)
        moment = moment_of(task, dt.timedelta(0))
        assert moment is not None
        moments.append(moment)
        following = next_occurrence(rule, local, zone, has_time=True, after=moment)
        assert following is not None
        local = dt.datetime.combine(following.local.date(), time)
    return moments
