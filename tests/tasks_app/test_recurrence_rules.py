"""The next occurrence against dateutil's own rules, and across every change of the clocks to come."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import resolve_imaginary

from tasks_app.errors import RecurrenceInvalid
from tasks_app.recurrence import (
    first_occurrence,
    next_after_completion,
    next_occurrence,
    occurrences_between,
    parse_recurrence,
)

CASES = 10_000
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata")]
FIRST_DAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


def _rule(dice: random.Random) -> str:
    frequency = dice.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = [f"FREQ={frequency}", f"INTERVAL={dice.randint(1, 5)}"]
    if frequency == "WEEKLY" and dice.random() < 0.7:
        parts.append("BYDAY=" + ",".join(sorted(dice.sample(DAYS, dice.randint(1, 4)))))
    if frequency == "MONTHLY" and dice.random() < 0.8:
        last, nth = f"BYMONTHDAY={dice.choice((1, 15, 28, 29, 30, 31, -1, -2))}", dice.choice((1, 2, 3, 4, 5, -1))
        workday = f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={dice.choice((1, -1))}"
        parts.append(dice.choice((last, f"BYDAY={nth}{dice.choice(DAYS)}", workday)))
    if frequency == "YEARLY" and dice.random() < 0.5:
        parts.append(f"BYMONTH={dice.randint(1, 12)};BYMONTHDAY={dice.randint(1, 28)}")
    return ";".join(parts)


def test_ten_thousand_cases_agree_with_dateutil() -> None:
    dice = random.Random(20261122)  # the same cases each time, nothing secret
    for _ in range(CASES):
        text, zone = _rule(dice), dice.choice(ZONES)
        day = FIRST_DAY + dt.timedelta(days=dice.randint(0, 1500))
        begin = dt.datetime.combine(day, dt.time(dice.randint(4, 23), dice.choice((0, 30))))
        times = iter(rrulestr(text, dtstart=begin))
        start = next(times)
        done = start + dt.timedelta(days=dice.choice((-3, 0, 1, 10, 100)), hours=dice.randint(-3, 3))
        count = dice.choice((None, 1, 2, 5))
        recurrence = parse_recurrence(text + (f";COUNT={count}" if count else ""))
        found = next_occurrence(recurrence, start, zone, has_time=True, after=done.replace(tzinfo=zone))
        passed, expected = next(
            (number, each)
            for number, each in enumerate(times, 1)
            if each.replace(tzinfo=zone).timestamp() > done.replace(tzinfo=zone).timestamp()
        )
        if count and passed >= count:
            assert found is None, (text, start, done)
        else:
            assert found, (text, start, done)
            assert found.local == expected, (text, start, done)
            assert found.recurrence.count == (count - passed if count else None)


def _fine_rule(dice: random.Random) -> str:
    """One that comes round within the day, with some of all that can limit it."""
    frequency = dice.choice(("HOURLY", "MINUTELY", "SECONDLY"))
    least = {"HOURLY": 1, "MINUTELY": 1, "SECONDLY": 60}[frequency]
    parts = [f"FREQ={frequency}", f"INTERVAL={dice.choice((least, dice.randint(least, 100), dice.randint(100, 2000)))}"]
    limits = {
        "BYMONTH": "1,3,12", "BYDAY": "MO,TH", "BYMONTHDAY": "1,15,-1", "BYYEARDAY": "1,100,-1",
        "BYHOUR": "0,9,17", "BYMINUTE": "0,15,45" if frequency == "HOURLY" else "0,7,30,31",
    }  # fmt: skip
    parts += [f"{name}={values}" for name, values in limits.items() if dice.random() < 0.25]
    if frequency == "HOURLY" and "BYMINUTE" in "".join(parts) and dice.random() < 0.5:
        parts.append(f"BYSETPOS={dice.choice((1, -1))}")
    return ";".join(parts)


def test_rules_within_the_day_agree_with_dateutil() -> None:
    dice = random.Random(20261124)
    compared = 0
    for _ in range(100):
        text = _fine_rule(dice)
        begin = dt.datetime.combine(
            FIRST_DAY, dt.time(dice.randint(0, 23), dice.choice((0, 7, 30)), dice.choice((0, 5)))
        )
        end = begin + dt.timedelta(days=70)
        try:
            expected = rrulestr(text, dtstart=begin).between(begin, end, inc=True)[:40]
        except ValueError:  # as dateutil says that a rule never comes
            expected = []
        found, _steps = occurrences_between(
            parse_recurrence(text), begin, ZoneInfo("UTC"), first=begin, last=end, most_steps=40
        )
        assert found == expected, (text, begin)
        compared += len(found)
    assert compared > 1000


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MINUTELY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30;BYHOUR=3;BYMINUTE=5",
        "FREQ=SECONDLY;INTERVAL=61;BYDAY=MO;BYHOUR=3;BYMINUTE=0;BYSECOND=59;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1",
    ],
)
def test_a_rule_within_the_day_that_never_comes_is_refused(text: str) -> None:
    begin = dt.datetime.combine(FIRST_DAY, dt.time())
    with pytest.raises(RecurrenceInvalid):
        first_occurrence(parse_recurrence(text), begin, ZoneInfo("UTC"))


def _days_of_change(zone: ZoneInfo) -> Iterator[dt.date]:
    """The days of the next two years on which the clocks of a zone are changed."""
    noons = [dt.datetime.combine(FIRST_DAY + DAY * number, dt.time(12), zone) for number in range(731)]
    for one, other in itertools.pairwise(noons):
        if one.utcoffset() != other.utcoffset():
            yield from (one.date(), other.date())


def test_done_years_late_it_agrees_with_dateutil_as_well() -> None:
    dice = random.Random(20261123)
    finer = (
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=HOURLY;INTERVAL=25;BYDAY=MO",
        "FREQ=MINUTELY;INTERVAL=50;BYHOUR=9,17",
        "FREQ=SECONDLY;INTERVAL=4000",
        "FREQ=DAILY;INTERVAL=3;BYHOUR=8,20;BYMINUTE=15",
    )
    rarer = ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31", "FREQ=YEARLY;BYWEEKNO=53")
    for number in range(300):
        text = dice.choice(finer + rarer) if number % 2 else _rule(dice)
        begin = dt.datetime.combine(FIRST_DAY, dt.time(9, 30)) + dt.timedelta(days=dice.randint(0, 1500))
        start = next(iter(rrulestr(text, dtstart=begin)))
        done = start + dt.timedelta(days=dice.randint(300, 3000))
        found = next_occurrence(
            parse_recurrence(text), start, ZONES[0], has_time=True, after=done.replace(tzinfo=dt.UTC)
        )
        assert found, (text, start, done)
        assert found.local == rrulestr(text, dtstart=start).after(done), (text, start, done)


def test_what_was_passed_over_for_decades_is_not_looked_at_one_by_one() -> None:
    quarters = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE=0,15,30,45"
    start, done = (
        dt.datetime.combine(dt.date(1970, 1, 2), dt.time()),
        dt.datetime(2026, 11, 22, 10, 0, 30, tzinfo=dt.UTC),
    )
    for text in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYDAY=SU"):
        found = next_occurrence(parse_recurrence(f"{text};{quarters}"), start, ZONES[0], has_time=True, after=done)
        assert found
        assert found.local == dt.datetime.combine(FIRST_DAY, dt.time(10, 15))


def test_every_change_of_the_clocks_in_two_years() -> None:
    daily = parse_recurrence("FREQ=DAILY")
    zones = {ZoneInfo(name) for name in available_timezones()}
    changes = [(zone, day) for zone in zones for day in _days_of_change(zone)]
    assert len({zone.key for zone, _ in changes}) > 100
    for zone, day in changes:
        for clock in (dt.time(0, 0), dt.time(1, 30), dt.time(2, 30), dt.time(3, 0)):
            local = dt.datetime.combine(day - DAY, clock)
            for _ in range(3):
                moment = resolve_imaginary(local.replace(tzinfo=zone)).astimezone(dt.UTC)
                found = next_occurrence(daily, local, zone, has_time=True, after=moment)
                assert found, (zone.key, local)
                assert found.local == local + DAY, (zone.key, local)
                local = found.local


def test_after_completion_counts_from_the_day_it_was_done() -> None:
    dice = random.Random(7)  # the same cases each time, nothing secret
    for _ in range(500):
        text, zone = _rule(dice), dice.choice(ZONES)
        start = dt.datetime.combine(FIRST_DAY, dt.time(9))
        done = dt.datetime.combine(FIRST_DAY + DAY * dice.randint(-20, 200), dt.time(22), zone)
        found = next_after_completion(parse_recurrence(text), start, zone, done_at=done)
        anchor = dt.datetime.combine(done.date(), start.time())
        assert found, text
        assert found.local == next(each for each in rrulestr(text, dtstart=anchor) if each.date() > done.date()), text


def test_after_completion_each_time_takes_one_off_the_count() -> None:
    recurrence, start = parse_recurrence("FREQ=WEEKLY;BYDAY=MO;COUNT=2"), dt.datetime(2026, 11, 23, 9)  # noqa: DTZ001  # time on a clock
    done = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    found = next_after_completion(recurrence, start, ZoneInfo("UTC"), done_at=done)
    assert found
    assert (found.local, found.recurrence.count) == (dt.datetime(2026, 11, 30, 9), 1)  # noqa: DTZ001  # time on a clock
    assert next_after_completion(found.recurrence, found.local, ZoneInfo("UTC"), done_at=done) is None


def test_an_hourly_rule_counts_from_the_minute_it_was_done() -> None:
    done = dt.datetime(2026, 11, 25, 12, 34, 56, tzinfo=dt.UTC)
    start = dt.datetime(2026, 11, 23, 9)  # noqa: DTZ001  # time on a clock
    found = next_after_completion(parse_recurrence("FREQ=HOURLY;INTERVAL=4"), start, ZoneInfo("UTC"), done_at=done)
    assert found
    assert found.local == dt.datetime(2026, 11, 25, 16, 34)  # noqa: DTZ001  # time on a clock
