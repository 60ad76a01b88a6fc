from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bots.telegram.keyboards import NotOurButton
from bots.telegram.snoozing import day_rows, snooze_rows, snoozed_until

BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        ("10m", "2026-11-22T12:10+01:00"),
        ("1h", "2026-11-22T13:00+01:00"),
        ("1d", "2026-11-23T12:00+01:00"),
        ("eve", "2026-11-22T18:00+01:00"),
        ("d3", "2026-11-25T09:00+01:00"),
    ],
)
def test_each_choice_is_a_moment(word: str, moment: str) -> None:
    assert snoozed_until(word, NOON.astimezone(dt.UTC), BERLIN) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize("word", ["", "pick", "d", "d12", "d²", "10", "x"])
def test_no_other_word_is_a_moment(word: str) -> None:
    with pytest.raises(NotOurButton):
        snoozed_until(word, NOON, BERLIN)


def test_tomorrow_keeps_the_time_on_the_clock_when_the_clocks_change() -> None:
    before = dt.datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    assert snoozed_until("1d", before, BERLIN).isoformat() == "2026-10-25T12:00:00+01:00"


def test_every_button_stands_for_a_moment() -> None:
    rows = [
        *snooze_rows("s", 1)[0],
        *snooze_rows("s", 1)[1][:1],
        *(one for row in day_rows(NOON, "s", 1) for one in row),
    ]
    moments = [snoozed_until(one["data"].rpartition(":")[2], NOON, BERLIN) for one in rows]
    assert all(moment > NOON for moment in moments)


def test_the_evening_is_offered_while_it_lies_ahead() -> None:
    assert day_rows(NOON, "s")[0][0]["text"] == "Today, 18:00"
    assert day_rows(NOON.replace(hour=18), "s")[0][0]["text"] == "Mon 23 Nov, 09:00"
