"""What people say and when it means, by language: one readable table each in ``tables/``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voice_app.understanding.dates import Timing, find_times, read_times

TABLES = Path(__file__).parent / "tables"
SAID_AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def rows(pattern: str) -> list[tuple[str, str]]:
    found = []
    for path in sorted(TABLES.glob(pattern)):
        language = path.stem.rsplit("_", 1)[-1]
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [(language, line) for line in lines if line and not line.startswith("#")]
    return found


def moment(value: dt.date) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, dt.datetime) else value.isoformat()


def shown(timing: Timing | None) -> str:
    """A timing as the tables write it."""
    if timing is None:
        return "nothing"
    parts = []
    if timing.due is not None:
        parts.append(moment(timing.due) + (f" to {moment(timing.end)}" if timing.end else ""))
    if timing.rrule:
        parts.append(timing.rrule)
    parts += [f"remind {duration}" for duration in timing.remind]
    if timing.after_completion:
        parts.append("after completion")
    return "; ".join(parts) or "nothing"


@pytest.mark.parametrize(("language", "line"), rows("??.txt"))
def test_phrase_means_what_the_table_says(language: str, line: str) -> None:
    words, expected = line.split(" -> ")
    assert shown(read_times(words, language, SAID_AT)) == expected


@pytest.mark.parametrize(("language", "line"), rows("??.txt"))
def test_the_same_answer_twice(language: str, line: str) -> None:
    words, _, _ = line.partition(" -> ")
    assert find_times(words, language, SAID_AT) == find_times(words, language, SAID_AT)


@pytest.mark.parametrize(("language", "text"), rows("no_time_??.txt"))
def test_no_time_where_none_was_said(language: str, text: str) -> None:
    timing = read_times(text, language, SAID_AT)
    assert timing is None or timing.due is None


def test_tables_cover_every_language() -> None:
    languages = {language for language, _ in rows("??.txt")}
    assert languages >= {"en", "de", "fr", "es", "it", "pt", "nl", "ru"}
