"""When a command is: its due moment, its end, how it repeats, and what was asked to be changed from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tasks_app.commands import Intent
from voice_app.types import Alternative
from voice_app.understanding.dates import TimeReading
from voice_app.understanding.drafts import Draft, Scene, day_of, iso


def add_times(draft: Draft, scene: Scene) -> None:
    """Set when the command is, from the times that were read in its clause."""
    timing = scene.timing
    if timing is None:
        return
    draft.spans += timing.spans
    readings = [reading for reading in timing.readings if reading.kind in {"point", "range"} and reading.start]
    if draft.intent in {Intent.UPDATE_TASK, Intent.SNOOZE} and readings and _changed_time(draft, readings):
        return
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
