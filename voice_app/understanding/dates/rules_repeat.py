"""Rules for what happens again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_app.understanding.dates.context import Context, place
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_date import written_pair
from voice_app.understanding.dates.values import Day, Length, Repeat

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

repeats = Stage("repeats")
FREQUENCIES = {
    "second": ("SECONDLY", 1),
    "minute": ("MINUTELY", 1),
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
    "decade": ("YEARLY", 10),
}
WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
NAMED = {
    "hourly": Repeat("HOURLY"),
    "daily": Repeat("DAILY"),
    "weekly": Repeat("WEEKLY"),
    "biweekly": Repeat("WEEKLY", 2),
    "monthly": Repeat("MONTHLY"),
    "bimonthly": Repeat("MONTHLY", 2),
    "quarterly": Repeat("MONTHLY", 3),
    "semiannually": Repeat("MONTHLY", 6),
    "yearly": Repeat("YEARLY"),
    "workdays": Repeat("WEEKLY", weekdays=WORKDAYS),
    "weekends": Repeat("WEEKLY", weekdays=WEEKEND),
    "biennially": Repeat("YEARLY", 2),
    "triweekly": Repeat("WEEKLY", 3),
    "every_other_day": Repeat("DAILY", 2),
}
MOST_NTH, WEEKS_A_MONTH = 31, 5


def repeat_senses(repeat: Repeat) -> Senses | None:
    """The repetition, unless it names a weekday that no month has ("every ninth Monday")."""
    if any(not -WEEKS_A_MONTH <= nth <= WEEKS_A_MONTH for nth in repeat.nth):
        return None
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


@repeats.rule("repeat_word", "every repeat_word")
def named(_: Context, *values: str) -> Senses | None:
    """Daily, biweekly."""
    return repeat_senses(NAMED[values[-1]]) if values[-1] in NAMED else None


@repeats.rule("every repeat")
def every_named(_: Context, _every: object, repeat: Repeat) -> Senses | None:
    """Every Monday to Friday, where the days are one phrase."""
    return repeat_senses(repeat)


@repeats.rule("every month")
def every_named_month(context: Context, _every: object, month: int) -> Senses | None:
    """Every January."""
    return repeat_senses(Repeat("YEARLY", months=(month,))) if not context.follows("dom", "dom_ordinal") else None


@repeats.rule("every unit", "every one unit")
def every_unit(_context: Context, *values: object) -> Senses | None:
    """Every week."""
    repeat = of_unit(str(values[-1]))
    return repeat_senses(repeat) if repeat else None


@repeats.rule(
    "every num unit",
    "every length",
    "every num next? unit",
    "every bang num unit",
    "every bang length",
    "every num bang unit",
)
def every_few_units(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every three weeks; with "every!" counted from when it is done."""
    found = context.values()
    if context.skipped("of"):
        return None
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
    return repeat_senses(repeat.with_(after_completion="bang" in found)) if repeat else None


@repeats.rule("every other unit", "every ordinal unit", "every one other unit")
def every_nth_unit(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every other day, every third month."""
    nth = next((value for value in rest if isinstance(value, int) and not isinstance(value, bool)), 2)
    unit = str(rest[-1])
    if context.skipped("of"):
        return None
    if unit == "day" and context.follows("in", "of_month", "unit") and nth > 2:
        return None
    repeat = of_unit(unit, nth) if nth <= MOST_NTH else None
    return repeat_senses(repeat) if repeat else None


@repeats.rule(
    "every weekday", "every_weekday", "on every_weekday", "every every_weekday", "on weekday_plural", "these weekday"
)
def every_weekday(context: Context, *values: object) -> Senses | None:
    """Every Monday; Sundays."""
    if context.stands_after("num") and context.follows("later", "ago"):
        return None
    return repeat_senses(Repeat("WEEKLY", weekdays=(int(str(values[-1])),)))


@repeats.rule("article weekday")
def habitual_weekday(context: Context, _article: object, weekday: int) -> Senses | None:
    """Le dimanche: in French every Sunday, where "dimanche" is the coming one."""
    if (
        context.row[-1].is_weak
        or not context.style("article_weekday_repeats")
        or context.precedes("from_to", "to", "until", "by", "ordinal", "unit")
    ):
        return None
    if context.skipped("comma") or context.follows(
        "dom", "dom_ordinal", "month", "next", "following", "last", "to", "dash", "date3", "pair", "weeks_later"
    ):
        return None
    return repeat_senses(Repeat("WEEKLY", weekdays=(weekday,)))


@repeats.rule("every ordinal and ordinal weekday in? unit?")
def two_of_month(_context: Context, *values: object) -> Senses | None:
    """Every second and fourth Tuesday of the month."""
    first, second, weekday, unit = values[1], values[3], values[4], values[6]
    if unit not in (None, "month"):
        return None
    return repeat_senses(Repeat("MONTHLY", weekdays=(int(str(weekday)),), nth=(int(str(first)), int(str(second)))))


@repeats.rule("every bang weekday")
def weekday_after_done(_: Context, _every: object, _bang: object, weekday: int) -> Senses | None:
    """Every! Monday: the first Monday after it is done."""
    return repeat_senses(Repeat("WEEKLY", weekdays=(weekday,), after_completion=True))


@repeats.rule("every other weekday", "every ordinal weekday", "every num weekday", "every one other weekday")
def every_nth_weekday(context: Context, _every: object, *rest: object) -> Senses | None:
    """Every other Tuesday; every third Friday (of the month)."""
    weekday = int(str(rest[-1]))
    if any("ordinal" in item.senses and "other" not in item.senses for item in context.row):
        nth = next(value for value in rest if not isinstance(value, bool))
        return repeat_senses(Repeat("MONTHLY", weekdays=(weekday,), nth=(int(str(nth)),)))
    count = next((int(str(value)) for value in rest[:-1] if not isinstance(value, bool)), 2)
    return repeat_senses(Repeat("WEEKLY", count, weekdays=(weekday,)))


@repeats.rule(
    "every last weekday|workday_unit",
    "every ordinal|last weekday|every_weekday in? unit",
    "every ordinal|last weekday in? every unit",
    "ordinal|last weekday in? every unit",
    "on? ordinal|last every_weekday in? unit",
)
def nth_weekday_of_month(context: Context, *_values: object) -> Senses | None:
    """Every last Friday; the first Monday of every month."""
    found = context.values()
    unit, nth = found.get("unit", "month"), found.get("ordinal", -1)
    weekday: int = found["weekday"] if "weekday" in found else found["every_weekday"]
    freq = {"month": "MONTHLY", "year": "YEARLY"}.get(unit)
    return repeat_senses(Repeat(freq, weekdays=(weekday,), nth=(nth,))) if freq else None


@repeats.rule(
    "every ordinal|last unit in? unit",
    "ordinal|last unit in? every unit",
    "every last unit",
    "every last unit in? every? unit",
)
def nth_day_of_month(context: Context, *_values: object) -> Senses | None:
    """Every last workday, the last day of every month."""
    row = context.row
    units = [item.senses["unit"] for item in row if "unit" in item.senses]
    nth = next((item.senses["ordinal"] for item in row if "ordinal" in item.senses), -1)
    if len(units) > 1 and units[1] != "month":
        return None
    if units[0] == "day":
        return repeat_senses(Repeat("MONTHLY", month_days=(nth,)))
    if units[0] == "workday":
        return repeat_senses(Repeat("MONTHLY", weekdays=WORKDAYS, set_position=nth))
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
        return repeat_senses(repeat.with_(weekdays=(last["weekday"],), nth=(nth,)))
    if last["unit"] == "day":
        return repeat_senses(repeat.with_(month_days=(nth,)))
    return repeat_senses(repeat.with_(weekdays=WORKDAYS, set_position=nth)) if last["unit"] == "workday" else None


@repeats.rule(
    "every dom_ordinal|dom in? unit",
    "every dom_ordinal",
    "every dom",
    "dom_ordinal|dom in? every unit",
    "every day_word dom|dom_ordinal",
    "day_word dom in? every unit",
    "every dom_ordinal day_word in? unit",
    "dom_ordinal unit in? every unit",
    "dom|dom_ordinal day_word in? every unit",
    "every dom|dom_ordinal day_word",
)
def every_dom(context: Context, *_values: object) -> Senses | None:
    """Every 27th; the 19th of every month."""
    row = context.row
    units = [item.senses["unit"] for item in row if "unit" in item.senses]
    if context.style("daily_dom") and len(row) > 1 and "day_word" in row[1].senses:
        units = units[1:]
    if (units and units[-1] != "month") or context.follows(
        "unit", "month", "weekday", "times_num", "am", "pm", "oclock", "hour_mark"
    ):
        return None
    dom = next(
        item.senses.get("dom_ordinal") or item.senses["dom"]
        for item in row
        if {"dom", "dom_ordinal"} & item.senses.keys()
    )
    if not units and not context.ends_phrase:
        return None
    return repeat_senses(Repeat("MONTHLY", month_days=(dom,)))


@repeats.rule(
    "every month dom|dom_ordinal",
    "every dom|dom_ordinal month",
    "every pair",
    "every holiday",
    "month dom|dom_ordinal every unit",
    "dom|dom_ordinal month every unit",
)
def every_date(context: Context, *_values: object) -> Senses | None:
    """Every January 27th; every 15/4; every Christmas."""
    row = context.row
    senses = {name: value for item in reversed(row) for name, value in item.senses.items()}
    if "unit" in row[-1].senses and row[-1].senses["unit"] != "year":
        return None
    if "month" in senses:
        return repeat_senses(
            Repeat("YEARLY", months=(senses["month"],), month_days=(senses.get("dom_ordinal") or senses["dom"],))
        )
    if "pair" in senses:
        found = written_pair(context, senses["pair"], None)
        day: Day | None = found.get("day") if found else None
        return (
            repeat_senses(Repeat("YEARLY", months=(day.month,), month_days=(day.dom,)))
            if day and day.month and day.dom
            else None
        )
    placed = place(Day(holiday=senses["holiday"]), context)
    return (
        repeat_senses(Repeat("YEARLY", months=(placed.first.month,), month_days=(placed.first.day,)))
        if placed
        else None
    )


@repeats.rule(
    "every part",
    "every_part",
    "on every_part",
    "every day_unit in? part",
    "every next? unit in? part",
    "every weekday part",
    "every weekday in part",
    "unit|weekday every_part",
)
def every_part(context: Context, *values: object) -> Senses | None:
    """Every morning; mornings; every Monday morning."""
    row = context.row
    weekday = next((item.senses["weekday"] for item in row if "weekday" in item.senses), None)
    unit = next((item.senses["unit"] for item in row if "unit" in item.senses), None)
    part = str(values[-1])
    if unit is not None and "every_part" in context.row[-1].senses and unit not in ("workday", "weekend"):
        return None
    if weekday is not None:
        return repeat_senses(Repeat("WEEKLY", weekdays=(weekday,), part=part))
    repeat = of_unit(unit or "day")
    return repeat_senses(repeat.with_(part=part)) if repeat else None


@repeats.rule("every weekday_part")
def every_weekday_part(_: Context, _every: object, value: tuple[int, str]) -> Senses | None:
    """Jeden Montagmorgen."""
    return repeat_senses(Repeat("WEEKLY", weekdays=(value[0],), part=value[1]))


@repeats.rule("num_times|once repeat_word", "num times repeat_word")
def times_named(_: Context, *values: object) -> Senses | None:
    """Zweimal pro Woche."""
    name = str(values[-1])
    return repeat_senses(NAMED[name]) if name in NAMED else None


@repeats.rule("one? weekday|unit|length one_in_two")
def one_in_two(context: Context, *_: object) -> Senses | None:
    """Un mardi sur deux."""
    found = context.values()
    if "weekday" in found:
        return repeat_senses(Repeat("WEEKLY", 2, weekdays=(found["weekday"],)))
    length = found.get("length")
    repeat = of_unit(length.unit if isinstance(length, Length) else found["unit"], 2)
    return repeat_senses(repeat) if repeat else None


@repeats.rule(
    "once one? unit",
    "once every unit",
    "num times one|every unit",
    "once in? unit",
    "one in? every unit",
    "num times in? unit",
    "twice one|in? unit",
    "one one unit",
    "twice every unit",
    "once per unit",
    "num times per unit",
    "num_times one|in|at|every? unit",
    "once every num unit",
    "once length",
    "once every length",
    "num times length",
    "num_times length",
    "once in length",
    "one length",
)
def times_a_unit(context: Context, *values: object) -> Senses | None:
    """Once a week; twice a day (as often as the rule can say)."""
    last = values[-1]
    if isinstance(last, Length):
        count, unit = last.counts[0]
        if "one" in context.values() and count != 1:
            return None
        repeat = of_unit(unit, max(1, int(count)))
    else:
        number = context.row[-2].senses.get("num") if "every" in context.row[1].senses else None
        repeat = of_unit(str(last), int(number) if isinstance(number, int) else 1)
    return repeat_senses(repeat) if repeat else None
