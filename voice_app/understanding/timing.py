"""When a command is: its due moment, its end, how it repeats, and what was asked to be changed from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tasks_app.intents import Intent
from voice_app.types import Alternative
from voice_app.understanding.dates import TimeReading, Timing
from voice_app.understanding.drafts import Draft, Scene, day_of, iso


def add_times(draft: Draft, scene: Scene) -> None:
    """Set when the command is, from the times that were read in its clause."""
    timing = scene.timing
    if timing is None:
        return
    draft.spans += timing.spans
    readings = [reading for reading in timing.readings if reading.kind in {"point", "range"} and reading.start]
    changes = draft.intent in {Intent.UPDATE_TASK, Intent.SNOOZE} and readings
    if changes and (_changed_time(draft, readings) or _moved_along(draft, readings[-1], scene)):
        return
    if draft.intent is Intent.SNOOZE and not readings:
        _put_off(draft, timing.readings)
    put_timing(draft, timing)


def put_timing(draft: Draft, timing: Timing) -> None:
    """Set the times that were read as they are, where it is clear that they are the command's own."""
    if timing.due is not None:
        draft.put("due", iso(timing.due), timing.words)
        draft.values["due_has_time"] = timing.due_has_time
        if timing.end is not None:
            draft.values["end"] = iso(timing.end)
    if timing.rrule:
        draft.put("rrule", timing.rrule, timing.words)
    if timing.remind:
        draft.put("remind", timing.remind, timing.words)
    for other in timing.alternatives:
        draft.alternatives.append(Alternative(field="due", value=iso(other.start), why=other.reason))


def _put_off(draft: Draft, readings: Sequence[TimeReading]) -> None:
    """As in "snooze it for an hour": a length of time counts from now."""
    for reading in readings:
        if reading.kind == "duration" and reading.start is not None:
            draft.put("due", iso(reading.start), reading.words)
            draft.values["due_has_time"] = reading.has_time


def _moved_along(draft: Draft, reading: TimeReading, scene: Scene) -> bool:
    """As in "move it from Thursday to Friday": what reads as a range is the old time and the new one."""
    words = scene.lexicon.words(reading.words)
    opening = scene.lexicon.phrases.step(words[0]) if words else []
    if reading.start is None or reading.end is None or not any("from" in node.tags for node in opening):
        return False
    draft.put("due", iso(reading.end), reading.words)
    draft.values["due_has_time"] = reading.has_time
    draft.filters |= {"from": day_of(reading.start), "to": day_of(reading.start)}
    draft.said["filters"] = reading.words
    return True


def _changed_time(draft: Draft, readings: Sequence[TimeReading]) -> bool:
    """As in "move the three o'clock meeting to four": the first time selects, the last one is new."""
    old, new = readings[0], readings[-1]
    if old is new or old.start is None or new.start is None:
        return False
    start = new.start
    if new.has_time and not new.has_date and isinstance(start, dt.datetime) and old.has_date:
        day = old.start.date() if isinstance(old.start, dt.datetime) else old.start
        start = start.replace(year=day.year, month=day.month, day=day.day)
    draft.put("due", iso(start), new.words)
    draft.values["due_has_time"] = new.has_time
    if new.end is not None:
        draft.values["end"] = iso(new.end)
    draft.filters |= {"from": day_of(old.start), "to": day_of(old.end or old.start)}
    draft.said["filters"] = old.words
    return True
