"""iCalendar (RFC 5545): each VTODO is a task.

Each VTODO is read by itself, so that a broken one is the problem of its row alone. Rules are kept as rules and never
expanded; definitions of zones in the file are not used, since names of the IANA database and of Windows are known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Todo

from tasks_app.commands import YEARS
from tasks_app.intents import Priority
from tasks_app.transfer.errors import (
    ImportFileDamaged,
    RecurrenceLeftOut,
    ReminderLeftOut,
    RowLeftOut,
    RowTitleMissing,
    RowUnreadable,
)
from tasks_app.transfer.incoming import (
    Circumstances,
    FileFormat,
    IncomingComment,
    IncomingFile,
    IncomingProject,
    IncomingTask,
    Moment,
    before_start,
)
from voicebot.errors import AppError

_BEGIN, _END = "BEGIN:VTODO", "END:VTODO"
_NAME = re.compile(r"^X-WR-CALNAME(?:;[^:]*)?:(.+)$", re.MULTILINE | re.IGNORECASE)
_SUMMARY = re.compile(r"^SUMMARY(?:;[^:]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_BLOCK_MAX_LINES = 2000
_URGENT, _HIGH, _MEDIUM = 2, 4, 5
"""RFC 5545, 3.8.1.9: 1 is the highest, 9 the lowest, 0 none; our own files write 1, 3, 5 and 9."""


def is_calendar(text: str) -> bool:
    """Whether it begins as a calendar does."""
    return text.lstrip()[:15].upper() == "BEGIN:VCALENDAR"


def read_calendar(text: str, around: Circumstances) -> IncomingFile:
    """The calendar's name is that of the project.

    Raises:
        ImportFileDamaged: A task does not end.
    """
    file = IncomingFile(FileFormat.CALENDAR)
    unfolded = _FOLD.sub("", text)
    named = _NAME.search(unfolded)
    project = named[1].strip() if named else None
    if project:
        file.projects[project] = IncomingProject(project, project)
    parts: list[tuple[str, str]] = []
    for block in _blocks(unfolded):
        row = file.next_row()
        try:
            task, of_it = _read_block(row, block, project, around)
        except AppError as error:
            found = _SUMMARY.search(block)
            file.refuse(found[1].strip() if found else "", error)
        else:
            file.tasks.append(task)
            parts += [(part, task.key) for part in of_it]
    by_key = {task.key: task for task in file.tasks}
    for part, whole in parts:
        if part in by_key and by_key[part].parent is None:
            by_key[part].parent = whole
    return file


def _blocks(text: str) -> Iterator[str]:
    lines: list[str] | None = None
    for line in text.splitlines():
        mark = line.strip().upper()
        if mark == _BEGIN:
            lines = []
        if lines is None:
            continue
        lines.append(line)
        if len(lines) > _BLOCK_MAX_LINES:
            raise ImportFileDamaged
        if mark == _END:
            yield "\r\n".join(lines) + "\r\n"
            lines = None
    if lines is not None:
        raise ImportFileDamaged


def _read_block(row: int, block: str, project: str | None, around: Circumstances) -> tuple[IncomingTask, list[str]]:
    """The library's values have whatever kind the file gives them, so what does not fit shows only where it is used."""
    try:
        parsed = Todo.from_ical(block)
        if not isinstance(parsed, Todo):
            raise RowUnreadable(field="VTODO")
        return _task(row, parsed, project, around)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise RowUnreadable(field="VTODO") from error


def _task(row: int, todo: Todo, project: str | None, around: Circumstances) -> tuple[IncomingTask, list[str]]:
    title = _text(todo, "summary")
    if "recurrence-id" in todo or _text(todo, "status").upper() == "CANCELLED":
        raise RowLeftOut
    if not title:
        raise RowTitleMissing
    whole, parts = _related(todo)
    task = IncomingTask(
        row,
        _text(todo, "uid") or f"{title}:{todo.get('dtstamp')}",
        title,
        notes=_notes(todo),
        project=project,
        parent=whole,
        priority=_priority(todo),
        labels=_categories(todo),
        comments=[IncomingComment(str(each)) for each in _all(todo, "comment")],
        is_done="completed" in todo or _text(todo, "status").upper() == "COMPLETED",
        completed_at=_aware(_value(todo, "completed"), around),
        created_at=_aware(_value(todo, "created"), around),
    )
    _set_times(task, todo)
    for alarm in todo.walk("VALARM"):
        _add_alarm(task, alarm, around)
    with suppress(ValueError):  # files of our own have the ids of rows there
        task.id = UUID(task.key)
    return task, parts


def _set_times(task: IncomingTask, todo: Todo) -> None:
    start, due, length = _value(todo, "dtstart"), _value(todo, "due"), _value(todo, "duration")
    zone = next((_zone_of(each) for each in (due, start) if _zone_of(each)), None)
    start, due = _moment(start, "DTSTART"), _moment(due, "DUE")
    if due is None and isinstance(start, dt.date) and isinstance(length, dt.timedelta):
        due = start + length
    task.zone = zone
    if "rrule" in todo:
        rules = _all(todo, "rrule")
        task.rrule = rules[0].to_ical().decode("utf-8", "replace")
        due = due or start
        if len(rules) > 1 or "rdate" in todo or "exdate" in todo:
            task.warnings.append(RecurrenceLeftOut(words="RDATE, EXDATE"))
        if start == due:
            start = None
    task.start, task.due = start, due


def _value(part: Any, name: str) -> Any:  # noqa: ANN401  # whatever the property's kind is
    found = part.get(name)
    if isinstance(found, list):
        found = found[0]
    return getattr(found, "dt", None)


def _moment(value: object, name: str) -> Moment | None:
    if value is None:
        return None
    if not isinstance(value, dt.date) or value.year not in YEARS:
        raise RowUnreadable(field=name)
    return value


def _zone_of(value: object) -> str | None:
    key = getattr(getattr(value, "tzinfo", None), "key", None)
    return key if isinstance(key, str) and key != "UTC" else None


def _aware(value: object, around: Circumstances) -> dt.datetime | None:
    if not isinstance(value, dt.datetime) or value.year not in YEARS:
        return None
    return value if value.tzinfo else value.replace(tzinfo=around.zone)


def _text(todo: Todo, name: str) -> str:
    return str(next(iter(_all(todo, name)), "")).strip()


def _all(todo: Todo, name: str) -> list[Any]:
    found = todo.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def _related(todo: Todo) -> tuple[str | None, list[str]]:
    """The task of which it is a part, and those that are parts of it."""
    kinds: dict[str, list[str]] = {"PARENT": [], "CHILD": []}
    for each in _all(todo, "related-to"):
        kind = str(getattr(each, "params", {}).get("RELTYPE", "PARENT")).upper()
        kinds.setdefault(kind, []).append(str(each))
    return next(iter(kinds["PARENT"]), None), kinds["CHILD"]


def _priority(todo: Todo) -> Priority | None:
    level = int(_text(todo, "priority") or 0)
    if level <= 0:
        return None
    if level <= _URGENT:
        return Priority.URGENT
    if level <= _HIGH:
        return Priority.HIGH
    return Priority.MEDIUM if level == _MEDIUM else Priority.LOW


def _categories(todo: Todo) -> list[str]:
    names: list[str] = []
    for each in _all(todo, "categories"):
        names += [str(name).strip() for name in getattr(each, "cats", [each])]
    return [name for name in names if name]


def _notes(todo: Todo) -> str:
    found = [_text(todo, name) for name in ("description", "location", "url")]
    return "\n\n".join(text for text in found if text)


def _add_alarm(task: IncomingTask, alarm: Any, around: Circumstances) -> None:  # noqa: ANN401  # icalendar's own
    trigger = alarm.get("trigger")
    value = getattr(trigger, "dt", None)
    if isinstance(value, dt.datetime):
        task.remind.append(value if value.tzinfo else value.replace(tzinfo=around.zone))
        return
    is_from_start = str(getattr(trigger, "params", {}).get("RELATED", "START")).upper() == "START"
    start = task.start
    if not isinstance(value, dt.timedelta):
        task.warnings.append(ReminderLeftOut())
    elif is_from_start and start is not None and start != task.due and value <= dt.timedelta(0):
        task.remind.append(before_start(-value))
    elif is_from_start and isinstance(start, dt.datetime) and start != task.due:
        zone = ZoneInfo(task.zone) if task.zone else around.zone
        task.remind.append((start if start.tzinfo else start.replace(tzinfo=zone)) + value)
    elif value > dt.timedelta(0):
        task.warnings.append(ReminderLeftOut())
    else:
        task.remind.append(-value)
