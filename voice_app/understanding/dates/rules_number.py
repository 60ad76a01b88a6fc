"""Rules for numbers in words and for lengths of time ("twenty five", "two and a half hours")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.calendar import SECONDS_OF
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.tokens import number_senses, ordinal_senses
from voice_app.understanding.dates.values import UNIT_ORDER, Clock, Length

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses

numbers = Stage("numbers")
lengths = Stage("lengths")
sums = Stage("sums")

FRENCH_STYLE_TENS = (60, 80)
"""Tens that take eleven to nineteen too ("soixante-quinze")."""
TEN, HUNDRED, THOUSAND = 10, 100, 1000


def _word(value: int) -> Senses:
    return {"word_num": value} | number_senses(value, 0)


def _adds(tens: float, rest: float) -> bool:
    """Whether two number words in a row are one number."""
    if not (isinstance(tens, int) and isinstance(rest, int)) or rest <= 0:
        return False
    if tens >= HUNDRED:
        return tens % HUNDRED == 0 and rest < (HUNDRED if tens < THOUSAND or tens % THOUSAND else THOUSAND)
    if tens in FRENCH_STYLE_TENS:
        return rest < 2 * TEN
    return tens >= 2 * TEN and tens % TEN == 0 and rest < TEN


@numbers.rule("part")
def meal(context: Context, part: str) -> Senses | None:
    """Lunch is a time of day after "at" or "before", and else what is eaten."""
    if part != "meal":
        return None
    is_time = context.precedes("at", "after", "before", "during", "until", "by", "in")
    return {"part": "lunch"} if is_time else {}


@numbers.rule("word_num word_num")
def tens_and_units(context: Context, tens: float, rest: float) -> Senses | None:
    """Twenty five; after a month twenty seventeen is a year."""
    if tens in (19, 20) and rest in range(10, 100) and context.precedes("month", "dom_ordinal"):
        return {"num": int(tens * 100 + rest), "year": int(tens * 100 + rest)}
    return _word(int(tens + rest)) if _adds(tens, rest) else None


@numbers.rule("unit year")
def named_year(_: Context, unit: str, year: int) -> Senses | None:
    """In the year 2030."""
    return {"num": year, "year": year} if unit == "year" else None


@numbers.rule("word_num and word_num")
def tens_with_and(context: Context, tens: float, _and: object, rest: float) -> Senses | None:
    """Treinta y cinco, vierundzwanzig in three words, two thousand and twenty."""
    if context.style("number_and") == "units_first" and tens < TEN and rest in range(20, 100, 10):
        return _word(int(tens + rest))
    if (context.style("number_and") == "tens_first" or tens >= HUNDRED) and _adds(tens, rest):
        return _word(int(tens + rest))
    return None


@numbers.rule("word_num and? ordinal")
def tens_and_ordinal(context: Context, tens: float, joined: object, rest: int) -> Senses | None:
    """Twenty second; vigésimo segundo."""
    if joined and context.style("number_and") is None:
        return None
    return ordinal_senses(int(tens) + rest) if _adds(tens, rest) and rest < TEN else None


@numbers.rule("ordinal ordinal")
def tens_ordinal_and_ordinal(_: Context, tens: int, rest: int) -> Senses | None:
    """Décimo segundo."""
    return ordinal_senses(tens + rest) if tens in (10, 20, 30) and rest < TEN else None


@numbers.rule("word_num times_num")
def multiplied(_: Context, count: float, times: int) -> Senses | None:
    """Two thousand."""
    return _word(int(count * times)) if 0 < count < THOUSAND else None


@numbers.rule("times_num")
def one_multiplied(_: Context, times: int) -> Senses | None:
    """Thousand; mil."""
    return _word(times)


def length_senses(count: float, unit: str, *, marks_hour: bool = False, half: str | None = None) -> Senses:
    """A length; "15 heures" is a time of day too."""
    senses: Senses = {"length": Length(((count * 2, "week") if unit == "fortnight" else (count, unit),))}
    if marks_hour and isinstance(count, int) and 0 <= count <= 24:
        senses["hour_clock"] = Clock(count, half=half)
    return senses


@lengths.rule("num unit")
def counted_units(context: Context, count: float, unit: str) -> Senses | None:
    """Five minutes; not "2020 года", which is a year."""
    if (unit == "year" and "year" in context.row[0].senses) or context.has_gap:
        return None
    tight = context.row[0].end == context.row[-1].start and context.style("clock24")
    return length_senses(count, unit, marks_hour="hour_mark" in context.row[-1].senses, half="24" if tight else None)


@lengths.rule("one unit")
def one_unit(_: Context, _one: object, unit: str) -> Senses:
    """An hour."""
    return length_senses(1, unit)


@lengths.rule("one? length_word")
def named_length(_: Context, _one: object, key: str) -> Senses:
    """Полчаса, Viertelstunde."""
    count, unit = key.split()
    return length_senses(float(count), unit)


@lengths.rule("one? vague unit")
def some_units(_: Context, _one: object, count: float, unit: str) -> Senses:
    """A few days."""
    return length_senses(count, unit)


@lengths.rule("num and? one? half unit", "num and half unit")
def halves_more(
    _: Context, count: float, _and: object, _one: object, _half: object = None, unit: str = ""
) -> Senses | None:
    """Two and a half hours."""
    return length_senses(count + 0.5, unit) if unit else None


@lengths.rule("num|one unit and? one? half")
def half_a_unit_more(
    context: Context, count: float, unit: str, _and: object, _one: object, _half: object
) -> Senses | None:
    """Two hours and a half."""
    if context.follows("unit", "hour", "num"):
        return None
    return length_senses(float(count) + 0.5, unit, marks_hour=False) | _half_past(context, count, unit)


def _half_past(context: Context, count: float, unit: str) -> Senses:
    """The time of day that "trois heures et demie" can also be."""
    marked = unit == "hour" and any("hour_mark" in item.senses for item in context.row)
    return {"hour_clock": Clock(int(count), 30)} if marked and 0 <= count <= 24 else {}


@lengths.rule("half one? unit", "half_an unit")
def half_unit(_: Context, _half: object, unit: str | bool, more: str | None = None) -> Senses | None:
    """Half an hour."""
    name = more or unit
    return length_senses(0.5, name) if isinstance(name, str) else None


@lengths.rule("one half unit")
def a_half_unit(_: Context, _one: object, _half: object, unit: str) -> Senses:
    """A half hour."""
    return length_senses(0.5, unit)


@lengths.rule("num|one quarter one? unit", "quarter one? unit")
def quarters(_: Context, *values: object) -> Senses | None:
    """Three quarters of an hour."""
    count = values[0] if not isinstance(values[0], bool) else 1
    return length_senses(float(str(count)) / 4, "hour") if values[-1] == "hour" else None


@lengths.rule("pair unit")
def written_fraction(_: Context, pair: tuple[str, tuple[int, ...], tuple[int, ...]], unit: str) -> Senses | None:
    """1/2 h, 2.5 hours."""
    separator, (whole, part), (_digits, decimals) = pair
    if separator == "/":
        return length_senses(whole / part, unit) if part else None
    return length_senses(whole + part / 10**decimals, unit)


@sums.rule("length and? length")
def added_lengths(context: Context, first: Length, _and: object, second: Length) -> Senses | None:
    """Two years and three months."""
    if context.has_gap:
        return None
    order = [UNIT_ORDER.index(unit) if unit in UNIT_ORDER else 4 for _, unit in (*first.counts, *second.counts)]
    if order != sorted(set(order)):
        return None
    senses: Senses = {"length": first.plus(second)}
    clock = context.row[0].senses.get("hour_clock")
    count, unit = second.counts[0]
    if clock and unit == "minute" and clock.minute == 0 and count < 60:
        senses["hour_clock"] = Clock(clock.hour, int(count))
    return senses


def is_clock_unit(unit: str) -> bool:
    """Hours, minutes and seconds."""
    return unit in SECONDS_OF
