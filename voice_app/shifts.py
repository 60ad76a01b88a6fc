"""By how much something moves from when it is due: on or back, as a signed ISO 8601 duration."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

PATTERN = r"^-?P([0-9]{1,4}M)?([0-9]{1,5}D)?(T[0-9]{1,5}[HM]([0-9]{1,2}M)?)?$"
"""Months and days, hours and minutes, one sign for all: ``PT1H``, ``-PT30M``, ``P2D``, ``-P1M``."""
_PARTS = re.compile(r"^(-?)P(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")
_MONTHS_A_YEAR = 12
_MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class Shift:
    """So many months, days and minutes, none of them below 0; ``back`` makes it earlier."""

    months: int = 0
    days: int = 0
    minutes: int = 0
    back: bool = False

    @classmethod
    def read(cls, text: str) -> Shift:
        """A shift from its form on the wire.

        Raises:
            ValueError: When the text does not have the form of :data:`PATTERN`.
        """
        found = _PARTS.match(text)
        if found is None:
            raise ValueError(text)
        months, days, hours, minutes = (int(part or 0) for part in found.groups()[1:])
        return cls(months, days, hours * _MINUTES_AN_HOUR + minutes, back=bool(found[1]))

    def __str__(self) -> str:
        """The form on the wire."""
        hours, minutes = divmod(self.minutes, _MINUTES_AN_HOUR)
        day_part = "".join(f"{count}{unit}" for count, unit in ((self.months, "M"), (self.days, "D")) if count)
        time_part = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
        return f"{'-' if self.back else ''}P{day_part}{'T' if time_part else ''}{time_part}"

    @property
    def is_whole_days(self) -> bool:
        """Whether a day without a time of day can be moved by it."""
        return not self.minutes

    def of_day(self, day: dt.date) -> dt.date:
        """The day moved; of a month that is too short it is the last day.

        Raises:
            OverflowError: When it leaves the calendar.
        """
        sign = -1 if self.back else 1
        year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + sign * self.months, _MONTHS_A_YEAR)
        if not dt.MINYEAR <= year < dt.MAXYEAR:
            raise OverflowError
        first = dt.date(year, month + 1, 1)
        moved = first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))
        return moved + dt.timedelta(days=sign * self.days)

    def of_moment(self, moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The moment moved: days keep the time on the zone's clocks, hours are as long as they last.

        Args:
            moment: Aware.
            zone: Whose clocks and days.

        Raises:
            OverflowError: When it leaves the calendar.
        """
        wall = moment.astimezone(zone)
        moved = dt.datetime.combine(self.of_day(wall.date()), wall.timetz())
        by = dt.timedelta(minutes=self.minutes) * (-1 if self.back else 1)
        return (moved.astimezone(dt.UTC) + by).astimezone(zone)
