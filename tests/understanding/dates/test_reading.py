"""Spans, zones, summer time, settings, doubts and hostile texts."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_app.understanding.dates import find_times, read_times
from voice_app.understanding.dates.lexicon import expand, fold, language_codes, load_lexicon, phrases

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY = dt.datetime(2026, 11, 25, 10, 0, tzinfo=BERLIN)
LANGUAGES = sorted(language_codes())


def due(text: str, said_at: dt.datetime = WEDNESDAY, language: str = "en", **options: object) -> object:
    timing = read_times(text, language, said_at, **options)  # type: ignore[arg-type]  # each option has its own type
    return timing and timing.due


def test_words_and_offsets_are_those_of_the_text() -> None:
    text = "call Mum tomorrow at 5 about the flat"
    (reading,) = find_times(text, "en", WEDNESDAY)
    assert text[reading.start_char : reading.end_char] == reading.words == "tomorrow at 5"


def test_offsets_hold_with_accents_and_emoji() -> None:
    text = "🎂 Übung für Zoë übermorgen um 17 Uhr"
    (reading,) = find_times(text, "de", WEDNESDAY)
    assert reading.words == "übermorgen um 17 Uhr"


def test_day_and_time_said_apart_are_one_moment() -> None:
    timing = read_times("at 3 call the dentist on Friday", "en", WEDNESDAY)
    assert timing is not None
    assert timing.due == dt.datetime(2026, 11, 27, 15, 0, tzinfo=BERLIN)
    assert len(timing.spans) == 2


def test_readings_do_not_overlap_and_are_in_order() -> None:
    readings = find_times("Monday call Ann, Tuesday call Ben and on Friday at 3 call Carl", "en", WEDNESDAY)
    ends = [reading.end_char for reading in readings]
    starts = [reading.start_char for reading in readings]
    assert len(readings) == 3
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_offset_of_the_answer_is_that_of_its_own_day() -> None:
    before_change = dt.datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    answer = due("tomorrow at 9", before_change)
    assert isinstance(answer, dt.datetime)
    assert answer.isoformat() == "2026-03-29T09:00:00+02:00"


def test_a_time_that_summer_time_leaves_out_moves_on() -> None:
    answer = due("tomorrow at 02:30", dt.datetime(2026, 3, 7, 12, 0, tzinfo=NEW_YORK), language="de")
    assert isinstance(answer, dt.datetime)
    assert answer.isoformat() == "2026-03-08T03:30:00-04:00"


def test_hours_run_through_the_change_of_clocks() -> None:
    answer = due("in 3 hours", dt.datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN))
    assert isinstance(answer, dt.datetime)
    assert answer.isoformat() == "2026-10-25T03:00:00+01:00"


def test_days_keep_the_time_of_day_through_the_change_of_clocks() -> None:
    answer = due("in 1 day and 2 hours", dt.datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN))
    assert isinstance(answer, dt.datetime)
    assert answer.isoformat() == "2026-10-25T14:00:00+01:00"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-US", dt.date(2027, 3, 4)), ("en-GB", dt.date(2027, 4, 3)), (None, dt.date(2027, 3, 4))],
)
def test_numeric_dates_follow_the_locale(locale: str | None, expected: dt.date) -> None:
    timing = read_times("3/4", "en", WEDNESDAY, locale=locale)
    assert timing is not None
    assert timing.due == expected
    assert timing.alternatives, "the other order is offered"


def test_next_friday_depends_on_the_first_day_of_the_week() -> None:
    sunday = dt.datetime(2026, 11, 22, 10, 0, tzinfo=BERLIN)
    assert due("next friday", sunday) == dt.date(2026, 11, 27)
    assert due("next friday", sunday, week_starts_on=6) == dt.date(2026, 12, 4)


def test_next_friday_is_explained() -> None:
    sunday = dt.datetime(2026, 11, 22, 10, 0, tzinfo=BERLIN)
    timing = read_times("next Friday", "en", sunday)
    assert timing is not None
    assert timing.explanation == '"next Friday" said on Sunday 22 Nov is Friday 27 Nov'


def test_a_weekday_said_on_that_day_is_next_weeks_and_offers_today() -> None:
    timing = read_times("wednesday", "en", WEDNESDAY)
    assert timing is not None
    assert timing.due == dt.date(2026, 12, 2)
    assert [other.start for other in timing.alternatives] == [dt.date(2026, 11, 25)]


def test_an_hour_without_half_of_the_day_offers_the_other() -> None:
    timing = read_times("friday at 3", "en", WEDNESDAY)
    assert timing is not None
    assert [other.start for other in timing.alternatives] == [dt.datetime(2026, 11, 27, 3, 0, tzinfo=BERLIN)]


def test_said_at_night_an_hour_is_the_coming_one() -> None:
    night = dt.datetime(2026, 11, 25, 1, 0, tzinfo=BERLIN)
    assert due("at 3", night) == dt.datetime(2026, 11, 25, 3, 0, tzinfo=BERLIN)


def test_a_length_beside_other_words_is_no_due_date() -> None:
    timing = read_times("run for 30 minutes", "en", WEDNESDAY)
    assert timing is None or timing.due is None


def test_a_timer_is_due_when_it_is_over() -> None:
    assert due("set a timer for 5 minutes") == dt.datetime(2026, 11, 25, 10, 5, tzinfo=BERLIN)


def test_past_times_say_so() -> None:
    (reading,) = find_times("two days ago", "en", WEDNESDAY)
    assert reading.is_past


def test_a_growing_text_keeps_its_day() -> None:
    words = ["dentist", "on", "friday", "at", "three", "thirty", "pm", "with", "the", "x-rays"]
    seen = [due(" ".join(words[:count])) for count in range(3, len(words) + 1)]
    days = {answer.date() if isinstance(answer, dt.datetime) else answer for answer in seen}
    assert days == {dt.date(2026, 11, 27)}


def test_an_unknown_language_is_read_as_english() -> None:
    assert due("tomorrow", language="xx") == dt.date(2026, 11, 26)


def test_groups_in_phrases_are_expanded() -> None:
    assert expand("n(a|b|)x") == ["nax", "nbx", "nx"]
    assert phrases("a(b|c)|d") == ["ab", "ac", "d"]


@given(st.text(max_size=60))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=120), language=st.sampled_from(LANGUAGES))
def test_no_text_raises(text: str, language: str) -> None:
    for reading in find_times(text, language, WEDNESDAY):
        assert text[reading.start_char : reading.end_char] == reading.words


def vocabulary(language: str) -> list[str]:
    """Every phrase of a language's file."""
    found: list[str] = []
    todo = [(load_lexicon(language).root, "")]
    while todo:
        node, words = todo.pop()
        found += [words] if node.senses else []
        todo += [(child, f"{words} {word}".strip()) for word, child in node.next.items()]
    return sorted(found)


NUMBERS = [
    "0",
    "1",
    "2",
    "12",
    "30",
    "31",
    "99",
    "3rd",
    "15.",
    "2026",
    "12:30",
    "25:99",
    "5/6",
    "31.12.2026",
    "9.30",
    "-",
    ",",
]


@settings(deadline=None, max_examples=150)
@given(data=st.data(), language=st.sampled_from(LANGUAGES))
def test_no_row_of_known_words_raises_or_depends_on_anything_else(data: st.DataObject, language: str) -> None:
    words = st.lists(st.sampled_from(vocabulary(language) + NUMBERS * 20), max_size=12)
    text = " ".join(data.draw(words))
    assert find_times(text, language, WEDNESDAY) == find_times(text, language, WEDNESDAY)


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_trouble(year: int) -> None:
    assert find_times("in 3 days", "en", dt.datetime(year, 1, 1, tzinfo=dt.UTC)) == []


def test_a_rule_that_never_comes_has_no_first_day() -> None:
    timing = read_times("every february 30", "en", WEDNESDAY)
    assert timing is None or timing.due is None or timing.rrule is None or "BYMONTHDAY=30" not in timing.rrule
