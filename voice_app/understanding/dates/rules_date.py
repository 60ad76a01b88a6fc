"""Rules for dates in numbers and month names, and for the weeks, months and years next to today."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from voice_app.understanding.dates.calendar import (
    add_days,
    iso_week,
    make_date,
)
from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.days import DAYS, MONTHS, day_senses, shift_of, shift_unit
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_clock import clock_of_pair, clock_senses
from voice_app.understanding.dates.values import Day

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

written_days = Stage("written_days")
Numbers: TypeAlias = "tuple[str, tuple[int, ...], tuple[int, ...]]"


YEAR_DIGITS, CENTURY = 4, 100


def full_year(year: int, digits: int = YEAR_DIGITS) -> int:
    """A year of two digits in this century, from 70 on in the last one."""
    if digits > 2 or year >= CENTURY:
        return year
    return year + (1900 if year >= 70 else 2000)


def _date(
    year: int | None, month: int, dom: int, weekday: int | None = None, swapped: tuple[int, int] | None = None
) -> Senses | None:
    if not (1 <= month <= MONTHS and 1 <= dom <= DAYS) or make_date(year or 2024, month, dom) is None:
        return None
    return day_senses(Day(year=year, month=month, dom=dom, weekday=weekday, swapped=swapped))


@written_days.rule("date3")
def written_date(context: Context, value: Numbers) -> Senses | None:
    """2026-11-23, 23/11/2026, 11/23/26."""
    _, (first, second, third), digits = value
    if digits[0] == YEAR_DIGITS:
        return _date(first, second, third) or _date(first, third, second)
    if digits[2] == 1 or digits[0] > 2 or digits[2] == 3:
        return None
    year = full_year(third, digits[2])
    return _ordered(context, first, second, year)


def _ordered(context: Context, first: int, second: int, year: int | None) -> Senses | None:
    """Two numbers as day and month in the speaker's order; the other order where that is no date."""
    month_first = context.order == "mdy"
    month, dom = (first, second) if month_first else (second, first)
    swapped = (dom, month) if dom <= MONTHS and month != dom else None
    return _date(year, month, dom, swapped=swapped) or _date(year, dom, month)


@written_days.rule("pair year?")
def written_pair(context: Context, pair: Numbers, year: int | None) -> Senses | None:
    """23/11, 9/2012; 14.30 is a time and 15.10. a date, as the language has it."""
    separator, (first, second), digits = pair
    if separator == "," or context.follows("unit"):
        return None
    if digits[1] == YEAR_DIGITS and first <= MONTHS:
        return day_senses(Day(year=second, month=first)) if first else None
    if digits[0] == YEAR_DIGITS:
        return day_senses(Day(year=first, month=second)) if 1 <= second <= MONTHS else None
    if max(digits) > 2:
        return None
    clock = clock_of_pair(pair)
    if separator == "." and clock and year is None and not _is_dotted_date(context, second):
        return clock_senses(clock)
    return _ordered(context, first, second, year)


def _is_dotted_date(context: Context, second: int) -> bool:
    """Whether n.m is a date here and not a time."""
    return bool(context.style("dot_date") or context.precedes("on")) and 1 <= second <= MONTHS


@written_days.rule("num slash num")
def spaced_pair(context: Context, first: int, _slash: object, second: int) -> Senses | None:
    """15 / 2."""
    return _ordered(context, first, second, None) if max(first, second) <= DAYS else None


@written_days.rule(
    "dom|dom_ordinal day_word? month year?",
    "day_word dom|dom_ordinal month year?",
    "weekday dom|dom_ordinal month year?",
    "weekday day_word dom|dom_ordinal month year?",
    "dom_ordinal|dom month in year",
)
def day_then_month(context: Context, *_values: int | bool | None) -> Senses | None:
    """15 February 2016, Tuesday the 10th of January."""
    return _from_row(context)


@written_days.rule(
    "month dom|dom_ordinal year?",
    "weekday month dom|dom_ordinal year?",
    "year month dom|dom_ordinal",
    "year dom month",
    "dom year month",
    "month year dom",
)
def month_then_day(context: Context, *_values: int | None) -> Senses | None:
    """February 15, 2016; 2020/Sep/23."""
    if context.follows("am", "pm", "oclock", "month") and "digits" in context.row[-1].senses:
        return None
    if "weekday" in context.row[0].senses and context.found[0][2] == "month" and context.style("weekday_dom"):
        return None
    return _from_row(context)


def _from_row(context: Context) -> Senses | None:
    """The day whose parts the matched items are."""
    found = context.values()
    dom_item = next((context.items[index] for index, _, name in context.found if name in ("dom", "dom_ordinal")), None)
    if dom_item and "weekday" in dom_item.senses:
        return None
    month, dom = found.get("month"), found.get("dom_ordinal") or found.get("dom")
    return _date(found.get("year"), month, dom, found.get("weekday")) if month and dom else None


@written_days.rule("dom|dom_ordinal month year2", "weekday dom|dom_ordinal month year2")
def day_month_short_year(context: Context, *values: int) -> Senses | None:
    """18. Juli 14."""
    if context.follows("unit", "hour_mark", "oclock", "am", "pm", "month", "dash", "to", "minutes_to", "times"):
        return None
    before_year = context.items[context.items.index(context.row[-2]) : context.after]
    if any("comma" in item.senses for item in before_year):
        return None
    senses = _from_row(context)
    return day_senses(Day(values[-1], senses["day"].month, senses["day"].dom)) if senses else None


@written_days.rule("dom|dom_ordinal month_num year", "dom month_num year2")
def month_by_number(_context: Context, *values: int) -> Senses | None:
    """20 2 2014; am siebten vierten."""
    return _date(full_year(values[2], 4 if values[2] >= CENTURY else 2), values[1], values[0])


@written_days.rule("on dom dash month_num")
def dashed_date(context: Context, _on: object, dom: int, _dash: object, month: int) -> Senses | None:
    """Op 15-2."""
    return _date(None, month, dom) if context.style("dash_date") and context.order == "dmy" else None


@written_days.rule("dom month_num")
def bare_numbers(context: Context, dom: int, month: int) -> Senses | None:
    """31 10: a date where nothing else is said."""
    both = all("digits" in item.senses for item in context.row)
    return _date(None, month, dom) if both and context.is_whole and context.order == "dmy" else None


@written_days.rule("on|the dom of month_num")
def day_of_numbered_month(context: Context, _on: object, dom: int, _of: object, month: int) -> Senses | None:
    """El 17 del 11."""
    return _date(None, month, dom) if context.style("article_dom") and context.ends_phrase else None


@written_days.rule("weekday? dom_ordinal ordinal")
def ordinal_month(context: Context, weekday: int | None, dom: int, month: int) -> Senses | None:
    """Am siebten vierten."""
    return _date(None, month, dom, weekday) if context.style("ordinal_months") else None


@written_days.rule("month year", "month in year")
def month_and_year(_: Context, month: int, *rest: int) -> Senses:
    """October 2014."""
    return day_senses(Day(year=rest[-1], month=month))


@written_days.rule("ordinal month_word in? year", "ordinal month_word in? next_year")
def numbered_month(_context: Context, month: int, *rest: int) -> Senses | None:
    """The ninth month of 2022."""
    return day_senses(Day(year=rest[-1], month=month)) if 1 <= month <= MONTHS else None


@written_days.rule("last month_word in? year")
def last_month_of(_: Context, *rest: int) -> Senses:
    """The last month of 2013."""
    return day_senses(Day(year=rest[-1], month=MONTHS))


@written_days.rule("week_of_unit num", "week_number num")
def numbered_week(context: Context, _week: object, number: int) -> Senses | None:
    """Week 31."""
    if not isinstance(number, int) or not 1 <= number <= 53 or context.follows("unit", "month"):
        return None
    for year in (context.today.year, context.today.year + 1):
        monday = iso_week(year, number)
        if monday and add_days(monday, 6) >= context.today:
            return day_senses(Day(fixed=monday, last=add_days(monday, 6), grain="week"))
    return None


@written_days.rule("holiday year?", "holiday in year")
def holiday(_: Context, key: str, *rest: int | None) -> Senses:
    """Easter 2018."""
    return day_senses(Day(holiday=key, year=rest[-1] if rest else None))


@written_days.rule("holiday eve", "eve holiday")
def holiday_eve(context: Context, *_values: object) -> Senses | None:
    """Thanksgiving eve; накануне Нового года."""
    found = place(Day(holiday=context.values()["holiday"]), context)
    return day_senses(Day(fixed=add_days(found.first, -1))) if found else None


@written_days.rule("next|following|this|coming|last|after_next unit", "unit next|following|coming|last|after_next")
def shifted_unit(context: Context, *_values: object) -> Senses | None:
    """Next week, la semana que viene, this month, last year."""
    row = context.row
    unit = next(item.senses["unit"] for item in row if "unit" in item.senses)
    if (shift_of(row) == "last" and context.follows("of", "in")) or context.stands_after("num", "vague"):
        return None
    if unit == "day" and context.follows("dom"):
        return None
    if (
        "unit" in row[0].senses
        and context.after - context.at > len(row)
        and not {"next", "last"} & row[0].senses.keys()
    ):
        return None
    return shift_unit(context, unit, shift_of(row))


@written_days.rule("year")
def plain_year(context: Context, year: int) -> Senses | None:
    """In 2021: only where "in" or "of" says that it is a year."""
    return {"span": Day(year=year), "year_only": year} if context.precedes("in", "of", "until", "from_to") else None
