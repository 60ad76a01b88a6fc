"""Rules for times of day: written, spoken in the ways of many languages, with or without the half of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.tokens import Item

half_clocks = Stage("half_clocks")
clocks = Stage("clocks")
at_clocks = Stage("at_clocks")
late_clocks = Stage("late_clocks")
"""After lengths are known."""

Pair: TypeAlias = "tuple[str, tuple[int, ...], tuple[int, ...]]"
HALF, QUARTER, SIXTY, NOON, LAST_HOUR, NIGHT_ENDS = 30, 15, 60, 12, 24, 5


def clock_senses(clock: Clock, part: str | None = None) -> Senses:
    """A firm time of day."""
    return {"clock": clock, "when": When(clock=clock, part=part)}


def weak_senses(clock: Clock) -> Senses:
    """A time only beside a day, a part of the day or "at"."""
    return {"weak_clock": clock}


def _halved(clock: Clock, half: str) -> Clock | None:
    """The clock with am or pm; 17 pm is 17."""
    if clock.hour > LAST_HOUR:
        return None
    half = "24" if clock.hour > NOON else half
    return Clock(clock.hour, clock.minute, clock.second, half, clock.has_seconds)


def _moved(base: Clock, minutes: int) -> Clock:
    """So many minutes later or earlier, within the same reading of the half of the day."""
    total = base.hour * SIXTY + base.minute + minutes
    if total < SIXTY and minutes < 0 and base.half is None:
        total += NOON * SIXTY
    total %= LAST_HOUR * SIXTY
    half = base.half
    if half == "pm" and base.hour == NOON and minutes < 0:
        half = "am"
    return Clock(total // SIXTY, total % SIXTY, 0, half)


def _as_clock(value: Clock | int) -> Clock:
    return value if isinstance(value, Clock) else Clock(value)


@half_clocks.rule("clock_word")
def clock_word(_: Context, key: str) -> Senses:
    """Полшестого: one word for a time."""
    hour, minute = key.split(":")
    return clock_senses(Clock(int(hour), int(minute)))


@clocks.rule("written_clock")
def written(context: Context, parts: tuple[int, ...]) -> Senses:
    """10:30, 15:23:24."""
    half = "24" if context.style("clock24") or parts[0] in (0, LAST_HOUR) else None
    return clock_senses(Clock(parts[0], parts[1], parts[2] if len(parts) > 2 else 0, half, len(parts) > 2))


@clocks.rule("clock|hour|weak_clock am|am_short", "clock|hour|weak_clock in am")
def morning_half(context: Context, clock: Clock | int, *_: object) -> Senses | None:
    """3 am, 9a."""
    return _with_half(context, _as_clock(clock), "am")


@clocks.rule("clock|hour|weak_clock pm|pm_short", "clock|hour|weak_clock in pm")
def afternoon_half(context: Context, clock: Clock | int, *_: object) -> Senses | None:
    """3 pm, 3:15p."""
    return _with_half(context, _as_clock(clock), "pm")


def _with_half(context: Context, clock: Clock, half: str) -> Senses | None:
    number, mark = context.row[0], context.row[-1]
    if half not in mark.senses and number.end != mark.start:
        return None
    base = Clock(clock.hour, clock.minute, clock.second, None, clock.has_seconds)
    found = _halved(base, half)
    return clock_senses(found) if found else None


@clocks.rule("joined_clock am|pm", "hour minutes am|pm")
def several_numbers_and_half(context: Context, *values: object) -> Senses | None:
    """1230 pm, ten thirty am."""
    half = "am" if "am" in context.row[-1].senses else "pm"
    first = values[0]
    hour, minute = first if isinstance(first, tuple) else (first, values[1])
    found = _halved(Clock(int(str(hour)), int(str(minute))), half)
    return clock_senses(found) if found else None


@clocks.rule("pair am|pm|oclock|hour_mark", "hour_mark pair")
def dotted_and_half(context: Context, *values: Pair | bool) -> Senses | None:
    """8.30 pm, 18.12 Uhr."""
    pair = next(value for value in values if isinstance(value, tuple))
    clock = clock_of_pair(pair)
    if clock is None:
        return None
    mark = context.row[-1].senses
    half = "am" if "am" in mark else "pm" if "pm" in mark else None
    found = _halved(clock, half) if half else clock
    return clock_senses(found) if found else None


def clock_of_pair(pair: Pair) -> Clock | None:
    """"14.30" as a time of day, None where it cannot be one."""
    separator, (hour, minute), (_, digits) = pair
    good = separator == "." and hour <= LAST_HOUR and minute < SIXTY and digits == 2
    return Clock(hour, minute) if good else None


@at_clocks.rule("at clock|hour_clock|weak_clock")
def at_clock(context: Context, _at: object, clock: Clock) -> Senses:
    """At 10:30."""
    return _at_senses(context, clock)


def _at_senses(context: Context, clock: Clock) -> Senses:
    """A time after a word that may also mean "to" ("de 9h à 11h")."""
    return clock_senses(clock) | ({"to_clock": clock} if {"to", "minutes_to"} & context.row[0].senses.keys() else {})


@at_clocks.rule("at hour minutes unit")
def at_hour_minutes(_: Context, _at: object, hour: int, minute: int, unit: str) -> Senses | None:
    """At six forty-three minutes."""
    return clock_senses(Clock(hour, minute)) if unit == "minute" else None


@at_clocks.rule("at hour")
def at_hour(context: Context, _at: object, hour: int) -> Senses | None:
    """At 3."""
    if not context.ends_phrase or context.follows("month", "unit", "ordinal"):
        return None
    if context.follows("times_num", "pair", "written_clock", "dom_month"):
        return None
    return _at_senses(context, Clock(hour))


@at_clocks.rule("by|before|until|after hour|weak_clock")
def limit_hour(context: Context, _by: object, value: int | Clock) -> Senses | None:
    """By 6; after 5: an hour only at the end of a phrase."""
    if context.after < len(context.items) and (context.items[context.after].is_word or "num" in context.items[context.after].senses):
        return None
    clock = _as_clock(value)
    if context.stands_after("hour", "clock", "weak_clock", "hour_clock"):
        return None
    return clock_senses(clock) if 1 <= clock.hour <= LAST_HOUR else None


@at_clocks.rule("at joined_clock")
def at_joined(context: Context, _at: object, parts: tuple[int, int]) -> Senses | None:
    """At 1930."""
    if "year" in context.row[-1].senses and {"of", "in"} & context.row[0].senses.keys():
        return None
    return clock_senses(Clock(*parts, half="24" if parts[0] > NOON else None))


@at_clocks.rule("at pair")
def at_pair(context: Context, _at: object, pair: Pair) -> Senses | None:
    """At 2.30; um 18.12."""
    clock = clock_of_pair(pair)
    return clock_senses(clock) if clock and not context.follows("unit") else None


@at_clocks.rule("at misheard_hour minutes|oclock|am|pm")
def misheard(context: Context, _at: object, hour: int, rest: int | bool) -> Senses | None:
    """"At for thirty": a number that the recogniser took for another word."""
    minute = 0 if isinstance(rest, bool) else rest
    last = context.row[-1].senses
    half = "am" if "am" in last else "pm" if "pm" in last else None
    found = _halved(Clock(hour, minute), half) if half else Clock(hour, minute)
    return clock_senses(found) if found else None


@clocks.rule("hour|clock|weak_clock oclock", "oclock hour", "oclock hour minutes", "at? oclock clock")
def oclock(_: Context, *values: Clock | int | bool) -> Senses:
    """5 o'clock; 15 Uhr; ore 15."""
    said = [value for value in values if not isinstance(value, bool) and value is not None]
    clock = _as_clock(said[0])
    return clock_senses(Clock(clock.hour, said[1], 0, clock.half) if len(said) > 1 and isinstance(said[1], int) else clock)


@clocks.rule("hour hour_mark|oclock and? minutes", "hour hour_mark|oclock and? num unit")
def marked_hour_minutes(
    context: Context, hour: int, _mark: object, joined: object, minute: int, unit: str | None = None
) -> Senses | None:
    """17h30, 15 heures 30, 18 Uhr 12, quinze heures et quinze minutes."""
    if unit not in (None, "minute") or minute >= SIXTY or (unit is None and context.follows("unit", "month", "half")):
        return None
    if joined and unit is None and not context.style("hour_and"):
        return None
    tight = context.row[0].end == context.row[1].start
    clock = Clock(hour, minute, 0, "24" if tight and context.style("clock24") else None)
    return clock_senses(clock) | ({"length": Length(((hour, "hour"), (minute, "minute")))} if unit else {})


@clocks.rule("hour hour_mark|oclock? and? half|quarter", "hour_named|hour_clock and? half|quarter")
def hour_and_fraction(context: Context, hour: int | str, *values: object) -> Senses | None:
    """Tres y media, sept heures et demie, midi et quart, cinque e un quarto."""
    joined = any("and" in item.senses for item in context.row)
    if not joined and not any("hour_mark" in item.senses for item in context.row):
        return None
    if not context.style("hour_and") or context.follows("unit"):
        return None
    minute = HALF if "half" in context.row[-1].senses else QUARTER
    base = named_clock(hour) if isinstance(hour, str) else Clock(hour)
    return clock_senses(Clock(base.hour, minute, 0, base.half))


@clocks.rule("hour hour_mark|oclock? and one? quarter")
def hour_and_a_quarter(context: Context, hour: int, *_: object) -> Senses | None:
    """Tre e un quarto."""
    return clock_senses(Clock(hour, QUARTER)) if context.style("hour_and") and not context.follows("unit") else None


@clocks.rule("clock|hour and num quarter")
def hour_and_three_quarters(context: Context, hour: Clock | int, _and: object, count: int, _quarter: object) -> Senses | None:
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


def named_clock(name: str) -> Clock:
    """Noon and midnight."""
    return Clock(NOON, half="pm") if name == "noon" else Clock(0, half="24")


@clocks.rule("at? hour_named")
def named_hour(_: Context, _at: object, name: str) -> Senses:
    """Noon, midnight."""
    return clock_senses(named_clock(name))


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
    if not context.style("ordinal_hours") or not isinstance(hour, int) or not 1 <= hour <= NOON or context.follows("month"):
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


@clocks.rule("at? num|quarter|half unit? past hour|clock|hour_named|hour_clock", "one quarter past hour|clock|hour_named")
def minutes_past(context: Context, _at: object, count: int | bool, *rest: object) -> Senses | None:
    """20 min past eight, quarter past 3, viertel nach drei."""
    return _around(context, rest, 1)


@clocks.rule("at? num|quarter unit? to_hour hour|clock|hour_named|hour_clock", "one quarter to_hour hour|clock|hour_named")
def minutes_to(context: Context, _at: object, count: int | bool, *rest: object) -> Senses | None:
    """Ten to five, 20 minutes to 2 pm, quinze para o meio dia."""
    return _around(context, rest, -1)


def _around(context: Context, rest: tuple[object, ...], sign: int) -> Senses | None:
    """Minutes after or before an hour; numbers in digits without "minutes" are a range instead ("5 to 7")."""
    row = context.row
    if context.precedes("from_to") or context.follows("month", "year") or (context.follows("unit") and not context.follows("hour_mark")):
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


@clocks.rule("at? hour|clock|hour_named hour_mark|oclock? minus quarter|num unit?", "at? hour|clock|hour_named hour_mark|oclock? minus one quarter")
def minus(context: Context, _at: object, base: Clock | int | str, _mark: object, _minus: object, count: int | bool, unit: str | bool | None) -> Senses | None:
    """Las doce menos cuarto, sept heures moins dix, otto meno tre minuti."""
    if unit not in (None, "minute") and context.found[-1][2] != "quarter":
        return None
    minutes = QUARTER if isinstance(count, bool) else int(count)
    clock = named_clock(base) if isinstance(base, str) else _as_clock(base)
    return clock_senses(_moved(clock, -minutes)) if 0 < minutes < SIXTY else None


@clocks.rule("at? hour|clock part of? minus quarter|num")
def part_minus(context: Context, _at: object, base: Clock | int, part: str, _of: object, _minus: object, count: int | bool) -> Senses | None:
    """Las 8 de la noche menos cuarto."""
    minutes = QUARTER if isinstance(count, bool) else int(count)
    return clock_senses(_moved(_as_clock(base), -minutes), part) if 0 < minutes < SIXTY else None


@clocks.rule("at? minus_before quarter|num unit? hour")
def minutes_missing(context: Context, _at: object, _minus: object, count: int | bool, unit: str | None, hour: int) -> Senses | None:
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
    if context.precedes("num", "digits") or context.follows("unit", "month", "times_num", "num") or "digits" in second and second["digits"] != 2:
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


@late_clocks.rule("at hour_clock")
def at_hours(context: Context, _at: object, clock: Clock) -> Senses:
    """À 15 heures, в 2 часа."""
    return _at_senses(context, clock)


@late_clocks.rule("hour|clock|weak_clock|hour_clock in|at|for? part")
def clock_in_part(context: Context, clock: Clock | int, _in: object, part: str) -> Senses | None:
    """3 in the morning, 8 de la tarde, 11 at night."""
    base = _as_clock(clock)
    if isinstance(clock, int) and context.precedes("month"):
        return None
    if "day_offset" in context.row[-1].senses and len(context.items[context.at : context.after]) == 2:
        return None
    if part == "night" and base.hour <= NIGHT_ENDS and base.half in (None, "24"):
        return clock_senses(Clock(base.hour, base.minute, base.second, "am", base.has_seconds))
    return clock_senses(Clock(base.hour, base.minute, base.second, base.half, base.has_seconds), part) if base.hour <= LAST_HOUR else None


@late_clocks.rule("at? hour_clock am|pm")
def hours_and_half(context: Context, _at: object, clock: Clock, _half: object) -> Senses | None:
    """8 horas am."""
    found = _halved(Clock(clock.hour, clock.minute), context.found[-1][2])
    return clock_senses(found) if found else None


@late_clocks.rule("part at? clock")
def part_then_clock(context: Context, part: str, _at: object, clock: Clock) -> Senses | None:
    """In the evening at eight."""
    if "day_offset" in context.row[0].senses and not is_part_here(context):
        return None
    return clock_senses(clock, part)


def is_part_here(context: Context) -> bool:
    """Whether a word that is both a part of the day and tomorrow ("mañana", "Morgen") is the part here."""
    if context.at > 1 and "end" in context.items[context.at - 2].senses:
        return False
    return context.precedes("of", "the", "on", "this", "every", "part_mark", "weekday", "day", "day_offset")
