"""Rules for times of day as they are written, and after words like "at"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from voice_app.understanding.dates.context import Context
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Length, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

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


@clocks.rule("written_clock")
def written(context: Context, parts: tuple[int, ...]) -> Senses:
    """10:30, 15:23:24; 01:00 is said of the night, as only clocks of 24 hours write the nought."""
    is_literal = context.style("clock24") or parts[0] in (0, LAST_HOUR) or context.row[0].senses.get("zero_led")
    half = "24" if is_literal else None
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
    if half not in mark.senses and half == "am" and number.end != mark.start:
        return None
    base = Clock(clock.hour, clock.minute, clock.second, None, clock.has_seconds)
    found = _halved(base, half)
    return clock_senses(found) if found else None


@clocks.rule("joined_clock unit")
def military(context: Context, parts: tuple[int, int], unit: str) -> Senses | None:
    """0800 hours."""
    if unit != "hour" or context.row[0].senses.get("digits") != 4:
        return None
    return clock_senses(Clock(*parts, half="24"))


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
    """A time of day like 14.30, None where the numbers cannot be one."""
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
    if "at_weak" in context.row[0].senses and not _is_surely_at(context):
        return None
    if hour == 0 or context.follows("month", "unit", "ordinal", "money"):
        return None
    if context.follows("times_num", "pair", "written_clock", "dom_month"):
        return None
    return _at_senses(context, Clock(hour))


def _is_surely_at(context: Context) -> bool:
    """A word that may also mean "in" names an hour behind a day ("завтра в семь") or at the end of a phrase."""
    if "one" in context.row[-1].senses:
        return False
    return context.ends_phrase or context.stands_after("day_offset", "weekday", "when", "day")


@at_clocks.rule("by|before|until|after hour|weak_clock")
def limit_hour(context: Context, _by: object, value: int | Clock) -> Senses | None:
    """By 6; after 5: an hour only at the end of a phrase."""
    if context.after < len(context.items) and (
        context.items[context.after].is_word or "num" in context.items[context.after].senses
    ):
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


@clocks.rule("hour|clock|weak_clock oclock", "oclock hour", "oclock hour minutes", "at? oclock clock")
def oclock(_: Context, *values: Clock | int | bool) -> Senses:
    """5 o'clock; 15 Uhr; ore 15."""
    said = [value for value in values if not isinstance(value, bool) and value is not None]
    clock = _as_clock(said[0])
    return clock_senses(
        Clock(clock.hour, said[1], 0, clock.half) if len(said) > 1 and isinstance(said[1], int) else clock
    )


@clocks.rule("hour hour_mark|oclock and? minutes", "hour hour_mark|oclock and? num unit")
def marked_hour_minutes(
    context: Context, hour: int, _mark: object, joined: object, minute: int, unit: str | None = None
) -> Senses | None:
    """17h30, 15 heures 30, 18 Uhr 12, quinze heures et quinze minutes."""
    if unit not in (None, "minute") or minute >= SIXTY or (unit is None and context.follows("unit", "month", "half")):
        return None
    if unit is None and ("one" in context.row[-1].senses or (joined and not context.style("hour_and"))):
        return None  # "um 9 Uhr ein Paket"
    tight = context.row[0].end == context.row[1].start
    clock = Clock(hour, minute, 0, "24" if tight and context.style("clock24") else None)
    return clock_senses(clock) | ({"length": Length(((hour, "hour"), (minute, "minute")))} if unit else {})


def named_clock(name: str) -> Clock:
    """Noon and midnight."""
    return Clock(NOON, half="pm") if name == "noon" else Clock(0, half="24")


@clocks.rule("at|to? hour_named")
def named_hour(context: Context, _at: object, name: str) -> Senses:
    """Noon, midnight."""
    return _at_senses(context, named_clock(name))


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
    if base.hour > LAST_HOUR:
        return None
    keeps_to = "to_clock" in context.row[0].senses
    if part == "night" and base.hour <= NIGHT_ENDS and base.half in (None, "24"):
        base, part = replace(base, half="am"), ""
    elif part in ("afternoon", "evening") and base.hour < NOON and base.half is None:
        base = replace(base, half="pm")
    return clock_senses(base, part or None) | ({"to_clock": base} if keeps_to else {})


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
    if context.stands_after("month") or (context.style("of_tomorrow") and context.stands_after("of")):
        return False  # "Jan morgen anrufen", "de afspraak van morgen"
    return context.precedes("of", "the", "on", "this", "every", "part_mark", "weekday", "day", "day_offset")
