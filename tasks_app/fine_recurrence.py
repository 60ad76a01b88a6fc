"""Recurrence rules that come round within a day: ``HOURLY``, ``MINUTELY`` and ``SECONDLY`` of RFC 5545.

dateutil says on which days such a rule holds, and the times of each day are counted here. Left alone it would look at
every minute up to the year 9999 for a rule that never comes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

UNITS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
"""Seconds from one time to the next, by frequency."""
_DAY_SECONDS = 86_400
_CLOCK = {"BYHOUR": 24, "BYMINUTE": 60, "BYSECOND": 60}
_NOT_OF_DAYS = {"FREQ", "INTERVAL", "BYSETPOS", *_CLOCK}
_LONGEST_GAP = dt.timedelta(days=30 * 366)
"""A rule that does not come for so long never comes again."""


def days_of(parts: Mapping[str, str]) -> str:
    """The rule for the days on which a rule holds."""
    return ";".join(["FREQ=DAILY", *(f"{name}={value}" for name, value in parts.items() if name not in _NOT_OF_DAYS)])


def most_times_a_day(parts: Mapping[str, str]) -> int:
    """How often a checked rule of any frequency comes on a day, at most."""
    unit = UNITS.get(parts["FREQ"], _DAY_SECONDS)
    limits, expansions = 1, 1
    for (name, size), seconds in zip(_CLOCK.items(), (3600, 60, 1), strict=True):
        count = len(set(_numbers(parts[name]))) if name in parts else None
        if seconds >= unit:
            limits *= count or size
        else:
            expansions *= count or 1
    return min(limits, -(-_DAY_SECONDS // (unit * _interval(parts)))) * expansions


def times_on(days: Iterable[dt.datetime], parts: Mapping[str, str], start: dt.datetime) -> Iterator[dt.datetime]:
    """The times of a rule on its days, from its start on.

    Args:
        days: Midnights on which it holds, from that of the day of its start on; naive, as is everything here.
        parts: Of the rule, by name.
        start: Its first time.
    """
    unit, interval = UNITS[parts["FREQ"]], _interval(parts)
    midnight = dt.datetime.combine(start.date(), dt.time())
    origin, units = (start - midnight).seconds // unit, _DAY_SECONDS // unit
    allowed, within = _allowed_units(parts, unit), _within_unit(parts, unit, start)
    last = start
    for day in days:
        if day - last > _LONGEST_GAP:
            return
        first = (origin - (day - midnight).days * units) % interval
        for index in _in_step(allowed, first, interval, units):
            for seconds in within:
                moment = day + dt.timedelta(seconds=index * unit + seconds)
                if moment >= start:
                    last = moment
                    yield moment


def _interval(parts: Mapping[str, str]) -> int:
    return int(parts.get("INTERVAL", 1))


def _numbers(text: str) -> list[int]:
    return sorted({int(number) for number in text.split(",")})


def _allowed_units(parts: Mapping[str, str], unit: int) -> Sequence[int]:
    """The hours, minutes or seconds of a day on which the rule may come, as far as their names limit it."""
    sizes = {name: size for (name, size), seconds in zip(_CLOCK.items(), (3600, 60, 1), strict=True) if seconds >= unit}
    if not sizes.keys() & parts.keys():
        return range(_DAY_SECONDS // unit)
    choices = [_numbers(parts[name]) if name in parts else range(size) for name, size in sizes.items()]
    return [_joined(clock) for clock in product(*choices)]


def _joined(clock: tuple[int, ...]) -> int:
    index = 0
    for number in clock:
        index = index * 60 + number
    return index


def _in_step(allowed: Sequence[int], first: int, interval: int, units: int) -> Iterable[int]:
    """Those of the allowed that are a whole number of intervals from the first; the shorter way to find them."""
    steps = range(first, units, interval)
    if len(allowed) <= len(steps):
        return [index for index in allowed if index in steps]
    present = set(allowed) if not isinstance(allowed, range) else allowed
    return [index for index in steps if index in present]


def _within_unit(parts: Mapping[str, str], unit: int, start: dt.datetime) -> list[int]:
    """Seconds after the beginning of an hour, minute or second at which the rule comes."""
    minutes = _numbers(parts["BYMINUTE"]) if "BYMINUTE" in parts else [start.minute]
    seconds = _numbers(parts["BYSECOND"]) if "BYSECOND" in parts else [start.second]
    times = {3600: [60 * minute + second for minute in minutes for second in seconds], 60: seconds, 1: [0]}[unit]
    if "BYSETPOS" not in parts:
        return times
    places = {place - 1 if place > 0 else len(times) + place for place in _numbers(parts["BYSETPOS"])}
    return [each for place, each in enumerate(times) if place in places]
