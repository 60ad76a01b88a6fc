"""Dates in words in files of other programs, read as if somebody had said them."""

from __future__ import annotations

import datetime as dt
import re

from tasks_app.transfer.date_words import WordedDate

_GLUE = re.compile(r"[\s,.;]*")
_MOST_CHARACTERS = 200


def read_worded_date(words: str, language: str, said_at: dt.datetime) -> WordedDate | None:
    """A :data:`tasks_app.transfer.date_words.DateReader`: None when a word is left over that is no part of the date.

    Args:
        words: Such as ``every monday at 9``.
        language: ISO 639-1 code, also with a country.
        said_at: Aware moment from which they count.
    """
    from voice_app.understanding.dates import read_times  # takes a while to load, and few files need it

    if len(words) > _MOST_CHARACTERS:
        return None
    timing = read_times(words, language.partition("_")[0].partition("-")[0].lower() or "en", said_at)
    if timing is None or (timing.due is None and timing.rrule is None):
        return None
    return (
        None if _left_over(words, timing.spans) else WordedDate(timing.due, timing.rrule or "", timing.after_completion)
    )


def _left_over(words: str, spans: tuple[tuple[int, int], ...]) -> bool:
    left, end = "", 0
    for start, stop in sorted(spans):
        left += words[end:start]
        end = stop
    return not _GLUE.fullmatch(left + words[end:])
