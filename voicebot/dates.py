"""Days, times and lists as each language of the interface writes them.

Order, case and marks are those of the Unicode CLDR (https://cldr.unicode.org), which Babel brings: Russian months in
the genitive, the dot behind a German day, "de" before a Portuguese month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from django.conf import settings
from django.utils import translation

_ENGLISH = {"MMMEd": "EEE d MMM", "yMMMEd": "EEE d MMM y", "yMMMd": "d MMM y", "MMMd": "d MMM"}
"""The CLDR's English is that of the United States; ours is read by everyone, so the day stands before the month."""


def day_text(day: dt.date, *, with_weekday: bool = True, with_year: bool = False) -> str:
    """A day in the active language, such as ``Fri 27 Nov`` or ``Fr., 27. Nov. 2026``."""
    skeleton = f"{'y' if with_year else ''}MMM{'E' if with_weekday else ''}d"
    locale = _locale()
    if locale == "en":
        return format_date(day, _ENGLISH[skeleton], locale=locale)
    return str(format_skeleton(skeleton, day, locale=locale))


def clock_text(moment: dt.datetime | dt.time) -> str:
    """A time of day; all the languages of the interface write it with 24 hours and a colon."""
    return f"{moment:%H:%M}"


def weekday_text(number: int) -> str:
    """A day of the week, 0 for Monday, as it stands within a sentence."""
    return str(get_day_names("wide", "format", _locale())[number])


def list_text(parts: Iterable[str]) -> str:
    """The parts with commas, and the language's "and" before the last one."""
    return str(format_list(list(parts), locale="en_GB" if _locale() == "en" else _locale()))


def _locale() -> str:
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
