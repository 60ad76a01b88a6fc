"""The timing of one command: its readings put together."""

from __future__ import annotations

import datetime as dt
from typing import Any

from voice_app.understanding.dates.reading import DateOrTime, TimeReading, Timing

SURE = 0.5
"""A bare length below this confidence is how long something takes, not when it is due."""


def combine_readings(readings: list[TimeReading]) -> Timing:
    """One command's timing from its readings, in the order they were said.

    A day and a time said apart are one moment, a repetition rules, and of two days the first is when it is due.
    A bare length is the due moment only when nothing else was said.
    """
    repeat = next((reading for reading in readings if reading.rrule), None)
    points = [reading for reading in readings if reading.kind in ("point", "range")]
    days = sorted((reading for reading in points if reading.has_date), key=_is_now)
    times = [reading for reading in points if not reading.has_date]
    remind = tuple(word for reading in readings for word in reading.remind)
    lengths = [reading for reading in readings if reading.kind == "duration" and reading.confidence > SURE]
    main = repeat or next(iter(days or times or lengths), None)
    if main is None:
        return Timing(remind=remind, readings=tuple(readings), **_spans(readings))
    used = [main, *(reading for reading in readings if reading.kind == "reminder")]
    due, has_time, end, rrule = main.start, main.has_time, main.end, main.rrule
    other = next((reading for reading in times if reading is not main), None)
    if other and isinstance(other.start, dt.datetime) and not has_time and due is not None:
        used.append(other)
        due, has_time, end = _joined(due, other, end)
        if rrule and isinstance(due, dt.datetime) and "BYHOUR" not in rrule:
            rrule += f";BYHOUR={due.hour};BYMINUTE={due.minute}"
    used.sort(key=lambda reading: reading.start_char)
    return Timing(
        due=due,
        due_has_time=has_time,
        end=end,
        rrule=rrule,
        remind=remind,
        after_completion=main.after_completion,
        readings=tuple(readings),
        alternatives=main.alternatives,
        explanation=main.explanation,
        confidence=min(reading.confidence for reading in used),
        **_spans(used),
    )


def _is_now(reading: TimeReading) -> bool:
    """Whether it is "now" or "at once", which beside another day only presses ("gleich morgen früh")."""
    return reading.grain == "second" and reading.kind == "point"


def _joined(due: DateOrTime, other: TimeReading, end: DateOrTime | None) -> tuple[DateOrTime, bool, DateOrTime | None]:
    """A day and a time that were said apart."""
    moment = other.start
    if not isinstance(moment, dt.datetime) or isinstance(due, dt.datetime):
        return due, True, end
    joined = moment.replace(year=due.year, month=due.month, day=due.day)
    if isinstance(other.end, dt.datetime):
        end = joined + (other.end - moment)
    return joined, True, end


def _spans(readings: list[TimeReading]) -> dict[str, Any]:
    spans = tuple((reading.start_char, reading.end_char) for reading in readings)
    return {"spans": spans, "words": " ".join(reading.words for reading in readings)}
