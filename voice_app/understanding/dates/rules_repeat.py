"""Rules for what happens again and again, and for reminders before a due moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.values import Clock, Day, Length, Repeat, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses

repeats = Stage("repeats")
late_repeats = Stage("late_repeats")

FREQUENCIES = {
    "second": ("SECONDLY", 1), "minute": ("MINUTELY", 1), "hour": ("HOURLY", 1), "day": ("DAILY", 1), "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1), "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1), "decade": ("YEARLY", 10),
}  # fmt: skip
WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
NAMED = {
    "hourly": Repeat("HOURLY"), "daily": Repeat("DAILY"), "weekly": Repeat("WEEKLY"), "biweekly": Repeat("WEEKLY", 2),
    "monthly": Repeat("MONTHLY"), "bimonthly": Repeat("MONTHLY", 2), "quarterly": Repeat("MONTHLY", 3),
    "semiannually": Repeat("MONTHLY", 6), "yearly": Repeat("YEARLY"), "workdays": Repeat("WEEKLY", weekdays=WORKDAYS),
    "weekends": Repeat("WEEKLY", weekdays=WEEKEND), "biennially": Repeat("YEARLY", 2), "triweekly": Repeat("WEEKLY", 3),
    "every_other_day": Repeat("DAILY", 2),
}  # fmt: skip


def _senses(repeat: Repeat) -> Senses:
    return {"repeat": repeat}


def of_unit(unit: str, interval: int = 1) -> Repeat | None:
    """Every so many units."""
    if unit == "workday":
        return Repeat("WEEKLY", weekdays=WORKDAYS) if interval == 1 else None
    if unit in ("weekend", "workweek"):
        return Repeat("WEEKLY", interval, weekdays=WEEKEND if unit == "weekend" else WORKDAYS)
    if unit not in FREQUENCIES:
        return None
    freq, times = FREQUENCIES[unit]
    return Repeat(freq, interval * times)


@repeats.rule("repeat_word")
def named(_: Context, name: str) -> Senses | None:
    """Daily, biweekly."""
    return _senses(NAMED[name]) if name in NAMED else None


@repeats.rule("every repeat")
def every_named(_: Context, _every: object, repeat: Repeat) -> Senses:
    """Every Monday to Friday, where the days are one phrase."""
    return _senses(repeat)


@repeats.rule("every month")
def every_named_month(context: Context, _every: object, month: int) -> Senses | None:
    """Every January."""
    return _senses(Repeat("YEARLY", months=(month,))) if not context.follows("dom", "dom_ordinal") else None


@repeats.rule("every unit", "every one unit")
def every_unit(context: Context, *values: object) -> Senses | None:
    """Every week."""
    repeat = of_unit(str(values[-1]))
    return _senses(repeat) if repeat else None


@repeats.rule("every num unit", "every length", "every num next? unit", "every bang num unit", "every bang length", "every num bang unit")
def every_few_units(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every three weeks; with "every!" counted from when it is done."""
    found = context.values()
    rest = (found["length"],) if "length" in found else (found["num"], found["unit"])
    if isinstance(rest[0], Length):
        count, unit = rest[0].counts[0]
        if len(rest[0].counts) > 1:
            return None
    else:
        count, unit = float(str(rest[0])), str(rest[-1])
    smaller = {"hour": "minute", "minute": "second", "year": "month"}
    if count != int(count) and unit in smaller:
        count, unit = count * (12 if unit == "year" else 60), smaller[unit]
    repeat = of_unit(unit, int(count)) if count >= 1 and count == int(count) else None
    return _senses(repeat.with_(after_completion="bang" in found)) if repeat else None


@repeats.rule("every other unit", "every ordinal unit", "every one other unit")
def every_nth_unit(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every other day, every third month."""
    nth = next((value for value in rest if isinstance(value, int) and not isinstance(value, bool)), 2)
    unit = str(rest[-1])
    if context.skipped("of"):
        return None
    if unit == "day" and context.follows("in", "of_month", "unit") and nth > 2:
        return None
    repeat = of_unit(unit, nth)
    return _senses(repeat) if repeat else None


@repeats.rule("every weekday", "every_weekday", "on every_weekday", "every every_weekday", "on weekday_plural", "these weekday")
def every_weekday(_: Context, *values: object) -> Senses:
    """Every Monday; Sundays."""
    return _senses(Repeat("WEEKLY", weekdays=(int(str(values[-1])),)))


@repeats.rule("article weekday")
def habitual_weekday(context: Context, _article: object, weekday: int) -> Senses | None:
    """Le dimanche: in French every Sunday, where "dimanche" is the coming one."""
    if not context.style("article_weekday_repeats") or context.precedes("from_to", "to", "until", "by", "ordinal", "unit"):
        return None
    if context.skipped("comma") or context.follows("dom", "dom_ordinal", "month", "next", "following", "last", "to", "dash", "date3", "pair", "weeks_later"):
        return None
    return _senses(Repeat("WEEKLY", weekdays=(weekday,)))


@repeats.rule("every other weekday", "every ordinal weekday", "every num weekday", "every one other weekday")
def every_nth_weekday(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every other Tuesday; every third Friday (of the month)."""
    weekday = int(str(rest[-1]))
    if any("ordinal" in item.senses and "other" not in item.senses for item in context.row):
        nth = next(value for value in rest if not isinstance(value, bool))
        return _senses(Repeat("MONTHLY", weekdays=(weekday,), nth=(int(str(nth)),)))
    count = next((int(str(value)) for value in rest[:-1] if not isinstance(value, bool)), 2)
    return _senses(Repeat("WEEKLY", count, weekdays=(weekday,)))


@repeats.rule("every last weekday|workday_unit", "every ordinal|last weekday in? unit", "every ordinal|last weekday in? every unit", "ordinal|last weekday in? every unit", "on? ordinal|last every_weekday in? unit")
def nth_weekday_of_month(context: Context, *values: object) -> Senses | None:
    """Every last Friday; the first Monday of every month."""
    row = context.row
    unit = next((item.senses["unit"] for item in row if "unit" in item.senses), "month")
    nth = context.values().get("ordinal", -1)
    weekday = next(item.senses.get("weekday", item.senses.get("every_weekday")) for item in row if {"weekday", "every_weekday"} & item.senses.keys())
    freq = {"month": "MONTHLY", "year": "YEARLY"}.get(unit)
    return _senses(Repeat(freq, weekdays=(weekday,), nth=(nth,))) if freq else None


@repeats.rule("every ordinal|last unit in? unit", "ordinal|last unit in? every unit", "every last unit", "every last unit in? every? unit")
def nth_day_of_month(context: Context, *values: object) -> Senses | None:
    """Every last workday, the last day of every month."""
    row = context.row
    units = [item.senses["unit"] for item in row if "unit" in item.senses]
    nth = next((item.senses["ordinal"] for item in row if "ordinal" in item.senses), -1)
    if len(units) > 1 and units[1] != "month":
        return None
    if units[0] == "day":
        return _senses(Repeat("MONTHLY", month_days=(nth,)))
    if units[0] == "workday":
        return _senses(Repeat("MONTHLY", weekdays=WORKDAYS, set_position=nth))
    return None


@repeats.rule("repeat in? ordinal|last weekday", "repeat in? ordinal|last unit")
def repeat_on_nth(context: Context, repeat: Repeat, *_: object) -> Senses | None:
    """Every month on the last Monday."""
    row = context.row
    nth = row[-2].senses.get("ordinal", -1) if "ordinal" in row[-2].senses or "last" in row[-2].senses else -1
    if repeat.freq not in ("MONTHLY", "YEARLY") or repeat.weekdays or repeat.month_days:
        return None
    last = row[-1].senses
    if "weekday" in last:
        return _senses(repeat.with_(weekdays=(last["weekday"],), nth=(nth,)))
    if last["unit"] == "day":
        return _senses(repeat.with_(month_days=(nth,)))
    return _senses(repeat.with_(weekdays=WORKDAYS, set_position=nth)) if last["unit"] == "workday" else None


@repeats.rule("every dom_ordinal|dom in? unit", "every dom_ordinal", "every dom", "dom_ordinal|dom in? every unit", "every day_word dom|dom_ordinal", "day_word dom in? every unit", "every dom_ordinal day_word in? unit", "dom_ordinal unit in? every unit", "dom|dom_ordinal day_word in? every unit", "every dom|dom_ordinal day_word")
def every_dom(context: Context, *values: object) -> Senses | None:
    """Every 27th; the 19th of every month."""
    row = context.row
    units = [item.senses["unit"] for item in row if "unit" in item.senses]
    if (units and units[-1] != "month") or context.follows("unit", "month", "weekday", "times_num", "am", "pm", "oclock", "hour_mark"):
        return None
    dom = next(item.senses.get("dom_ordinal") or item.senses["dom"] for item in row if {"dom", "dom_ordinal"} & item.senses.keys())
    if not units and not context.ends_phrase:
        return None
    return _senses(Repeat("MONTHLY", month_days=(dom,)))


@repeats.rule("every month dom|dom_ordinal", "every dom|dom_ordinal month", "every pair", "every holiday", "month dom|dom_ordinal every unit", "dom|dom_ordinal month every unit")
def every_date(context: Context, *values: object) -> Senses | None:
    """Every January 27th; every 15/4; every Christmas."""
    from voice_app.understanding.dates.context import place
    from voice_app.understanding.dates.rules_day import written_pair

    row = context.row
    senses = {name: value for item in reversed(row) for name, value in item.senses.items()}
    if "unit" in row[-1].senses and row[-1].senses["unit"] != "year":
        return None
    if "month" in senses:
        return _senses(Repeat("YEARLY", months=(senses["month"],), month_days=(senses.get("dom_ordinal") or senses["dom"],)))
    if "pair" in senses:
        found = written_pair(context, senses["pair"], None)
        day: Day | None = found.get("day") if found else None
        return _senses(Repeat("YEARLY", months=(day.month,), month_days=(day.dom,))) if day and day.month and day.dom else None
    placed = place(Day(holiday=senses["holiday"]), context)
    return _senses(Repeat("YEARLY", months=(placed.first.month,), month_days=(placed.first.day,))) if placed else None


@repeats.rule("every part", "every_part", "on every_part", "every day_unit in? part", "every next? unit in? part", "every weekday part", "every weekday in part")
def every_part(context: Context, *values: object) -> Senses | None:
    """Every morning; mornings; every Monday morning."""
    row = context.row
    weekday = next((item.senses["weekday"] for item in row if "weekday" in item.senses), None)
    unit = next((item.senses["unit"] for item in row if "unit" in item.senses), None)
    part = str(values[-1])
    if weekday is not None:
        return _senses(Repeat("WEEKLY", weekdays=(weekday,), part=part))
    repeat = of_unit(unit or "day")
    return _senses(repeat.with_(part=part)) if repeat else None


@repeats.rule("every weekday_part")
def every_weekday_part(_: Context, _every: object, value: tuple[int, str]) -> Senses:
    """Jeden Montagmorgen."""
    return _senses(Repeat("WEEKLY", weekdays=(value[0],), part=value[1]))


@repeats.rule("num_times|once repeat_word", "num times repeat_word")
def times_named(_: Context, *values: object) -> Senses | None:
    """Zweimal pro Woche."""
    name = str(values[-1])
    return _senses(NAMED[name]) if name in NAMED else None


@repeats.rule("one? weekday|unit one_in_two")
def one_in_two(context: Context, *_: object) -> Senses | None:
    """Un mardi sur deux."""
    found = context.values()
    if "weekday" in found:
        return _senses(Repeat("WEEKLY", 2, weekdays=(found["weekday"],)))
    repeat = of_unit(found["unit"], 2)
    return _senses(repeat) if repeat else None


@repeats.rule("once one? unit", "once every unit", "num times one|every unit", "once in? unit", "one in? every unit", "num times in? unit", "twice one|in? unit", "one one unit", "twice every unit", "once per unit", "num times per unit", "num_times one|in|at|every? unit", "once every num unit", "once length", "once every length", "num times length", "num_times length", "once in length", "one length")
def times_a_unit(context: Context, *values: object) -> Senses | None:
    """Once a week; twice a day (as often as the rule can say)."""
    last = values[-1]
    if isinstance(last, Length):
        count, unit = last.counts[0]
        if len(context.row) == 2 and count != 1:
            return None
        repeat = of_unit(unit, max(1, int(count)))
    else:
        number = context.row[-2].senses.get("num") if "every" in context.row[1].senses else None
        repeat = of_unit(str(last), int(number) if isinstance(number, int) else 1)
    return _senses(repeat) if repeat else None


@repeats.rule("repeat and? weekday", "repeat and? every_weekday", "repeat dash|to weekday", "repeat and every weekday")
def more_weekdays(context: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """Every Monday, Wednesday and Friday; every Monday to Thursday."""
    weekday = int(str(rest[-1]))
    row = context.row
    is_plain = repeat.freq == "WEEKLY" and not repeat.nth
    if is_plain and not repeat.weekdays and not any("and" in item.senses for item in row):
        return _senses(repeat.with_(weekdays=(weekday,)))
    if not is_plain or not repeat.weekdays or (len(row) == 2 and not _is_list(context)):
        return None
    if any({"to", "dash"} & item.senses.keys() for item in row) and not any("and" in item.senses for item in row):
        first = repeat.weekdays[-1]
        return _senses(repeat.with_(weekdays=tuple((first + step) % 7 for step in range((weekday - first) % 7 + 1))))
    return _senses(repeat.with_(weekdays=tuple(dict.fromkeys((*repeat.weekdays, weekday)))))


def _is_list(context: Context) -> bool:
    """Two weekdays in a row are a list ("every mon wed fri")."""
    return True


@repeats.rule("repeat and? dom_ordinal", "repeat and dom")
def more_doms(_: Context, repeat: Repeat, _and: object, dom: int) -> Senses | None:
    """Every 1st and 15th."""
    return _senses(repeat.with_(month_days=(*repeat.month_days, dom))) if repeat.month_days and not repeat.months else None


@repeats.rule("repeat in? dom_ordinal", "repeat in? day_word dom|dom_ordinal", "repeat on dom")
def repeat_on_dom(_: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """Every month on the 15th."""
    if repeat.freq != "MONTHLY" or repeat.month_days or repeat.weekdays:
        return None
    return _senses(repeat.with_(month_days=(int(str(rest[-1])),)))


@repeats.rule("repeat in? month dom|dom_ordinal", "repeat in? dom|dom_ordinal month")
def repeat_on_date(context: Context, repeat: Repeat, *_: object) -> Senses | None:
    """Every year on March 3."""
    senses = {name: value for item in reversed(context.row) for name, value in item.senses.items()}
    if repeat.freq != "YEARLY" or repeat.months:
        return None
    return _senses(repeat.with_(months=(senses["month"],), month_days=(senses.get("dom_ordinal") or senses["dom"],)))


@repeats.rule("length|num finish", "every? length finish", "length after_done", "unit finish")
def after_done(_: Context, *values: object) -> Senses | None:
    """Three days after I finish."""
    length = next((value for value in values if isinstance(value, Length)), None)
    if length is None:
        return None
    count, unit = length.counts[0]
    repeat = of_unit(unit, max(1, int(count)))
    return _senses(repeat.with_(after_completion=True)) if repeat else None


@repeats.rule("repeat and? every_weekday")
def and_more(_: Context, repeat: Repeat, _and: object, weekday: int) -> Senses | None:
    """Mondays and Thursdays."""
    return _senses(repeat.with_(weekdays=(*repeat.weekdays, weekday))) if repeat.weekdays else None


@late_repeats.rule("repeat in|at|for|from_to|comma? when")
def repeat_at(context: Context, repeat: Repeat, _in: object, when: When) -> Senses | None:
    """Every day at 9; every week on Tuesday."""
    return _with_when(context, repeat, when)


@late_repeats.rule("when repeat", "when comma repeat")
def at_repeat(context: Context, when: When, *rest: Repeat) -> Senses | None:
    """At 9 every Sunday; tomorrow and then daily."""
    return _with_when(context, rest[-1], when)


def _with_when(context: Context, repeat: Repeat, when: When) -> Senses | None:
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
        return _senses(changed)
    return _on_day(changed, day, when)


def _on_day(repeat: Repeat, day: Day, when: When) -> Senses | None:
    """A day beside a repetition narrows it, or is where it starts."""
    if day.weekday is not None and day.dom is None and day.shift is None and not repeat.weekdays and repeat.freq == "WEEKLY":
        return _senses(repeat.with_(weekdays=(day.weekday,)))
    if day.dom and repeat.freq in ("MONTHLY", "YEARLY") and not repeat.month_days and not repeat.weekdays:
        months = (day.month,) if day.month and repeat.freq == "YEARLY" else ()
        return _senses(repeat.with_(months=months, month_days=(day.dom,)))
    if repeat.start is None:
        return _senses(repeat.with_(start=When(day=day)))
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
        return _senses(repeat.with_(clocks=(*repeat.clocks, clock)))
    if repeat.clocks or (listed and not repeat.clocks):
        return None
    return _senses(repeat.with_(clocks=(clock,)))


@late_repeats.rule("repeat in|at|for? part")
def repeat_part(_: Context, repeat: Repeat, _in: object, part: str) -> Senses | None:
    """Every day in the morning."""
    return _senses(repeat.with_(part=part)) if repeat.part is None else None


@late_repeats.rule("hour|weak_clock repeat", "hour_clock repeat", "at hour|hour_clock repeat")
def hour_repeat(context: Context, *values: object) -> Senses | None:
    """À 15 tous les jours."""
    repeat, value = values[-1], values[-2]
    if not isinstance(repeat, Repeat) or repeat.clocks:
        return None
    clock = value if isinstance(value, Clock) else Clock(int(str(value)))
    return _senses(repeat.with_(clocks=(clock,))) if context.at == 0 or "at" in context.row[0].senses or isinstance(value, Clock) else None


@late_repeats.rule("part repeat", "in part repeat")
def part_repeat(_: Context, *values: object) -> Senses | None:
    """Morning, daily."""
    repeat = values[-1]
    return _senses(repeat.with_(part=str(values[-2]))) if isinstance(repeat, Repeat) and repeat.part is None else None


@late_repeats.rule("repeat until|to|by|dash when|day")
def repeat_until(_: Context, repeat: Repeat, _until: object, end: When | Day) -> Senses | None:
    """Until June."""
    return _senses(repeat.with_(until=end if isinstance(end, When) else When(day=end))) if repeat.until is None else None


@late_repeats.rule("repeat for num times", "repeat num times", "repeat times num", "repeat for? num_times")
def repeat_count(_: Context, repeat: Repeat, *rest: object) -> Senses | None:
    """For 20 times."""
    count = next((value for value in rest if isinstance(value, int) and not isinstance(value, bool)), None)
    return _senses(repeat.with_(count=count)) if count and repeat.count is None else None


@late_repeats.rule("repeat for|during|in length")
def repeat_for(_: Context, repeat: Repeat, _for: object, length: Length) -> Senses | None:
    """For three weeks."""
    return _senses(repeat.with_(length=length)) if repeat.length is None else None


@late_repeats.rule("repeat starting|from|from_to|in when|day", "starting when repeat")
def repeat_from(_: Context, *values: object) -> Senses | None:
    """Starting next Monday."""
    repeat = next(value for value in values if isinstance(value, Repeat))
    start = next(value for value in values if isinstance(value, (When, Day)))
    when = start if isinstance(start, When) else When(day=start)
    return _senses(repeat.with_(start=when)) if repeat.start is None else None


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
    return _senses(repeat.with_(freq="WEEKLY", weekdays=kept)) if kept else None


@late_repeats.rule("length beforehand", "length before_it", "within|in length before_it|before", "remind_mark length before|beforehand|before_it")
def remind_before(context: Context, *values: object) -> Senses | None:
    """An hour before."""
    length = next(value for value in values if isinstance(value, Length))
    return {"remind": length} if not context.follows("when", "day") else None
