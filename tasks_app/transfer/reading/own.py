"""Our own JSON and CSV, as :mod:`tasks_app.transfer.document` and :mod:`tasks_app.transfer.table` write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from tasks_app.commands import RemindAt
from tasks_app.intents import Priority
from tasks_app.transfer import document, table
from tasks_app.transfer.errors import ImportFormatUnknown, RowTitleMissing, RowUnreadable
from tasks_app.transfer.incoming import (
    Circumstances,
    ClockTime,
    FileFormat,
    IncomingComment,
    IncomingFile,
    IncomingProject,
    IncomingTask,
    Moment,
    before_start,
)
from tasks_app.transfer.reading.fields import (
    check_year,
    list_of,
    moment_of,
    number_of,
    object_of,
    parse_moment,
    text_of,
    texts_of,
    zone_named,
)
from tasks_app.transfer.reading.texts import read_table
from voicebot.errors import AppError

_LABEL = re.compile(r"(?:\\.|[^,\\])+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_YES = "true"


def is_own_document(data: object) -> bool:
    """Whether it is our own JSON."""
    return isinstance(data, dict) and data.get("format") == document.FORMAT


def read_own_document(data: dict[str, Any]) -> IncomingFile:
    """All that an export holds.

    Raises:
        ImportFormatUnknown: A later version of this program wrote it.
    """
    if data.get("version") != document.VERSION:
        raise ImportFormatUnknown
    file = IncomingFile(FileFormat.OWN_JSON)
    for each in list_of(data, "projects"):
        key, name = text_of(each, "id"), text_of(each, "name").strip()
        if name:
            file.projects[key] = IncomingProject(
                key,
                name,
                text_of(each, "colour"),
                bool(each.get("is_archived")),
                moment_of(each, "created_at"),
                _id(key),
            )
    file.labels = {text_of(each, "name"): text_of(each, "colour") for each in list_of(data, "labels")}
    for item in list_of(data, "tasks"):
        row = file.next_row()
        try:
            file.tasks.append(_task(row, item))
        except AppError as error:
            file.refuse(item.get("title"), error)
    return file


def _task(row: int, item: dict[str, Any]) -> IncomingTask:
    title = text_of(item, "title").strip()
    if not title:
        raise RowTitleMissing
    return IncomingTask(
        row,
        text_of(item, "id"),
        title,
        notes=text_of(item, "notes"),
        project=text_of(item, "project_id") or None,
        parent=text_of(item, "parent_id") or None,
        priority=_priority(text_of(item, "priority")),
        labels=texts_of(item, "labels"),
        zone=zone_named(text_of(item, "zone")),
        start=_when(item, "start"),
        due=_when(item, "due"),
        end=_when(item, "end"),
        duration_minutes=number_of(item, "duration_minutes"),
        rrule=text_of(item, "rrule"),
        repeats_after_completion=bool(item.get("repeats_after_completion")),
        snoozed_from=_when(item, "snoozed_from"),
        remind=[_reminder(each) for each in list_of(item, "remind")],
        comments=[
            IncomingComment(text_of(each, "text"), moment_of(each, "created_at"), text_of(each, "author") or None)
            for each in list_of(item, "comments")
        ],
        is_done=item.get("completed_at") is not None,
        completed_at=moment_of(item, "completed_at"),
        created_at=moment_of(item, "created_at"),
        id=_id(text_of(item, "id")),
    )


def _when(item: dict[str, Any], name: str) -> ClockTime | None:
    value = object_of(item, name)
    if not value:
        return None
    try:
        on = dt.date.fromisoformat(text_of(value, "on"))
        time = dt.time.fromisoformat(clock) if (clock := text_of(value, "time")) else None
    except ValueError as error:
        raise RowUnreadable(field=name) from error
    check_year(on, name)
    return ClockTime(on, time, moment_of(value, "at"))


def _reminder(each: dict[str, Any]) -> RemindAt:
    if (moment := moment_of(each, "at")) is not None:
        return moment
    if (before := _seconds(each, "before_seconds")) is not None:
        return before
    if (before := _seconds(each, "before_start_seconds")) is not None:
        return before_start(before)
    raise RowUnreadable(field="remind")


def _seconds(each: dict[str, Any], name: str) -> dt.timedelta | None:
    seconds = number_of(each, name)
    return None if seconds is None else dt.timedelta(seconds=seconds)


def _priority(word: str) -> Priority | None:
    try:
        return Priority(word) if word else None
    except ValueError as error:
        raise RowUnreadable(field="priority") from error


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def is_own_table(names: set[str]) -> bool:
    """Whether a table has the headings of ours."""
    return {"id", "title", "project", "labels", "completed_at"} <= names


def read_own_table(text: str, around: Circumstances) -> IncomingFile:
    """One line a task; projects and labels go by their names."""
    file = IncomingFile(FileFormat.OWN_CSV)
    for _, cells in read_table(text):
        row = file.next_row()
        plain = {name: table.as_it_was(cell) for name, cell in cells.items() if name}
        try:
            task = _row(row, plain, around)
        except AppError as error:
            file.refuse(plain.get("title"), error)
            continue
        file.tasks.append(task)
        if task.project:
            file.projects.setdefault(task.project, IncomingProject(task.project, task.project))
    return file


def _row(row: int, cells: dict[str, str], around: Circumstances) -> IncomingTask:
    title = text_of(cells, "title").strip()
    if not title:
        raise RowTitleMissing
    labels = [_ESCAPED.sub(r"\1", name.strip()) for name in _LABEL.findall(text_of(cells, "labels"))]
    return IncomingTask(
        row,
        text_of(cells, "id") or f"row {row}: {title}",
        title,
        notes=text_of(cells, "notes"),
        project=text_of(cells, "project").strip() or None,
        parent=text_of(cells, "parent_id") or None,
        priority=_priority(text_of(cells, "priority").strip().lower()),
        labels=[name for name in labels if name],
        zone=zone_named(text_of(cells, "zone")),
        start=_moment(cells, "start"),
        due=_moment(cells, "due"),
        end=_moment(cells, "end"),
        duration_minutes=number_of(cells, "duration_minutes"),
        rrule=text_of(cells, "rrule"),
        repeats_after_completion=text_of(cells, "repeats_after_completion") == _YES,
        is_done=bool(text_of(cells, "completed_at")),
        completed_at=moment_of(cells, "completed_at", around.zone),
        created_at=moment_of(cells, "created_at", around.zone),
        id=_id(text_of(cells, "id")),
    )


def _moment(cells: dict[str, str], name: str) -> Moment | None:
    text = text_of(cells, name).strip()
    if not text:
        return None
    moment = parse_moment(text, name)
    return moment if len(text) > len("2026-11-22") else moment.date()
