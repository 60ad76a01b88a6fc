"""Rules for the time, start, end and exceptions of a repetition, and for reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.context import Context
from voice_app.understanding.dates.days import MONTHS
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_repeat import of_unit, repeat_senses, repeats
from voice_app.understanding.dates.values import Clock, Day, Length, Repeat, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

late_repeats = Stage("late_repeats")


@late_repeats.rule("repeat in|at|for|from_to|comma? when")
def repeat_at(_context: Context, repeat: Repeat, _in: object, when: When) -> Senses | None:
    """Every day at 9; every week on Tuesday."""
    return _with_when(repeat, when)


@late_repeats.rule("when repeat", "when comma repeat")
def at_repeat(_context: Context, when: When, *rest: Repeat) -> Senses | None:
    """At 9 every Sunday; tomorrow and then daily."""
    return _with_when(rest[-1], when)


def _with_when(repeat: Repeat, when: When) -> Senses | None:
    if when.moment is not None:
        return None
    changed = repeat
    if when.clock is not None:
        if repeat.clocks:
            return None
        changed = changed.with_(clocks=(when.clock,), part=repeat.part or when.part, length=when.length)
    elif when.part:
        changed = changed.with_(part=when.part)
    day = when.day
    if day is None:
        return repeat_senses(changed)
    return _on_day(changed, day)


def _on_day(repeat: Repeat, day: Day) -> Senses | None:
    """A day beside a repetition narrows it, or is where it starts."""
    if (
        day.weekday is not None
        and day.dom is None
        and day.shift is None
        and not repeat.weekdays
        and repeat.freq == "WEEKLY"
    ):
        return repeat_senses(repeat.with_(weekdays=(day.weekday,)))
    if day.dom and repeat.freq in ("MONTHLY", "YEARLY") and not repeat.month_days and not repeat.weekdays:
        months = (day.month,) if day.month and repeat.freq == "YEARLY" else ()
        return repeat_senses(repeat.with_(months=months, month_days=(day.dom,)))
    if repeat.start is None:
        return repeat_senses(repeat.with_(start=When(day=day)))
    return None


@late_repeats.rule("repeat at|and|comma? hour|weak_clock|clock", "repeat and comma? hour|clock")
def repeat_hour(context: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """Every night at 9; at 10, 12 and 17."""
    value = rest[-1]
    clock = value if isinstance(value, Clock) else Clock(int(str(value)))
    if not context.ends_phrase or context.follows("unit", "times", "month", "num") or clock.hour > 24:
        return None
    listed = any({"and", "comma"} & item.senses.keys() for item in context.row)
    if repeat.clocks and listed:
        return repeat_senses(repeat.with_(clocks=(*repeat.clocks, clock)))
    if repeat.clocks or (listed and not repeat.clocks):
        return None
    return repeat_senses(repeat.with_(clocks=(clock,)))


@late_repeats.rule("repeat in|at|for? part")
def repeat_part(_: Context, repeat: Repeat, _in: object, part: str) -> Senses | None:
    """Every day in the morning."""
    return repeat_senses(repeat.with_(part=part)) if repeat.part is None else None


@late_repeats.rule("hour|weak_clock repeat", "hour_clock repeat", "at hour|hour_clock repeat")
def hour_repeat(context: Context, *values: object) -> Senses | None:
    """À 15 tous les jours."""
    repeat, value = values[-1], values[-2]
    if not isinstance(repeat, Repeat) or repeat.clocks:
        return None
    clock = value if isinstance(value, Clock) else Clock(int(str(value)))
    return (
        repeat_senses(repeat.with_(clocks=(clock,)))
        if context.at == 0 or "at" in context.row[0].senses or isinstance(value, Clock)
        else None
    )


@late_repeats.rule("part repeat", "in part repeat")
def part_repeat(_: Context, *values: object) -> Senses | None:
    """Morning, daily."""
    repeat = values[-1]
    return (
        repeat_senses(repeat.with_(part=str(values[-2])))
        if isinstance(repeat, Repeat) and repeat.part is None
        else None
    )


@late_repeats.rule("repeat until|to|by|dash when|day")
def repeat_until(_: Context, repeat: Repeat, _until: object, end: When | Day) -> Senses | None:
    """Until June."""
    return (
        repeat_senses(repeat.with_(until=end if isinstance(end, When) else When(day=end)))
        if repeat.until is None
        else None
    )


@late_repeats.rule("repeat for num times", "repeat num times", "repeat times num", "repeat for? num_times")
def repeat_count(_: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """For 20 times."""
    count = next((value for value in rest if isinstance(value, int) and not isinstance(value, bool)), None)
    return repeat_senses(repeat.with_(count=count)) if count and repeat.count is None else None


@late_repeats.rule("repeat for|during|in length")
def repeat_for(_: Context, repeat: Repeat, _for: object, length: Length) -> Senses | None:
    """For three weeks."""
    return repeat_senses(repeat.with_(length=length)) if repeat.length is None else None


@late_repeats.rule("repeat starting|from|from_to|in when|day", "starting when repeat")
def repeat_from(_: Context, *values: object) -> Senses | None:
    """Starting next Monday."""
    repeat = next(value for value in values if isinstance(value, Repeat))
    start = next(value for value in values if isinstance(value, (When, Day)))
    when = start if isinstance(start, When) else When(day=start)
    return repeat_senses(repeat.with_(start=when)) if repeat.start is None else None


@late_repeats.rule("repeat except when|day", "repeat except repeat")
def repeat_except(_: Context, repeat: Repeat, _except: object, other: When | Day | Repeat) -> Senses | None:
    """Every day except Sunday."""
    if isinstance(other, Repeat):
        left_out = other.weekdays
    else:
        day = other.day if isinstance(other, When) else other
        left_out = (day.weekday,) if day and day.weekday is not None else ()
    if not left_out or repeat.freq not in ("DAILY", "WEEKLY") or repeat.interval > 1:
        return None
    kept = tuple(day for day in (repeat.weekdays or range(7)) if day not in left_out)
    return repeat_senses(repeat.with_(freq="WEEKLY", weekdays=kept)) if kept else None


@repeats.rule("every weekday dom_ordinal|dom", "every weekday day_word dom_ordinal|dom")
def every_weekday_on_dom(context: Context, *_values: object) -> Senses | None:
    """Every Friday the 13th."""
    found = context.values()
    dom = found.get("dom_ordinal") or found["dom"]
    is_hour = dom <= MONTHS or context.follows("unit", "hour_mark", "am", "pm", "oclock", "month", "dash", "to", "num")
    if context.skipped("of") or ("dom_ordinal" not in found and is_hour):
        return None
    return repeat_senses(Repeat("MONTHLY", weekdays=(found["weekday"],), month_days=(dom,)))


@late_repeats.rule("within|in unit before_it|before")
def remind_one_before(context: Context, _within: object, unit: str, _before: object) -> Senses | None:
    """An hour before, without the number ("за час до")."""
    if not context.style("bare_unit_is_one") or context.follows("when", "day"):
        return None
    return {"remind": Length(((1, unit),))}


@late_repeats.rule(
    "length beforehand",
    "length before_it",
    "within|in length before_it|before",
    "remind_mark length before|beforehand|before_it",
)
def remind_before(context: Context, *values: object) -> Senses | None:
    """An hour before."""
    length = next(value for value in values if isinstance(value, Length))
    return {"remind": length} if not context.follows("when", "day") else None


@repeats.rule("repeat and? weekday", "repeat and? every_weekday", "repeat dash|to weekday", "repeat and every weekday")
def more_weekdays(context: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """Every Monday, Wednesday and Friday; every Monday to Thursday."""
    weekday = int(str(rest[-1]))
    row = context.row
    is_plain = repeat.freq == "WEEKLY" and not repeat.nth
    if is_plain and not repeat.weekdays and not any("and" in item.senses for item in row):
        return repeat_senses(repeat.with_(weekdays=(weekday,)))
    if not is_plain or not repeat.weekdays:
        return None
    if any({"to", "dash"} & item.senses.keys() for item in row) and not any("and" in item.senses for item in row):
        first = repeat.weekdays[-1]
        return repeat_senses(
            repeat.with_(weekdays=tuple((first + step) % 7 for step in range((weekday - first) % 7 + 1)))
        )
    return repeat_senses(repeat.with_(weekdays=tuple(dict.fromkeys((*repeat.weekdays, weekday)))))


@repeats.rule("repeat and? dom_ordinal", "repeat and dom")
def more_doms(_: Context, repeat: Repeat, _and: object, dom: int) -> Senses | None:
    """Every 1st and 15th."""
    return (
        repeat_senses(repeat.with_(month_days=(*repeat.month_days, dom)))
        if repeat.month_days and not repeat.months
        else None
    )


@repeats.rule(
    "dom_ordinal|dom and dom_ordinal|dom in? every unit", "dom_ordinal|dom and dom_ordinal|dom in? repeat_word"
)
def two_doms(context: Context, *_values: object) -> Senses | None:
    """The 1st and 15th of every month."""
    doms = [item.senses.get("dom_ordinal") or item.senses.get("dom") for item in context.row]
    first, second = (dom for dom in doms if dom is not None)
    senses = context.row[-1].senses
    if senses.get("unit", senses.get("repeat_word")) not in ("month", "monthly"):
        return None
    return repeat_senses(Repeat("MONTHLY", month_days=(first, second)))


@repeats.rule("of|from|from_to|at num in|to length", "of|from|from_to|at unit in|to unit")
def distributed(_: Context, _of: object, first: int | str, _in: object, second: Length | str) -> Senses | None:
    """De duas em duas horas: every two hours."""
    if isinstance(second, Length):
        count, unit = second.counts[0]
        repeat = of_unit(unit, int(count)) if count == first and len(second.counts) == 1 and count >= 1 else None
    else:
        repeat = of_unit(second) if first == second else None
    return repeat_senses(repeat) if repeat else None


@repeats.rule("repeat in? dom_ordinal", "repeat in? day_word dom|dom_ordinal", "repeat on dom")
def repeat_on_dom(_: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """Every month on the 15th."""
    if repeat.freq != "MONTHLY" or repeat.month_days or repeat.weekdays:
        return None
    return repeat_senses(repeat.with_(month_days=(int(str(rest[-1])),)))


@repeats.rule("repeat in? month dom|dom_ordinal", "repeat in? dom|dom_ordinal month")
def repeat_on_date(context: Context, repeat: Repeat, *_: object) -> Senses | None:
    """Every year on March 3."""
    senses = {name: value for item in reversed(context.row) for name, value in item.senses.items()}
    if repeat.freq != "YEARLY" or repeat.months:
        return None
    return repeat_senses(
        repeat.with_(months=(senses["month"],), month_days=(senses.get("dom_ordinal") or senses["dom"],))
    )


@repeats.rule("length|num finish", "every? length finish", "length after_done", "unit finish")
def after_done(_: Context, *values: object) -> Senses | None:
    """Three days after I finish."""
    length = next((value for value in values if isinstance(value, Length)), None)
    if length is None:
        return None
    count, unit = length.counts[0]
    repeat = of_unit(unit, max(1, int(count)))
    return repeat_senses(repeat.with_(after_completion=True)) if repeat else None


@repeats.rule("repeat and? every_weekday")
def and_more(_: Context, repeat: Repeat, _and: object, weekday: int) -> Senses | None:
    """Mondays and Thursdays."""
    return repeat_senses(repeat.with_(weekdays=(*repeat.weekdays, weekday))) if repeat.weekdays else None


@repeats.rule("repeat in|of month", "repeat and month")
def repeat_in_month(context: Context, repeat: Repeat, _in: object, month: int) -> Senses | None:
    """Every year in March; the first Monday of every September; every January and July."""
    if context.follows("dom", "dom_ordinal"):
        return None
    listed = context.found[1][2] == "and"
    if listed != bool(repeat.months) or repeat.month_days:
        return None
    freq = "YEARLY" if repeat.nth else repeat.freq
    return repeat_senses(repeat.with_(freq=freq, months=(*repeat.months, month)))


@repeats.rule("repeat in|of unit")
def repeat_of_unit(_: Context, repeat: Repeat, _of: object, unit: str) -> Senses | None:
    """The "of the month" after every 1st and 15th."""
    return repeat_senses(repeat) if unit == "month" and (repeat.month_days or repeat.nth) else None


@repeats.rule("every week_of")
def weekly_starting(context: Context, *_: object) -> Senses | None:
    """Every week starting tomorrow, where "week starting" is one phrase."""
    return repeat_senses(Repeat("WEEKLY")) if context.follows("from", "day_offset", "weekday", "next", "the") else None


@late_repeats.rule("repeat from_to|at|in? weak_range")
def repeat_range(_: Context, repeat: Repeat, _from: object, span: When) -> Senses | None:
    """Tuesdays from 5 until 6."""
    return _with_when(repeat, span)


@late_repeats.rule("when and|comma repeat")
def listed_before(_: Context, when: When, _and: object, repeat: Repeat) -> Senses | None:
    """At 8 am and 8 pm every day; Monday and Friday every week."""
    if when.clock and not when.day and repeat.clocks:
        return repeat_senses(repeat.with_(clocks=(when.clock, *repeat.clocks)))
    day = when.day
    is_weekday = day is not None and day.weekday is not None and day.dom is None and not when.clock
    if day is None or not is_weekday or not repeat.weekdays or repeat.nth or repeat.freq != "WEEKLY":
        return None
    return repeat_senses(repeat.with_(weekdays=(int(str(day.weekday)), *repeat.weekdays)))
