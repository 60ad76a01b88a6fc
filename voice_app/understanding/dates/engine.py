"""Reading a text: words to items, items through the stages of rules, what is left to dates and moments."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from voice_app.understanding.dates.calendar import FIRST_YEAR, LAST_YEAR, add_to_moment
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.explain import explain
from voice_app.understanding.dates.lexicon import known_language, load_lexicon
from voice_app.understanding.dates.reading import DateOrTime, TimeReading, Timing
from voice_app.understanding.dates.rules_clock import at_clocks, clocks, late_clocks
from voice_app.understanding.dates.rules_combine import combine
from voice_app.understanding.dates.rules_date import written_days
from voice_app.understanding.dates.rules_named import named_days
from voice_app.understanding.dates.rules_nth import edges, nth_days
from voice_app.understanding.dates.rules_number import lengths, numbers, sums
from voice_app.understanding.dates.rules_range import late_ranges, ranges
from voice_app.understanding.dates.rules_relative import relative
from voice_app.understanding.dates.rules_repeat import repeats
from voice_app.understanding.dates.rules_repeat_parts import late_repeats
from voice_app.understanding.dates.rules_spoken_clock import half_clocks
from voice_app.understanding.dates.rules_zone import zones
from voice_app.understanding.dates.settle import end_of, first_of, iso_duration, rule_of, settle
from voice_app.understanding.dates.timing import combine_readings
from voice_app.understanding.dates.tokens import Item, itemise, keep_near
from voice_app.understanding.dates.values import Length, Repeat, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.grammar import Stage

STAGES: tuple[Stage, ...] = (
    numbers,
    half_clocks,
    clocks,
    at_clocks,
    lengths,
    sums,
    repeats,
    late_clocks,
    zones,
    written_days,
    nth_days,
    named_days,
    edges,
    relative,
    ranges,
    combine,
    late_ranges,
    late_repeats,
    late_repeats,
)
READ = frozenset({"repeat", "remind", "when", "weak_range", "hour_clock", "length", "span", "weak_clock"})
"""Senses that may be an answer."""
MAX_READINGS = 12
"""Of a longer list of times only so many are read."""
PREFIXES = frozenset(
    {
        "at", "on", "in", "by", "until", "for", "from", "from_to", "starting", "within", "during", "between", "the",
        "due", "before", "after", "day_word", "part_mark",
    }
)  # fmt: skip
"""Words before a time that belong to it and not to the title."""


def find_times(
    text: str,
    language: str,
    said_at: dt.datetime,
    *,
    locale: str | None = None,
    week_starts_on: int = 0,
    prefer_future: bool = True,
) -> list[TimeReading]:
    """Every expression of time in a text, in order, none overlapping another.

    Args:
        text: what was said; read up to 2,000 characters.
        language: ISO 639-1 code; an unknown one is read as English.
        said_at: the moment of speaking, aware, in the speaker's zone.
        locale: decides the order of numeric dates ("en-US": month first); None for the language's usual one.
        week_starts_on: 0 is Monday; decides what "next week" and "next Friday" mean.
        prefer_future: read a bare weekday, month or date as the next one.
    """
    if not FIRST_YEAR < said_at.year < LAST_YEAR:
        return []
    lexicon = load_lexicon(known_language(language))
    items = itemise(text, lexicon)
    if not keep_near(items):
        return []
    order = order_of(locale) or lexicon.style.get("order", "dmy")
    context = Context(said_at, lexicon, order, week_starts_on, prefer_future)
    present = set().union(*[item.senses for item in items])
    for stage in STAGES:
        if not stage.starts_nothing(present):
            items = stage.apply(items, context, present)
    found = (_read(text, items, at, context) for at, item in enumerate(items) if not READ.isdisjoint(item.senses))
    return list(itertools.islice(filter(None, found), MAX_READINGS))


def order_of(locale: str | None) -> str | None:
    """The order of day, month and year in numeric dates of a locale; None when no country is named."""
    if not locale or len(locale) < 5:
        return None
    country = locale.replace("_", "-").split("-")[-1].upper()
    return {"US": "mdy", "PH": "mdy", "CN": "ymd", "JP": "ymd", "KR": "ymd", "HU": "ymd"}.get(country, "dmy")


def _read(text: str, items: list[Item], at: int, context: Context) -> TimeReading | None:
    item = items[at]
    senses = item.senses
    context.look(items, at, at + 1)
    if "repeat" in senses:
        return _read_repeat(text, items, at, context)
    if "remind" in senses:
        return _reading(
            text,
            items,
            at,
            kind="reminder",
            remind=(iso_duration(senses["remind"]),),
            explanation="a reminder before it is due",
        )
    if "when" in senses:
        if item.is_weak and not context.is_whole and not _is_placed(items, at):
            return None
        return _read_when(text, items, at, senses["when"], context)
    if "weak_range" in senses and context.is_whole:
        return _read_when(text, items, at, senses["weak_range"], context)
    if "hour_clock" in senses and context.style("bare_hours_are_clock") and _stands_alone(context):
        return _read_when(text, items, at, When(clock=senses["hour_clock"]), context)
    if "length" in senses:
        return _read_length(text, items, at, senses["length"], context)
    if "span" in senses and context.precedes("in", "until"):
        return _read_when(text, items, at, When(day=senses["span"]), context)
    if "weak_clock" in senses and context.is_whole:
        return _read_when(text, items, at, When(clock=senses["weak_clock"]), context)
    return None


def _is_placed(items: list[Item], at: int) -> bool:
    """A word that is seldom a time is one after a preposition, at the end of a phrase ("in may")."""
    before = items[at - 1].senses if at else {}
    firm = {"at", "on", "in", "by", "until", "starting", "from_to"} & before.keys() and "the" not in before
    return bool(firm) and (at + 1 == len(items) or not items[at + 1].is_word or bool(items[at + 1].senses))


def _stands_alone(context: Context) -> bool:
    return not context.precedes("for", "during", "duration_mark")


def _read_when(text: str, items: list[Item], at: int, when: When, context: Context) -> TimeReading | None:
    start, others = settle(when, context)
    if start is None:
        return None
    end = end_of(when, start, context)
    placed = place(when.day, context) if when.day else None
    has_time = isinstance(start, dt.datetime)
    grain: Any = when.grain or ("minute" if has_time else placed.grain if placed else "day")
    if when.clock and when.clock.has_seconds:
        grain = "second"
    confidence = 0.95 if not others else 0.8
    return _reading(
        text,
        items,
        at,
        kind="range" if end is not None else "point",
        start=start,
        end=end,
        grain=grain,
        has_time=has_time,
        alternatives=tuple(others),
        confidence=confidence,
        has_date=when.day is not None or when.moment is not None,
        is_past=when.is_past
        or (isinstance(start, dt.datetime) and start < context.said_at)
        or _day(start) < context.today,
        explanation=explain(text[items[at].start : items[at].end], start, others, context),
    )


def _day(start: DateOrTime) -> dt.date:
    return start.date() if isinstance(start, dt.datetime) else start


def _read_length(text: str, items: list[Item], at: int, length: Length, context: Context) -> TimeReading:
    """A bare length: it lasts so long; alone or after "timer" it is the moment when it is over."""
    sure = context.is_whole or any({"timer", "duration_mark"} & item.senses.keys() for item in items)
    sure = sure or (context.precedes("for") and not any(item.is_word and not item.senses for item in items[:at]))
    moment = add_to_moment(context.said_at, length)
    exact = length.is_exact_time
    return _reading(
        text,
        items,
        at,
        kind="duration",
        start=moment if exact else moment.date(),
        grain="minute" if exact else "day",
        has_time=exact,
        has_date=False,
        confidence=0.8 if sure else 0.3,
        explanation="a length of time, counted from now",
    )


def _read_repeat(text: str, items: list[Item], at: int, context: Context) -> TimeReading:
    repeat: Repeat = items[at].senses["repeat"]
    start, rule = first_of(repeat, context), rule_of(repeat, context)
    has_time = isinstance(start, dt.datetime)
    return _reading(
        text,
        items,
        at,
        kind="recurrence",
        start=start,
        rrule=rule,
        has_time=has_time,
        grain="minute" if has_time else "day",
        after_completion=repeat.after_completion,
        explanation=f"repeats: {rule}",
    )


def _reading(text: str, items: list[Item], at: int, **fields: Any) -> TimeReading:  # noqa: ANN401 - the fields of a reading
    """A reading over an item and the prepositions before it."""
    first = at
    while (
        first > 0
        and items[first - 1].is_word
        and not PREFIXES.isdisjoint(items[first - 1].senses)
        and not {"when", "repeat"} & items[first - 1].senses.keys()
    ):
        first -= 1
    start, end = items[first].start, items[at].end
    return TimeReading(start_char=start, end_char=end, words=text[start:end], **fields)


def read_times(
    text: str,
    language: str,
    said_at: dt.datetime,
    *,
    locale: str | None = None,
    week_starts_on: int = 0,
    prefer_future: bool = True,
) -> Timing | None:
    """The timing of one command: the readings of its text put together; None when it names no time.

    The arguments are those of :func:`find_times`.
    """
    readings = find_times(
        text, language, said_at, locale=locale, week_starts_on=week_starts_on, prefer_future=prefer_future
    )
    return combine_readings(readings) if readings else None
