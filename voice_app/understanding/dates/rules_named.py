"""Rules for days that are named or pointed at: today, Friday, next March, the 15th, this evening."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from voice_app.understanding.dates.calendar import (
    add_days,
    next_weekday,
)
from voice_app.understanding.dates.context import Context
from voice_app.understanding.dates.days import MONTHS, STEPS, day_senses, shift_of, shift_unit
from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.holidays import SEASONS
from voice_app.understanding.dates.rules_clock import clock_senses, is_part_here
from voice_app.understanding.dates.values import Clock, Day, When

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Senses

named_days = Stage("named_days")


@named_days.rule("day_offset")
def offset_day(context: Context, offset: int) -> Senses | None:
    """Today, tomorrow, the day after tomorrow."""
    if "one_after" in context.row[0].senses and context.follows("day", "when", "holiday"):
        return None
    if "part" in context.row[0].senses and is_part_here(context):
        return {"part": context.row[0].senses["part"]}
    senses = day_senses(Day(fixed=add_days(context.today, offset)))
    return senses | {"past": True} if offset < 0 else senses


@named_days.rule("part_of_day")
def part_of_named_day(context: Context, key: str) -> Senses:
    """Tonight."""
    offset, part = key.split()
    return {"when": When(day=Day(fixed=add_days(context.today, int(offset))), part=part)}


@named_days.rule("now")
def now(context: Context, _now: object) -> Senses:
    """Right now."""
    return {"when": When(moment=context.said_at, grain="second")}


@named_days.rule("next|following|coming|last|this|after_next weekday", "weekday next|following|coming|last|after_next")
def shifted_weekday(context: Context, *_values: object) -> Senses | None:
    """Next Friday; mardi prochain; el viernes que viene."""
    row = context.row
    if "weekday" in row[0].senses and context.follows("weekday", "unit", "month"):
        return None
    if "after" in row[-1].senses and context.follows("holiday", "day", "when"):
        return None
    weekday = next(item.senses["weekday"] for item in row if "weekday" in item.senses)
    shift = shift_of(row)
    return day_senses(Day(weekday=weekday, shift="next" if shift == "following" else shift))


@named_days.rule("next|following|this|coming|last month", "month next|following|coming|last|this")
def shifted_month(context: Context, *_values: object) -> Senses | None:
    """Next March."""
    row = context.row
    month = next(item.senses["month"] for item in row if "month" in item.senses)
    shift = shift_of(row)
    return day_senses(Day(month=month, shift="last" if shift == "last" else "next" if shift != "this" else None))


@named_days.rule("next|following|this|coming|last day", "day next|following|coming|last")
def shifted_day(context: Context, *_values: object) -> Senses | None:
    """Next Christmas, next 5/12."""
    row = context.row
    day: Day = next(item.senses["day"] for item in row if "day" in item.senses)
    if day.holiday is None and day.month is None:
        return None
    if "after" in context.row[0].senses:
        return None
    changed = Day(
        day.year,
        day.month,
        day.dom,
        day.weekday,
        holiday=day.holiday,
        shift="last" if shift_of(row) == "last" else None,
    )
    return day_senses(changed)


@named_days.rule("next|following|this|coming|last part", "part next|following|coming")
def shifted_part(context: Context, *_values: object) -> Senses | None:
    """This morning, next evening."""
    row = context.row
    part = next(item.senses["part"] for item in row if "part" in item.senses)
    if part == "lunch":
        return None
    offset = STEPS[shift_of(row)]
    return {"when": When(day=Day(fixed=add_days(context.today, min(offset, 1))), part=part)}


@named_days.rule("in|during|on? month", "this|next|in|by|coming|part_mark season", "season", "season year")
def bare_month(context: Context, *_values: object) -> Senses | None:
    """In March, this summer."""
    row = context.row
    month = row[-1].senses.get("month")
    if len(row) == 1 and "weekday" in row[0].senses:
        return None
    if month is not None:
        return day_senses(Day(month=month))
    if len(row) == 1 and not context.is_whole:
        return None
    return _season(context, context.values())


def _season(context: Context, found: dict[str, Any]) -> Senses:
    """A season by its first day, in the year that was said or the next one that is not over."""
    start, year = SEASONS[found["season"]], found.get("year", context.today.year)
    first = dt.date(year, *start)
    is_over = add_days(first, 90) < context.today or ("next" in found and first <= context.today)
    if "year" not in found and is_over:
        first = dt.date(year + 1, *start)
    return day_senses(Day(fixed=first, last=add_days(first, 90), grain="quarter"))


@named_days.rule("weekday dom|dom_ordinal", "weekday day_word dom|dom_ordinal")
def weekday_and_dom(context: Context, *_values: int) -> Senses | None:
    """Friday the 13th; martes once. A small number may be an hour ("Friday three")."""
    found = context.values()
    weekday, dom = found["weekday"], found.get("dom_ordinal") or found["dom"]
    if context.skipped("of"):
        return None
    sure = "dom_ordinal" in found or "day_word" in found or dom > MONTHS
    if not sure and (not context.style("weekday_dom") or not context.ends_phrase):
        return None
    if "dom" in found and context.follows("unit", "dash", "hour_mark", "am", "pm", "oclock", "num"):
        return None
    return day_senses(Day(weekday=weekday, dom=dom))


@named_days.rule("day_word dom|dom_ordinal", "the day_word dom|dom_ordinal", "dom day_word")
def numbered_day(context: Context, *_values: int) -> Senses | None:
    """Día quince; 18 तारीख."""
    found = context.values()
    if context.skipped("on") or (found.get("day_word") and context.found[-1][2] == "day_word" and context.has_gap):
        return None
    return day_senses(Day(dom=found.get("dom_ordinal") or found["dom"]))


@named_days.rule("the|on? dom_ordinal", "the|on dom")
def dom_alone(context: Context, *values: int) -> Senses | None:
    """The 15th, am 15., le 16, until the 3rd."""
    item, article = context.row[-1], context.found[0][2] if len(context.found) > 1 else None
    is_digit = "ord_suffix" in item.senses or ("dom_ordinal" in item.senses and "digits" in item.senses)
    has_preposition = article == "on" or context.precedes("by", "until", "from", "from_to", "to", "starting")
    if "weekday" in item.senses or "half_to" in item.senses or not (article or has_preposition):
        return None
    if context.follows(*NO_DAY_BEFORE) or _in_range(context):
        return None
    if "dom_ordinal" not in item.senses and not context.style("article_dom"):
        return None
    is_pointed_at = has_preposition and "the" not in context.row[0].senses
    says_ordinals = context.style("ordinal_dates") and is_pointed_at
    if not is_digit and "dom_ordinal" in item.senses and values[-1] != 1 and not says_ordinals:
        return None
    return day_senses(Day(dom=values[-1])) if context.ends_phrase or (is_digit and has_preposition) else None


NO_DAY_BEFORE = (
    "unit", "weekday", "month", "times_num", "ordinal", "part", "to", "dash", "minutes_to", "one", "num", "money",
    "next", "following", "coming", "last", "part_of_day",
)  # fmt: skip
"""Before these an ordinal counts something else, or begins a range."""


def _in_range(context: Context) -> bool:
    """Whether the number is one end of a range, which the rules for ranges read."""
    if context.precedes("between") and context.follows("and"):
        return True
    here = context.at - 1
    joins = {"to", "dash", "minutes_to", "and"}
    if not joins & context.row[0].senses.keys():
        while here >= 0 and context.items[here].is_soft and not joins & context.items[here].senses.keys():
            here -= 1
        if here < 0 or not joins & context.items[here].senses.keys():
            return False
        here -= 1
    return here >= 0 and not {"dom", "dom_ordinal", "num", "day"}.isdisjoint(context.items[here].senses)


@named_days.rule("weekday|unit after next")
def after_the_next(context: Context, *_values: object) -> Senses | None:
    """Wednesday after next; the week after next."""
    senses = context.row[0].senses
    if context.follows("weekday", "unit", "month", "day", "when"):
        return None
    if "weekday" in senses:
        return day_senses(Day(weekday=senses["weekday"], shift="after_next"))
    return shift_unit(context, senses["unit"], "after_next")


@named_days.rule("weekday unit", "length on weekday")
def weekday_week(context: Context, *_values: object) -> Senses | None:
    """British "Tuesday week", "a week on Tuesday": a week after the coming one."""
    found = context.values()
    length = found.get("length")
    weeks = 1 if length is None else int(length.counts[0][0])
    if (length is None and (found["unit"] != "week" or not context.ends_phrase)) or not context.style("weekday_week"):
        return None
    if length is not None and (length.unit != "week" or context.precedes("in", "within")):
        return None
    coming = next_weekday(context.today, found["weekday"], allow_same=False)
    return day_senses(Day(fixed=add_days(coming, 7 * weeks)))


@named_days.rule("hour_clock")
def hours_as_clock(context: Context, clock: Clock) -> Senses | None:
    """A bare "16h", 15 часов: a time of day, unless the words around make it a length."""
    if not context.style("bare_hours_are_clock") and clock.hour <= MONTHS:
        return None
    if context.precedes("in", "within", "for", "after", "ago_before", "during", "every", "next", "duration_mark"):
        return None
    if context.follows("later", "ago", "after", "before", "finish", "beforehand", "before_it"):
        return None
    return clock_senses(clock)


@named_days.rule("this|next when")
def this_part(context: Context, _this: object, when: When) -> Senses | None:
    """Esta tarde a las tres."""
    if when.day or when.moment or not when.part:
        return None
    day = add_days(context.today, 1 if "next" in context.row[0].senses else 0)
    return {"when": when.with_(day=Day(fixed=day))}


@named_days.rule("weekday_part", "next|following|this|coming|last weekday_part")
def weekday_part(context: Context, *_values: object) -> Senses:
    """Montagabend, volgende maandagmorgen."""
    weekday, part = context.row[-1].senses["weekday_part"]
    shift = shift_of(context.row) if len(context.row) > 1 else None
    return {"when": When(day=Day(weekday=weekday, shift="next" if shift == "following" else shift), part=part)}


@named_days.rule("weekday")
def weekday_alone(_: Context, weekday: int) -> Senses:
    """Friday."""
    return day_senses(Day(weekday=weekday))


@named_days.rule("unit weekday", "this? unit")
def week_then_weekday(context: Context, *_values: object) -> Senses | None:
    """A bare "weekend" is the coming one."""
    row = context.row
    if len(row) == 1 and row[0].senses.get("unit") == "weekend":
        return shift_unit(context, "weekend", "this")
    return None
