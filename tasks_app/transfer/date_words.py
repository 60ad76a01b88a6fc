"""Dates in words, as some programs write them; the layer above that understands speech reads them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tasks_app.commands import YEARS
from tasks_app.transfer.incoming import Moment

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:\d{2})?)?")


@dataclass(frozen=True, slots=True)
class WordedDate:
    """What words for a date mean."""

    due: Moment | None
    rrule: str = ""
    repeats_after_completion: bool = False


DateReader: TypeAlias = Callable[[str, str, dt.datetime], WordedDate | None]
"""Gets the words, the ISO 639-1 code of their language and the aware moment from which they count, in the zone in which
they are meant; None when it does not understand all of them."""

_READERS: list[DateReader] = []


def register_date_reader(reader: DateReader) -> None:
    """Have words read by this function, too; called once, when the application is ready."""
    if reader not in _READERS:
        _READERS.append(reader)


def read_words(words: str, language: str, said_at: dt.datetime) -> WordedDate | None:
    """What words for a date mean; None when nobody understands all of them.

    Args:
        words: Such as ``every monday at 9``, or an ISO date, with or without a time.
        language: ISO 639-1 code.
        said_at: Aware moment, in the zone in which they are meant.
    """
    words = words.strip()
    if _ISO.fullmatch(words):
        return _iso(words)
    return next((meant for reader in _READERS if (meant := reader(words, language, said_at))), None)


def _iso(words: str) -> WordedDate | None:
    day, _, time = words.replace("T", " ").partition(" ")
    try:
        on = dt.date.fromisoformat(day)
        due: Moment = dt.datetime.combine(on, dt.time.fromisoformat(time.zfill(5))) if time else on
    except ValueError:
        return None
    return WordedDate(due) if on.year in YEARS else None
