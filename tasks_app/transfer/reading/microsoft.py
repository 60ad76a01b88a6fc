"""Microsoft To Do: lists and tasks as Microsoft Graph tells them, and Outlook's older shape of the same.

https://learn.microsoft.com/graph/api/resources/todotask (``title``, or ``subject`` in outlookTask; ``dueDateTime``
tells a day; ``reminderDateTime`` a moment in its ``timeZone``, which may be a name of Windows; ``importance`` low,
normal, high; ``checklistItems`` are steps) and https://learn.microsoft.com/graph/api/resources/recurrencepattern.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from tasks_app.intents import Priority
from tasks_app.transfer.errors import RecurrenceLeftOut, RowTitleMissing, RowUnreadable
from tasks_app.transfer.incoming import Circumstances, FileFormat, IncomingFile, IncomingProject, IncomingTask
from tasks_app.transfer.reading.fields import (
    day_of,
    list_of,
    moment_of,
    number_of,
    object_of,
    parse_moment,
    text_of,
    texts_of,
    zone_named,
)
from tasks_app.transfer.reading.markup import plain_text
from voicebot.errors import AppError

_LISTS = ("value", "lists")
_DAYS = {"sunday": "SU", "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR",
         "saturday": "SA"}  # fmt: skip
_PLACES = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "-1"}
_FREQUENCIES = {"daily": "DAILY", "weekly": "WEEKLY", "absolutemonthly": "MONTHLY", "relativemonthly": "MONTHLY",
                "absoluteyearly": "YEARLY", "relativeyearly": "YEARLY"}  # fmt: skip


def is_microsoft_lists(data: object) -> bool:
    """Whether it is lists with tasks, or tasks alone, of Microsoft To Do."""
    return any(_is_list(each) or _is_task(each) for each in _entries(data)[:5])


def read_microsoft_lists(data: object, around: Circumstances) -> IncomingFile:
    """Each list is a project, but the one that everybody has; steps become parts of their task."""
    file = IncomingFile(FileFormat.MICROSOFT_TODO)
    entries = _entries(data)
    for number, each in enumerate(entries if any(map(_is_list, entries)) else [{"tasks": entries}]):
        key = text_of(each, "id") or str(number)
        name = (text_of(each, "displayName") or text_of(each, "name")).strip()
        is_inbox = not name or each.get("wellknownListName") == "defaultList" or each.get("isDefaultFolder") is True
        if not is_inbox:
            file.projects[key] = IncomingProject(key, name)
        for item in list_of(each, "tasks"):
            _add(file, item, None if is_inbox else key, around)
    return file


def _entries(data: object) -> list[dict[str, Any]]:
    found = data
    if isinstance(data, dict):
        found = next((data[name] for name in _LISTS if isinstance(data.get(name), list)), [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_list(each: dict[str, Any]) -> bool:
    return isinstance(each.get("tasks"), list) and (
        "displayName" in each or "wellknownListName" in each or "name" in each
    )


def _is_task(each: dict[str, Any]) -> bool:
    return ("title" in each or "subject" in each) and "status" in each and "importance" in each


def _add(file: IncomingFile, item: dict[str, Any], project: str | None, around: Circumstances) -> None:
    row = file.next_row()
    try:
        task = _task(row, item, project, around)
        steps = list_of(item, "checklistItems")
    except AppError as error:
        file.refuse(item.get("title") or item.get("subject"), error)
        return
    file.tasks.append(task)
    for number, step in enumerate(steps):
        row = file.next_row()
        title = text_of(step, "displayName").strip()
        if not title:
            file.refuse("", RowTitleMissing())
            continue
        part = IncomingTask(row, f"{task.key}/{text_of(step, 'id') or number}", title, project=project, parent=task.key)
        part.is_done, part.completed_at = bool(step.get("isChecked")), moment_of(step, "checkedDateTime")
        file.tasks.append(part)


def _task(row: int, item: dict[str, Any], project: str | None, around: Circumstances) -> IncomingTask:
    title = (text_of(item, "title") or text_of(item, "subject")).strip()
    if not title:
        raise RowTitleMissing
    task = IncomingTask(
        row,
        text_of(item, "id") or f"{project}:{title}:{text_of(item, 'createdDateTime')}",
        title,
        notes=_body(item),
        project=project,
        priority=Priority.HIGH if item.get("importance") == "high" else _low(item),
        labels=texts_of(item, "categories"),
        start=day_of(object_of(item, "startDateTime"), "dateTime"),
        due=day_of(object_of(item, "dueDateTime"), "dateTime"),
        is_done=item.get("status") == "completed",
        completed_at=_moment(object_of(item, "completedDateTime"), around),
        created_at=moment_of(item, "createdDateTime"),
    )
    reminder = _moment(object_of(item, "reminderDateTime"), around)
    if reminder and item.get("isReminderOn"):
        task.remind.append(reminder)
    if pattern := object_of(object_of(item, "recurrence"), "pattern"):
        _set_rule(task, pattern, object_of(object_of(item, "recurrence"), "range"))
    return task


def _low(item: dict[str, Any]) -> Priority | None:
    return Priority.LOW if item.get("importance") == "low" else None


def _body(item: dict[str, Any]) -> str:
    body = object_of(item, "body")
    text = text_of(body, "content")
    if text_of(body, "contentType").lower() == "html":
        return plain_text(text)
    return text.strip()


def _moment(value: dict[str, Any], around: Circumstances) -> dt.datetime | None:
    if not (text := text_of(value, "dateTime")):
        return None
    moment, name = parse_moment(text, "dateTime"), zone_named(text_of(value, "timeZone"))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(name) if name else around.zone)


def _set_rule(task: IncomingTask, pattern: dict[str, Any], limits: dict[str, Any]) -> None:
    try:
        task.rrule = _rule(pattern, limits)
    except (KeyError, RowUnreadable):
        task.warnings.append(RecurrenceLeftOut(words=text_of(pattern, "type")[:100]))
        return
    if task.due is None:
        task.due = day_of(limits, "startDate")


def _rule(pattern: dict[str, Any], limits: dict[str, Any]) -> str:
    kind = text_of(pattern, "type").lower()
    parts = [f"FREQ={_FREQUENCIES[kind]}"]
    if (interval := number_of(pattern, "interval") or 1) > 1:
        parts.append(f"INTERVAL={interval}")
    days = ",".join(_DAYS[day.lower()] for day in texts_of(pattern, "daysOfWeek"))
    if kind.startswith("relative"):
        parts += [f"BYDAY={days}", f"BYSETPOS={_PLACES[text_of(pattern, 'index').lower()]}"]
    elif kind == "weekly" and days:
        parts.append(f"BYDAY={days}")
    elif kind.startswith("absolute"):
        parts.append(f"BYMONTHDAY={number_of(pattern, 'dayOfMonth')}")
    if kind.endswith("yearly"):
        parts.append(f"BYMONTH={number_of(pattern, 'month')}")
    if limits.get("type") == "numbered":
        parts.append(f"COUNT={number_of(limits, 'numberOfOccurrences')}")
    elif limits.get("type") == "endDate" and (last := day_of(limits, "endDate")):
        parts.append(f"UNTIL={last:%Y%m%d}")
    return ";".join(parts)
