"""Rules for times of day as they are spoken: half past, ten to, halb vier, menos cuarto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.context import Context
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_clock import (
    HALF,
    NOON,
    QUARTER,
    SIXTY,
    _as_clock,
    _halved,
    _moved,
    at_clocks,
    clock_senses,
    clocks,
    named_clock,
    weak_senses,
)
from voice_app.understanding.dates.values import Clock, Length

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.tokens import Item

half_clocks = Stage("half_clocks")


@half_clocks.rule("hour_shift hour")
def shifted_hour(_: Context, minutes: int, hour: int) -> Senses:
    """साढ़े सात: a word before the hour that adds or takes minutes."""
    return clock_senses(_moved(Clock(hour), minutes))


@half_clocks.rule("clock_word")
def clock_word(_: Context, key: str) -> Senses:
    """Полшестого: one word for a time."""
    hour, minute = key.split(":")
    return clock_senses(Clock(int(hour), int(minute)))


@at_clocks.rule("at misheard_hour minutes|oclock|am|pm")
def misheard(context: Context, _at: object, hour: int, rest: int | bool) -> Senses | None:
    """A number that the recogniser took for another word: "at for thirty"."""
    minute = 0 if isinstance(rest, bool) else rest
    last = context.row[-1].senses
    half = "am" if "am" in last else "pm" if "pm" in last else None
    found = _halved(Clock(hour, minute), half) if half else Clock(hour, minute)
    return clock_senses(found) if found else None


@clocks.rule("hour hour_mark|oclock? and? half|quarter", "hour_named|hour_clock and? half|quarter")
def hour_and_fraction(context: Context, hour: int | str, *_values: object) -> Senses | None:
    """Tres y media, sept heures et demie, midi et quart, cinque e un quarto."""
    joined = any("and" in item.senses for item in context.row)
    if not joined and not any("hour_mark" in item.senses for item in context.row):
        return None
    if not context.style("hour_and") or context.follows("unit") or _is_ahead(context):
        return None
    minute = HALF if "half" in context.row[-1].senses else QUARTER
    base = named_clock(hour) if isinstance(hour, str) else Clock(hour)
    return clock_senses(Clock(base.hour, minute, 0, base.half))


def _is_ahead(context: Context) -> bool:
    """Whether a length follows a word like "in" that never stands before a time of day ("dans une heure et demie")."""
    before = context.items[context.at - 1].senses if context.at else {}
    return bool({"in", "within"} & before.keys()) and not {"at", "on", "of"} & before.keys()


@clocks.rule("hour hour_mark|oclock? and one? quarter")
def hour_and_a_quarter(context: Context, hour: int, *_: object) -> Senses | None:
    """Tre e un quarto."""
    return clock_senses(Clock(hour, QUARTER)) if context.style("hour_and") and not context.follows("unit") else None


@clocks.rule("clock|hour and num quarter")
def hour_and_three_quarters(
    context: Context, hour: Clock | int, _and: object, count: int, _quarter: object
) -> Senses | None:
    """Le nove e tre quarti."""
    base = _as_clock(hour)
    return clock_senses(_moved(base, QUARTER * count)) if context.style("hour_and") and 1 <= count <= 3 else None


@clocks.rule("clock|hour_named and half|minutes", "hour_named minutes")
def clock_and_minutes(context: Context, hour: Clock | str, *rest: object) -> Senses | None:
    """8 pm e meia, midi quinze."""
    last = rest[-1]
    base = named_clock(hour) if isinstance(hour, str) else hour
    if not context.style("hour_and") or base.minute:
        return None
    minute = HALF if isinstance(last, bool) else int(str(last))
    return clock_senses(Clock(base.hour, minute, 0, base.half))


@clocks.rule("hour noon_mark")
def twelve_noon(_: Context, hour: int, _mark: object) -> Senses | None:
    """12 del mediodía."""
    return clock_senses(Clock(hour, half="pm")) if hour in (NOON, 1, 2, 3) else None


@half_clocks.rule("half hour", "at half hour")
def half_past_bare(context: Context, *values: int) -> Senses | None:
    """British "half eight" is half past eight."""
    if not context.style("half_is_past") or not context.ends_phrase or context.follows("unit", "month", "of"):
        return None
    return clock_senses(Clock(values[-1], HALF))


@half_clocks.rule("half_to hour", "at half_to hour")
def half_to(context: Context, *values: int) -> Senses | None:
    """Halb vier: half an hour before four."""
    if context.follows("unit", "month"):
        return None
    return clock_senses(_moved(Clock(values[-1]), -HALF))


@half_clocks.rule("half_to ordinal", "quarter_to_next ordinal", "num unit ordinal")
def part_of_ordinal_hour(context: Context, first: object, second: int | str, third: int | None = None) -> Senses | None:
    """Половина третьего: half of the third hour."""
    hour = third if third is not None else second
    if (
        not context.style("ordinal_hours")
        or not isinstance(hour, int)
        or not 1 <= hour <= NOON
        or context.follows("month")
    ):
        return None
    minute = HALF if "half_to" in context.row[0].senses else QUARTER
    if third is not None:
        if second != "minute":
            return None
        minute = int(str(first))
    return clock_senses(Clock(hour - 1 or NOON, minute))


@half_clocks.rule("quarter_to_next hour", "at quarter_to_next hour", "three_quarters hour", "at three_quarters hour")
def quarter_of_hour(context: Context, *values: int) -> Senses | None:
    """Viertel acht is 7:15, dreiviertel acht 7:45."""
    if context.follows("unit", "month", "hour_mark_of_length"):
        return None
    three = any("three_quarters" in item.senses for item in context.row)
    return clock_senses(_moved(Clock(values[-1]), -QUARTER if three else -3 * QUARTER))


@clocks.rule(
    "at? num|quarter|half unit? past hour|clock|hour_named|hour_clock", "one quarter past hour|clock|hour_named"
)
def minutes_past(context: Context, _at: object, _count: int | bool, *rest: object) -> Senses | None:
    """20 min past eight, quarter past 3, viertel nach drei."""
    return _around(context, rest, 1)


@clocks.rule(
    "at? num|quarter unit? to_hour hour|clock|hour_named|hour_clock", "one quarter to_hour hour|clock|hour_named"
)
def minutes_to(context: Context, _at: object, _count: int | bool, *rest: object) -> Senses | None:
    """Ten to five, 20 minutes to 2 pm, quinze para o meio dia."""
    return _around(context, rest, -1)


def _around(context: Context, rest: tuple[object, ...], sign: int) -> Senses | None:
    """Minutes after or before an hour; numbers in digits without "minutes" are a range instead ("5 to 7")."""
    row = context.row
    if (
        context.precedes("from_to")
        or context.follows("month", "year")
        or (context.follows("unit") and not context.follows("hour_mark"))
    ):
        return None
    units = [item.senses["unit"] for item in row if "unit" in item.senses and "quarter" not in item.senses]
    if units and units != ["minute"]:
        return None
    minutes = _count_of(row)
    if minutes is None or not 0 < minutes < SIXTY:
        return None
    digits = any("digits" in item.senses for item in row[:-1])
    plain_to = any("to" in item.senses for item in row) and not any("minutes_to" in item.senses for item in row)
    quarter = any("quarter" in item.senses for item in row)
    if sign < 0 and plain_to and not units and (digits or not (quarter or context.style("minutes_to_plain"))):
        return None
    base = rest[-1]
    clock = named_clock(base) if isinstance(base, str) else _as_clock(base) if isinstance(base, (Clock, int)) else None
    return clock_senses(_moved(clock, sign * minutes)) if clock else None


def _count_of(row: list[Item]) -> int | None:
    """The minutes that the words before an hour count."""
    count = next((int(item.senses["num"]) for item in row[:-1] if "num" in item.senses), None)
    if any("quarter" in item.senses for item in row[:-1]):
        return QUARTER * (count if count in (2, 3) else 1)
    if any({"half", "half_to"} & item.senses.keys() for item in row[:-1]):
        return HALF
    return count


@clocks.rule(
    "at? hour|clock|hour_named hour_mark|oclock? minus quarter|num unit?",
    "at? hour|clock|hour_named hour_mark|oclock? minus one quarter",
)
def minus(
    context: Context,
    _at: object,
    base: Clock | int | str,
    _mark: object,
    _minus: object,
    count: int | bool,
    unit: str | bool | None,
) -> Senses | None:
    """Las doce menos cuarto, sept heures moins dix, otto meno tre minuti."""
    if unit not in (None, "minute") and context.found[-1][2] != "quarter":
        return None
    minutes = QUARTER if isinstance(count, bool) else int(count)
    clock = named_clock(base) if isinstance(base, str) else _as_clock(base)
    return clock_senses(_moved(clock, -minutes)) if 0 < minutes < SIXTY else None


@clocks.rule("at? hour|clock part of? minus quarter|num")
def part_minus(
    _context: Context, _at: object, base: Clock | int, part: str, _of: object, _minus: object, count: int | bool
) -> Senses | None:
    """Las 8 de la noche menos cuarto."""
    minutes = QUARTER if isinstance(count, bool) else int(count)
    return clock_senses(_moved(_as_clock(base), -minutes), part) if 0 < minutes < SIXTY else None


@clocks.rule("at? minus_before quarter|num unit? hour")
def minutes_missing(
    _context: Context, _at: object, _minus: object, count: int | bool, unit: str | None, hour: int
) -> Senses | None:
    """Без четверти три, без десяти пять; mancano 10 minuti alle 4."""
    minutes = QUARTER if isinstance(count, bool) else int(count)
    return clock_senses(_moved(Clock(hour), -minutes)) if unit in (None, "minute") and 0 < minutes < SIXTY else None


@clocks.rule("minus_before length|quarter clock")
def minutes_missing_at(_: Context, _minus: object, count: Length | bool, clock: Clock) -> Senses | None:
    """Mancano cinque minuti alle 14."""
    minutes = QUARTER if isinstance(count, bool) else int(count.counts[0][0])
    return clock_senses(_moved(clock, -minutes))


@clocks.rule("clock hour_mark")
def marked_clock(_: Context, clock: Clock, _mark: object) -> Senses:
    """Kwart over twee uur."""
    return clock_senses(clock)


@clocks.rule("clock ish", "hour ish")
def roughly(_: Context, clock: Clock | int, _ish: object) -> Senses:
    """11ish."""
    return clock_senses(_as_clock(clock))


@clocks.rule("hour minutes")
def spoken_digits(context: Context, hour: int, minute: int) -> Senses | None:
    """Three twenty; only beside something that makes it a time."""
    first, second = context.row[0].senses, context.row[-1].senses
    if any(context.skipped(name) for name in ("comma", "of", "the", "on")):
        return None
    if (
        context.precedes("num", "digits")
        or context.follows("unit", "month", "times_num", "num")
        or ("digits" in second and second["digits"] != 2)
    ):
        return None
    if ("digits" in first) != ("digits" in second) or hour == 0:
        return None
    return weak_senses(Clock(hour, minute)) | {"num": hour}


@clocks.rule("hour and minutes unit")
def hour_and_counted_minutes(context: Context, hour: int, _and: object, minute: int, unit: str) -> Senses | None:
    """Otto e 30 minuti."""
    return weak_senses(Clock(hour, minute)) if context.style("hour_and") and unit == "minute" else None


@clocks.rule("hour and minutes")
def hour_and_minutes(context: Context, hour: int, _and: object, minute: int) -> Senses | None:
    """Las once y cuarenta y cinco; only where something makes it a time."""
    if not context.style("hour_and") or context.follows("month", "times_num", "num") or context.precedes("from_to"):
        return None
    return weak_senses(Clock(hour, minute)) if not context.follows("unit") or context.follows("minute_word") else None


@clocks.rule("hour zero_num num")
def spoken_zero(_: Context, hour: int, _zero: object, minute: int) -> Senses | None:
    """Six oh two."""
    return weak_senses(Clock(hour, minute)) if isinstance(minute, int) and minute < 10 else None
