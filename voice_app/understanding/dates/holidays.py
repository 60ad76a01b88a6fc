"""Days that have a name: fixed in the year, counted from Easter, or the n-th weekday of a month.

The keys are those of ``[dates.holidays]`` in the languages' files. The date of Easter is the Gregorian one of
``dateutil.easter``; lunar new year comes from the package ``holidays``, loaded at first use.
"""

from __future__ import annotations

import datetime as dt

from dateutil.easter import EASTER_ORTHODOX, easter

from voice_app.understanding.dates.calendar import add_days, make_date, next_weekday, nth_weekday

FIXED: dict[str, tuple[int, int]] = {
    "new_year": (1, 1), "epiphany": (1, 6), "orthodox_christmas": (1, 7), "groundhog": (2, 2), "valentine": (2, 14),
    "mens_day_ru": (2, 23), "womens_day": (3, 8), "st_patrick": (3, 17), "st_joseph": (3, 19), "april_fools": (4, 1),
    "earth_day": (4, 22), "liberation_it": (4, 25), "freedom_pt": (4, 25), "kings_day_nl": (4, 27), "may_day": (5, 1),
    "liberation_nl": (5, 5), "victory_fr": (5, 8), "victory_ru": (5, 9), "childrens_day": (6, 1), "republic_it": (6, 2),
    "portugal_day": (6, 10), "russia_day": (6, 12), "st_john": (6, 24), "independence_us": (7, 4), "bastille": (7, 14),
    "assumption": (8, 15), "swiss_day": (8, 1), "brazil_independence": (9, 7), "childrens_day_de": (9, 20),
    "german_unity": (10, 3), "hispanic_day": (10, 12), "reformation": (10, 31), "halloween": (10, 31),
    "all_saints": (11, 1), "all_souls": (11, 2), "unity_ru": (11, 4), "guy_fawkes": (11, 5), "armistice": (11, 11),
    "veterans": (11, 11), "st_martin": (11, 11), "brazil_republic": (11, 15), "st_barbara": (12, 4),
    "sinterklaas": (12, 5),
    "st_nicholas": (12, 6), "spain_constitution": (12, 6), "immaculate": (12, 8), "christmas_eve": (12, 24),
    "christmas": (12, 25), "boxing_day": (12, 26), "holy_innocents": (12, 28), "new_year_eve": (12, 31),
    "republic_day_in": (1, 26), "independence_day_in": (8, 15), "gandhi": (10, 2), "leap_day": (2, 29),
}  # fmt: skip
EASTER: dict[str, int] = {
    "women_carnival": -52, "carnival_saturday": -50, "carnival_sunday": -49, "rose_monday": -48, "shrove_tuesday": -47,
    "ash_wednesday": -46, "palm_sunday": -7, "holy_thursday": -3, "good_friday": -2, "easter_saturday": -1, "easter": 0,
    "easter_monday": 1, "ascension": 39, "pentecost": 49, "whit_monday": 50, "trinity": 56, "corpus_christi": 60,
}  # fmt: skip
WEEKDAY_OF_MONTH: dict[str, tuple[int, int, int]] = {
    "mlk": (1, 0, 3), "presidents": (2, 0, 3), "mothers": (5, 6, 2), "mothers_us": (5, 6, 2), "mothers_fr": (5, 6, -1),
    "mothers_es": (5, 6, 1), "memorial_us": (5, 0, -1), "fathers": (6, 6, 3), "labor_us": (9, 0, 1),
    "harvest": (10, 6, 1),
    "columbus": (10, 0, 2), "thanksgiving": (11, 3, 4),
}  # fmt: skip
"""(month, weekday with Monday 0, which one)."""
THANKSGIVING_OFFSETS = {"black_friday": 1, "cyber_monday": 4}
ADVENT_WEEKS = {"advent_1": 4, "advent_2": 3, "advent_3": 2, "advent_4": 1, "eternity_sunday": 5}
"""Sundays counted back from Christmas."""


def holiday_in(key: str, year: int) -> dt.date | None:
    """The day of a named holiday in a year, or None where it has none or the name is not known."""
    if not 1583 <= year <= 4099:
        return None
    if key in FIXED:
        return make_date(year, *FIXED[key])
    if key in EASTER:
        return add_days(easter(year), EASTER[key])
    if key in WEEKDAY_OF_MONTH:
        return nth_weekday(year, *WEEKDAY_OF_MONTH[key])
    return _counted_from_another(key, year)


def _counted_from_another(key: str, year: int) -> dt.date | None:
    if key in THANKSGIVING_OFFSETS:
        thanksgiving = nth_weekday(year, 11, 3, 4)
        return thanksgiving and add_days(thanksgiving, THANKSGIVING_OFFSETS[key])
    if key in ADVENT_WEEKS:
        last_sunday = add_days(next_weekday(dt.date(year, 12, 25), 6, allow_same=True), -7)
        return add_days(last_sunday, -7 * (ADVENT_WEEKS[key] - 1))
    if key == "orthodox_easter":
        return easter(year, EASTER_ORTHODOX)
    if key == "repentance_day":
        return add_days(next_weekday(dt.date(year, 11, 23), 2, allow_same=False), -7)
    if key == "chinese_new_year":
        return _lunar_new_year(year)
    return None


def _lunar_new_year(year: int) -> dt.date | None:
    from holidays.calendars.chinese import _ChineseLunisolar

    found: dt.date | None = _ChineseLunisolar().lunar_new_year_date(year)[0]
    return found


SEASONS = {"spring": (3, 20), "summer": (6, 21), "autumn": (9, 23), "winter": (12, 21)}
"""First days, northern half of the world, (month, day)."""
