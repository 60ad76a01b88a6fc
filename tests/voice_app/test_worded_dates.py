"""Dates in words of other programs' files: all of the words are a date, or nothing is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from voice_app.worded_dates import read_worded_date

SAID_AT = dt.datetime(2026, 11, 22, 13, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Sunday."""


@pytest.mark.parametrize(
    ("words", "language", "due", "rrule"),
    [
        ("tomorrow", "en", "2026-11-23", ""),
        ("Dec 3", "en", "2026-12-03", ""),
        ("every monday at 9", "en", "2026-11-23T09:00:00+01:00", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0"),
        ("jeden Tag", "de", "2026-11-22", "FREQ=DAILY"),
    ],
)
def test_words_that_are_a_date(words: str, language: str, due: str, rrule: str) -> None:
    meant = read_worded_date(words, language, SAID_AT)
    assert meant
    assert isinstance(meant.due, dt.date)
    assert (meant.due.isoformat(), meant.rrule) == (due, rrule)


@pytest.mark.parametrize("words", ["when the moon turns green", "tomorrow or never", "x" * 5000])
def test_words_that_are_more_than_a_date(words: str) -> None:
    assert read_worded_date(words, "en", SAID_AT) is None
