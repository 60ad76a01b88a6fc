"""Todoist: the table of "Export as a template", and what its Sync API answers.

Columns of the table: https://todoist.com/help/articles/format-a-csv-file-to-import-into-todoist-UVUXTmm6 (TYPE task,
section, note or meta; labels as @name in CONTENT; PRIORITY 1 is the highest and 4 none; INDENT from 1; DATE in the
words of DATE_LANG). Objects of the API: https://developer.todoist.com/sync/v9 (``priority`` 4 is the highest and 1 is
none; ``due.date`` is a day, a time on the clock, or a moment ending in Z with ``due.timezone``; ``labels`` are names).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from tasks_app.intents import Priority
from tasks_app.transfer.date_words import read_words
from tasks_app.transfer.errors import (
    DateNotUnderstood,
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
)
from tasks_app.transfer.reading.fields import (
    list_of,
    moment_of,
    number_of,
    object_of,
    parse_moment,
    text_of,
    texts_of,
    zone_named,
)
from tasks_app.transfer.reading.projects import add_projects
from tasks_app.transfer.reading.texts import read_table
from voicebot.errors import AppError

COLUMNS = frozenset({"TYPE", "CONTENT", "PRIORITY", "INDENT"})
_IN_TABLE = {1: Priority.URGENT, 2: Priority.HIGH, 3: Priority.MEDIUM}
_IN_API = {4: Priority.URGENT, 3: Priority.HIGH, 2: Priority.MEDIUM}
_LABEL = re.compile(r"(?:^|\s)@([^\s@]+)(?=\s|$)")
_FILE_ID = re.compile(r"\s*\[\w+\]$")
_MINUTES = {"minute": 1, "day": 24 * 60}
_AFTER_COMPLETION = "every!"


def read_todoist_table(text: str, around: Circumstances) -> IncomingFile:
    """One project; its name is that of the file, and a section becomes a label."""
    return _Table(around).read(text)


class _Table:
    """The table, line by line: what a line means depends on those above it."""

    def __init__(self, around: Circumstances) -> None:
        self._around = around
        self._file = IncomingFile(FileFormat.TODOIST_CSV)
        name = _FILE_ID.sub("", PurePosixPath(around.file_name).stem).strip()
        self._project = name if name and name.casefold() != "inbox" else None
        if self._project:
            self._file.projects[self._project] = IncomingProject(self._project, self._project)
        self._section = ""
        self._wholes: list[str] = []
        self._task: IncomingTask | None = None
        self._seen: Counter[str] = Counter()

    def read(self, text: str) -> IncomingFile:
        for _, cells in read_table(text):
            kind = cells.get("TYPE", "").strip().lower()
            if kind == "section":
                self._section, self._task = cells.get("CONTENT", "").strip(), None
            elif kind == "note":
                if self._task and (comment := cells.get("CONTENT", "").strip()):
                    self._task.comments.append(IncomingComment(comment))
            elif kind == "task":
                self._add(cells)
        return self._file

    def _add(self, cells: Mapping[str, str]) -> None:
        self._task = None
        row = self._file.next_row()
        try:
            self._task = self._task_of(row, cells)
        except AppError as error:
            self._file.refuse(cells.get("CONTENT"), error)
        else:
            self._file.tasks.append(self._task)

    def _task_of(self, row: int, cells: Mapping[str, str]) -> IncomingTask:
        content = text_of(cells, "CONTENT").strip()
        labels = _LABEL.findall(content)
        title = _LABEL.sub("", content).strip() or content
        if not title:
            raise RowTitleMissing
        level = max(1, min(number_of(cells, "INDENT") or 1, len(self._wholes) + 1))
        self._wholes = self._wholes[: level - 1]
        task = IncomingTask(
            row,
            self._key_of(title),
            title,
            notes=text_of(cells, "DESCRIPTION"),
            project=self._project,
            parent=self._wholes[-1] if self._wholes else None,
            priority=_IN_TABLE.get(number_of(cells, "PRIORITY") or 4),
            labels=[*labels, *([self._section] if self._section else [])],
            zone=zone_named(text_of(cells, "TIMEZONE")),
            duration_minutes=_minutes(cells.get("DURATION"), cells.get("DURATION_UNIT")),
        )
        self._wholes.append(task.key)
        words, language = text_of(cells, "DATE").strip(), text_of(cells, "DATE_LANG").strip()
        if words:
            _set_due(task, words, language or self._around.language, self._around)
        return task

    def _key_of(self, title: str) -> str:
        """The table has no ids: a task is the same when it stands in the same place and has the same title."""
        place = "\x1f".join([self._project or "", self._section, *self._wholes, title])
        digest = hashlib.sha256(place.encode()).hexdigest()[:32]
        self._seen[digest] += 1
        return f"{digest}:{self._seen[digest]}"


def is_todoist_answer(data: object) -> bool:
    """Whether it is what the Sync API answers."""
    return isinstance(data, dict) and isinstance(data.get("items"), list) and "kind" not in data and "projects" in data


def read_todoist_answer(data: dict[str, Any], around: Circumstances) -> IncomingFile:
    """All projects; a section becomes a label."""
    file = IncomingFile(FileFormat.TODOIST_JSON)
    projects = [each for each in list_of(data, "projects") if not each.get("is_deleted")]
    inboxes = {text_of(each, "id") for each in projects if each.get("inbox_project") or each.get("is_inbox_project")}
    add_projects(file, [each for each in projects if text_of(each, "id") not in inboxes], parent="parent_id")
    sections = {text_of(each, "id"): text_of(each, "name") for each in list_of(data, "sections")}
    for item in list_of(data, "items"):
        row = file.next_row()
        try:
            file.tasks.append(_item(row, item, file, sections, around))
        except AppError as error:
            file.refuse(item.get("content"), error)
    by_key = {task.key: task for task in file.tasks}
    for note in list_of(data, "notes"):
        task = by_key.get(text_of(note, "item_id"))
        if task and not note.get("is_deleted") and (text := text_of(note, "content").strip()):
            task.comments.append(IncomingComment(text, moment_of(note, "posted_at")))
    for reminder in list_of(data, "reminders"):
        if (task := by_key.get(text_of(reminder, "item_id"))) and not reminder.get("is_deleted"):
            try:
                _add_reminder(task, reminder)
            except RowUnreadable:
                task.warnings.append(ReminderLeftOut())
    return file


def _item(
    row: int, item: dict[str, Any], file: IncomingFile, sections: Mapping[str, str], around: Circumstances
) -> IncomingTask:
    if item.get("is_deleted"):
        raise RowLeftOut
    title = text_of(item, "content").strip()
    if not title:
        raise RowTitleMissing
    section = sections.get(text_of(item, "section_id"), "")
    project = text_of(item, "project_id")
    duration = object_of(item, "duration")
    task = IncomingTask(
        row,
        text_of(item, "id"),
        title,
        notes=text_of(item, "description"),
        project=project if project in file.projects else None,
        parent=text_of(item, "parent_id") or None,
        priority=_IN_API.get(number_of(item, "priority") or 1),
        labels=[*texts_of(item, "labels"), *([section] if section else [])],
        duration_minutes=_minutes(duration.get("amount"), duration.get("unit")),
        is_done=bool(item.get("checked")),
        completed_at=moment_of(item, "completed_at") or moment_of(item, "date_completed"),
        created_at=moment_of(item, "added_at") or moment_of(item, "date_added"),
    )
    _set_due_object(task, object_of(item, "due"), around)
    return task


def _set_due_object(task: IncomingTask, due: dict[str, Any], around: Circumstances) -> None:
    date, words = text_of(due, "date"), text_of(due, "string").strip()
    if not date:
        return
    task.zone = zone_named(text_of(due, "timezone"))
    moment = parse_moment(date, "due")
    task.due = moment if "T" in date else moment.date()
    if not due.get("is_recurring"):
        return
    meant = read_words(words, text_of(due, "lang") or around.language, _said_at(task, around))
    if meant and meant.rrule:
        task.rrule = meant.rrule
        task.repeats_after_completion = words.lower().startswith(_AFTER_COMPLETION) or meant.repeats_after_completion
    else:
        task.warnings.append(RecurrenceLeftOut(words=words[:100]))


def _set_due(task: IncomingTask, words: str, language: str, around: Circumstances) -> None:
    after_completion = words.lower().startswith(_AFTER_COMPLETION)
    plain = f"every{words[len(_AFTER_COMPLETION) :]}" if after_completion else words
    meant = read_words(plain, language, _said_at(task, around))
    if meant is None:
        task.warnings.append(DateNotUnderstood(words=words[:100]))
        task.notes = f"{task.notes}\n\n{words}".strip()
        return
    task.due, task.rrule = meant.due, meant.rrule
    task.repeats_after_completion = bool(meant.rrule) and (after_completion or meant.repeats_after_completion)


def _said_at(task: IncomingTask, around: Circumstances) -> dt.datetime:
    return around.now.astimezone(ZoneInfo(task.zone) if task.zone else around.zone)


def _add_reminder(task: IncomingTask, reminder: dict[str, Any]) -> None:
    if reminder.get("type") == "relative" and (minutes := number_of(reminder, "minute_offset")) is not None:
        task.remind.append(dt.timedelta(minutes=minutes))
    elif reminder.get("type") == "absolute" and (moment := moment_of(object_of(reminder, "due"), "date")):
        task.remind.append(moment)


def _minutes(amount: object, unit: object) -> int | None:
    text = str(amount or "")
    return int(text) * _MINUTES.get(str(unit), 1) or None if re.fullmatch(r"\d{1,6}", text) else None
