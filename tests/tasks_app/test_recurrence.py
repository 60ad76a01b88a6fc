"""Next occurrences, beside what dateutil says about the same rule on a clock."""

from __future__ import annotations

import datetime as dt
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.clock import localise
from tasks_app.errors import RecurrenceInvalid
from tasks_app.recurrence import Recurrence, first_occurrence, next_occurrence, parse_recurrence

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "America/Santiago",
    "Africa/Casablanca",
    "UTC",
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def on_clock(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # noqa: DTZ001  # a time on a clock has no zone


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if freq != "DAILY" and draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
        nth = draw(st.sampled_from(["", "1", "2", "-1"])) if freq == "MONTHLY" else ""
        parts.append("BYDAY=" + ",".join(nth + day for day in days))
    elif freq == "MONTHLY" and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -2]))}")
    ending = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if ending == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 9))}")
    elif ending == "UNTIL":
        parts.append(f"UNTIL={draw(st.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1))):%Y%m%d}")
    return ";".join(parts)


STARTS = st.datetimes(on_clock(2025, 1, 1), on_clock(2027, 12, 31)).map(
    lambda start: start.replace(second=0, microsecond=0)
)


def _by_dateutil(rule: str, start: dt.datetime, length: int) -> list[dt.datetime]:
    """The first occurrences; dateutil takes no bare date as the end, so that is applied here."""
    parts = dict(part.split("=") for part in rule.split(";"))
    last_day = parts.pop("UNTIL", "99991231")
    found = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start)
    return list(takewhile(lambda local: local.date() <= dt.date.fromisoformat(last_day), islice(found, length)))


@settings(max_examples=120, deadline=None)
@given(rule=rules(), start=STARTS, zone_name=st.sampled_from(ZONES))
def test_done_on_time_each_time_it_walks_the_whole_series(rule: str, start: dt.datetime, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    expected = _by_dateutil(rule, start, 8)
    if not expected:
        return
    walked = [expected[0]]
    recurrence = parse_recurrence(rule)
    while len(walked) < 8:
        at = localise(walked[-1], zone)
        following = next_occurrence(recurrence, walked[-1], zone, has_time=True, after=at)
        if following is None:
            break
        walked.append(following.local)
        recurrence = parse_recurrence(following.recurrence.text)
    assert walked == expected


@settings(max_examples=80, deadline=None)
@given(
    rule=rules(), start=STARTS, zone_name=st.sampled_from(ZONES), late=st.timedeltas(dt.timedelta(0), dt.timedelta(900))
)
def test_done_late_it_comes_next_after_that_moment(
    rule: str, start: dt.datetime, zone_name: str, late: dt.timedelta
) -> None:
    zone = ZoneInfo(zone_name)
    first = _by_dateutil(rule, start, 1)
    if not first:
        return
    done_at = localise(first[0], zone) + late
    series = _by_dateutil(rule, first[0], 1500)
    expected = next((local for local in series if localise(local, zone) > done_at), None)
    found = next_occurrence(parse_recurrence(rule), first[0], zone, has_time=True, after=done_at)
    assert (found and found.local) == expected
    if found and found.recurrence.count:
        assert found.recurrence.count == len(series) - series.index(found.local)


@settings(max_examples=200, deadline=None)
@given(rule=rules(), start=STARTS.map(lambda start: start.replace(hour=0, minute=0)), zone=st.sampled_from(ZONES))
def test_a_day_without_a_time_moves_to_another_day(rule: str, start: dt.datetime, zone: str) -> None:
    noon = localise(start + dt.timedelta(hours=12), ZoneInfo(zone))
    found = next_occurrence(parse_recurrence(rule), start, ZoneInfo(zone), has_time=False, after=noon)
    later = [local for local in _by_dateutil(rule, start, 50) if local > start]
    assert (found and found.local) == (later[0] if later else None)


def test_a_time_that_the_clocks_skip_comes_back_the_day_after() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = parse_recurrence("FREQ=DAILY")
    skipped = next_occurrence(
        rule,
        on_clock(2026, 3, 28, 2, 30),
        berlin,
        has_time=True,
        after=dt.datetime(2026, 3, 28, 2, 30, tzinfo=berlin),
    )
    assert skipped is not None
    assert localise(skipped.local, berlin).astimezone(berlin).isoformat() == "2026-03-29T03:30:00+02:00"
    day_after = next_occurrence(rule, skipped.local, berlin, has_time=True, after=localise(skipped.local, berlin))
    assert day_after is not None
    assert localise(day_after.local, berlin).astimezone(berlin).isoformat() == "2026-03-30T02:30:00+02:00"


def test_until_in_utc_is_read_on_the_tasks_clock() -> None:
    zone = ZoneInfo("America/New_York")
    rule = parse_recurrence("FREQ=DAILY;UNTIL=20261125T040000Z")
    start = on_clock(2026, 11, 23, 22, 0)
    found = next_occurrence(rule, start, zone, has_time=True, after=localise(start, zone))
    assert found is not None
    assert found.local == on_clock(2026, 11, 24, 22, 0)
    assert next_occurrence(rule, found.local, zone, has_time=True, after=localise(found.local, zone)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DAILY",
        "FREQ=",
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;INTERVAL=59",
        "FREQ=MINUTELY;BYSECOND=0,30",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=100000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20271399",
        "FREQ=HOURLY;BYMINUTE=60",
        "FREQ=HOURLY;BYSETPOS=0;BYMINUTE=5",
        "FREQ=HOURLY;BYSECOND=0,30;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=DAILY\nDTSTART:20260101T000000",
        "FREQ=DAILY;BYSETPOS=0;BYDAY=MO",
    ],
)
def test_refuses_what_is_not_a_rule(text: str) -> None:
    with pytest.raises(RecurrenceInvalid):
        parse_recurrence(text)


def test_refuses_a_day_that_never_comes() -> None:
    with pytest.raises(RecurrenceInvalid):
        first_occurrence(parse_recurrence("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), on_clock(2026, 1, 1), ZoneInfo("UTC"))


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("FREQ=DAILYWKMONTH;,BCUSP-+0123456789"), max_size=60))
def test_any_text_is_a_rule_or_a_named_error(text: str) -> None:
    try:
        rule = parse_recurrence("FREQ=MONTHLY;" + text)
    except RecurrenceInvalid:
        return
    assert isinstance(rule, Recurrence)
    assert parse_recurrence(rule.text) == rule
