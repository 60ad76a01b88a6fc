"""What the meaning of a time depends on, and how a day that was only partly said finds its place in the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from voice_app.understanding.dates.calendar import (
    add_days,
    add_months,
    days_in_month,
    make_date,
    month_end,
    next_weekday,
    week_start,
)
from voice_app.understanding.dates.holidays import holiday_in

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Lexicon
    from voice_app.understanding.dates.tokens import Item
    from voice_app.understanding.dates.values import Day

YEARS_AHEAD = 8
"""How far a day like 29 February or "Friday the 13th" is looked for."""


@dataclass(slots=True)
class Placed:
    """A day in the calendar: its first and last date, and the other days that could be meant."""

    first: dt.date
    last: dt.date
    grain: str = "day"
    others: list[tuple[dt.date, str]] = field(default_factory=list)
    note: str = ""


@dataclass(slots=True)
class Context:
    """One text being read: the moment and zone of speaking, the speaker's settings, the language's words."""

    said_at: dt.datetime
    lexicon: Lexicon
    order: str = "dmy"
    """Order of numeric dates: dmy, mdy or ymd."""
    week_starts_on: int = 0
    prefer_future: bool = True
    items: list[Item] = field(default_factory=list)
    at: int = 0
    after: int = 0
    row: list[Item] = field(default_factory=list)
    """The items that the running rule matched, without those it stepped over."""

    @property
    def today(self) -> dt.date:
        """The speaker's date."""
        return self.said_at.date()

    def style(self, name: str) -> Any:  # noqa: ANN401 - a switch, a list of hours or a name, as the setting has it
        """A setting of the language's file."""
        return self.lexicon.style.get(name)

    budget: int = 400
    """How many more items the rules may look at; bounds the time that a text can take."""
    found: tuple[tuple[int, Any, str], ...] = ()
    """Index, value and class of each item of the row."""

    def look(self, items: list[Item], at: int, after: int, found: tuple[tuple[int, Any, str], ...] = ()) -> None:
        """Tell the rule that runs next where its match stands."""
        self.items, self.at, self.after, self.found = items, at, after, found
        self.row = [items[index] for index, _, _ in found] if found else [items[at]]

    def values(self) -> dict[str, Any]:
        """The matched values by class; of two of one class the first."""
        return {name: value for _, value, name in reversed(self.found)}

    def follows(self, *names: str) -> bool:
        """Whether the item after the match (an "of" left out) has one of these senses."""
        here = self.after
        while here < len(self.items):
            senses = self.items[here].senses
            if any(name in senses for name in names):
                return True
            if "of" not in senses or "month" not in names:
                return False
            names = ("month",)
            here += 1
        return False

    @property
    def has_gap(self) -> bool:
        """Whether the match stepped over anything but a hyphen or a comma."""
        missing = self.after - self.at - len(self.row)
        return missing > 0 and any(
            item not in self.row and not {"dash", "comma"} & item.senses.keys() and item.senses
            for item in self.items[self.at : self.after]
        )

    def stands_after(self, *names: str) -> bool:
        """Whether the item right before the match has one of these senses."""
        return self.at > 0 and any(name in self.items[self.at - 1].senses for name in names)

    def skipped(self, name: str) -> bool:
        """Whether the match stepped over an item of this class."""
        return any(name in item.senses and item not in self.row for item in self.items[self.at : self.after])

    def precedes(self, *names: str) -> bool:
        """Whether the item before the match (articles left out) has one of these senses."""
        here = self.at - 1
        while here >= 0 and self.items[here].is_soft and not any(name in self.items[here].senses for name in names):
            here -= 1
        return here >= 0 and any(name in self.items[here].senses for name in names)

    @property
    def ends_phrase(self) -> bool:
        """True where no unknown word follows at once, so that a number does not count things."""
        if self.after >= len(self.items):
            return True
        item = self.items[self.after]
        return bool(item.senses) or not item.is_word

    @property
    def is_whole(self) -> bool:
        """True where the match is all that was said."""
        outside = self.items[: self.at] + self.items[self.after :]
        return not any((item.is_word and not item.is_soft) or "num" in item.senses for item in outside)


def place(day: Day, context: Context) -> Placed | None:
    """The date or stretch that a day stands for; None where the calendar has no such day."""
    if day.fixed is not None:
        return Placed(day.fixed, day.last or day.fixed, day.grain, note=day.note)
    if day.holiday is not None:
        return _place_holiday(day, context)
    if day.month is not None and day.dom is not None:
        return _place_month_day(day, context)
    if day.month is not None:
        return _place_month(day, context)
    if day.dom is not None:
        return _place_dom(day, context)
    if day.weekday is not None:
        return _place_weekday(day, context)
    first_day = make_date(day.year, 1, 1) if day.year is not None else None
    return Placed(first_day, first_day.replace(month=12, day=31), "year") if first_day else None


def _years(context: Context, shift: str | None) -> range:
    """The years to try, nearest first."""
    year = context.today.year
    return range(year, year - YEARS_AHEAD, -1) if shift == "last" else range(year, min(year + YEARS_AHEAD, 9999) + 1)


def _fits(day: dt.date, context: Context, shift: str | None) -> bool:
    """Whether a date lies on the side of today that was meant."""
    if shift == "last":
        return day < context.today
    return day >= context.today or not context.prefer_future


def _place_holiday(day: Day, context: Context) -> Placed | None:
    key = day.holiday or ""
    if day.year is not None:
        found = holiday_in(key, day.year)
        return Placed(found, found) if found else None
    for year in _years(context, day.shift):
        found = holiday_in(key, year)
        if found and _fits(found, context, day.shift):
            return Placed(found, found)
    return None


def _place_month_day(day: Day, context: Context) -> Placed | None:
    month, dom = day.month or 1, day.dom or 1
    if day.year is not None:
        found = make_date(day.year, month, dom)
        return Placed(found, found, others=_other_order(day, context)) if found else None
    for year in _years(context, day.shift):
        found = make_date(year, month, dom)
        if found and _fits(found, context, day.shift):
            return Placed(found, found, others=_other_order(day, context))
    return None


def _other_order(day: Day, context: Context) -> list[tuple[dt.date, str]]:
    """The same numbers read in the other order, for dates like 3/4."""
    if day.swapped is None:
        return []
    month, dom = day.swapped
    for year in [day.year] if day.year else _years(context, None):
        found = make_date(year, month, dom)
        if found and (day.year or _fits(found, context, None)):
            return [(found, "day and month the other way round")]
    return []


def _place_month(day: Day, context: Context) -> Placed | None:
    month, today = day.month or 1, context.today
    year = day.year
    if year is None:
        year = today.year
        if day.shift == "last":
            year -= month >= today.month
        elif month < today.month or (day.shift == "next" and month == today.month):
            year += context.prefer_future
    first = make_date(year, month, 1)
    return Placed(first, month_end(first), "month") if first else None


def _place_dom(day: Day, context: Context) -> Placed | None:
    """A day of the month, in the first month from now on that has it (and where it is the weekday that was said)."""
    dom, month = day.dom or 1, context.today.replace(day=1)
    for _ in range(YEARS_AHEAD * 12):
        if dom <= days_in_month(month.year, month.month):
            found = month.replace(day=dom)
            if _fits(found, context, day.shift) and day.weekday in (None, found.weekday()):
                return Placed(found, found)
        month = add_months(month, -1 if day.shift == "last" else 1)
    return None


def _place_weekday(day: Day, context: Context) -> Placed:
    weekday, today = day.weekday or 0, context.today
    coming = next_weekday(today, weekday, allow_same=False)
    if day.shift == "last":
        before = add_days(next_weekday(today, weekday, allow_same=True), -7)
        return Placed(before, before)
    if day.shift == "this":
        nearest = next_weekday(today, weekday, allow_same=True)
        return Placed(nearest, nearest)
    if day.shift == "after_next":
        later = add_days(coming, 7)
        return Placed(later, later)
    if day.shift == "next":
        found = add_days(week_start(today, context.week_starts_on), 7)
        found = next_weekday(found, weekday, allow_same=True)
        others = [(coming, "the first one from now")] if coming != found else []
        return Placed(found, found, others=others, note="next")
    if weekday == today.weekday():
        return Placed(coming, coming, others=[(today, "today")], note="same")
    return Placed(coming, coming)
