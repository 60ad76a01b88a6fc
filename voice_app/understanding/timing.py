"""When a command is: its due moment, its end, how it repeats, and what was asked to be changed from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tasks_app.intents import Intent
from voice_app.types import Alternative
from voice_app.understanding.clauses import Clause
from voice_app.understanding.dates import TimeReading, Timing, find_times
from voice_app.understanding.drafts import Draft, Scene, day_of, iso
from voice_app.understanding.lexicon import longest_match
from voice_app.understanding.shifting import add_shift, is_instead
from voice_app.understanding.units import TIME

MOVES = frozenset({Intent.UPDATE_TASK, Intent.SNOOZE})
_LONGEST_DAY = 3
"""Words of a day behind "from"."""


def add_times(draft: Draft, scene: Scene, clause: Clause | None = None) -> None:
    """Set when the command is, from the times that were read in its clause.

    Args:
        draft: Of the command.
        scene: What was said, with its times.
        clause: Where to look for how far something is moved; None where only the times count.
    """
    timing = scene.timing
    if clause is not None and draft.intent in MOVES and add_shift(draft, clause, scene):
        draft.spans += timing.spans if timing is not None else ()
        return
    if timing is None:
        return
    draft.spans += timing.spans
    readings = [
        reading
        for before, reading in zip((None, *timing.readings), timing.readings, strict=False)
        if reading.start and (reading.kind in {"point", "range"} or _is_denied(reading, before, scene))
    ]
    changes = draft.intent in MOVES and readings
    if changes and (_changed_time(draft, readings, scene) or _moved_along(draft, readings[-1], scene, clause)):
        return
    if changes and clause is not None and _moved_from(draft, clause, readings[-1], scene):
        return
    if draft.intent is Intent.SNOOZE and not readings:
        _put_off(draft, timing.readings)
    put_timing(draft, timing)


def _is_denied(reading: TimeReading, before: TimeReading | None, scene: Scene) -> bool:
    """As in "venerdì invece di giovedì", where "di giovedì" alone would be every Thursday."""
    return before is not None and is_instead(scene.text[before.end_char : reading.end_char], scene.lexicon)


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
        if reading.kind == "duration":
            _put_reading(draft, reading)


def _moved_along(draft: Draft, reading: TimeReading, scene: Scene, clause: Clause | None) -> bool:
    """As in "move it from Thursday to Friday": what reads as a range is the old time and the new one."""
    words = scene.lexicon.words(reading.words)
    opening = scene.lexicon.phrases.step(words[0]) if words else []
    is_old = any("from" in node.tags for node in opening) or (clause is not None and _is_of_many(clause))
    if reading.start is None or reading.end is None or not is_old:
        return False
    draft.put("due", iso(reading.end), reading.words)
    draft.values["due_has_time"] = reading.has_time
    draft.filters |= {"from": day_of(reading.start), "to": day_of(reading.start)}
    draft.said["filters"] = reading.words
    return True


def _is_of_many(clause: Clause) -> bool:
    """As in "move everything due today to Friday", where nobody means that each task shall last till then."""
    place = next((index for index, unit in enumerate(clause.units) if unit.tag == TIME), 0)
    many = any(unit.tag in {"all", "tasks", "events"} for unit in clause.units[:place])
    return many and clause.units[place - 1].tag != "into"


def _moved_from(draft: Draft, clause: Clause, new: TimeReading, scene: Scene) -> bool:
    """As in "move everything from today to tomorrow", where the first day stands behind "from" and was not read."""
    tokens = [token for token in clause.tokens if token.start < new.end_char]
    words = [token.norm for token in tokens]
    for place in range(1, len(words) - 1):
        begin, tags = longest_match(scene.lexicon.phrases, words, place)
        if "from" not in tags:
            continue
        for end in range(begin + 1, min(len(words), begin + _LONGEST_DAY + 1)):
            stretch = scene.text[tokens[begin].start : tokens[end - 1].end]
            old = find_times(stretch, scene.lexicon.code, scene.said_at)
            if len(old) == 1 and old[0].words == stretch and old[0].has_date and old[0].start is not None:
                is_range = new.end is not None and new.start == old[0].start
                _put_reading(draft, replace(new, start=new.end) if is_range else new)
                draft.filters |= {"from": day_of(old[0].start), "to": day_of(old[0].end or old[0].start)}
                draft.said["filters"] = stretch
                draft.spans.append((tokens[place].start, new.end_char))
                return True
    return False


def _put_reading(draft: Draft, reading: TimeReading) -> None:
    """Set one reading as the new due moment."""
    if reading.start is not None:
        draft.put("due", iso(reading.start), reading.words)
        draft.values["due_has_time"] = reading.has_time


def _changed_time(draft: Draft, readings: Sequence[TimeReading], scene: Scene) -> bool:
    """As in "move the three o'clock meeting to four": the first time selects, the last one is new.

    In "to Friday instead of Thursday" it is the other way about.
    """
    old, new = readings[0], readings[-1]
    if is_instead(scene.text[old.end_char : new.end_char], scene.lexicon):
        draft.spans.append((old.end_char, new.start_char))
        old, new = new, old
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
