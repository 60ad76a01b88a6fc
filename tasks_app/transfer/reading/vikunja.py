"""Vikunja: ``data.json`` in the archive of "Export your data".

Shape of the archive and of its objects: https://github.com/go-vikunja/vikunja, ``pkg/models/export.go`` and
``pkg/models/tasks.go`` (priority 0 none, 1 low, 2 medium, 3 high, 4 urgent, 5 do now; the year 1 is no date;
``repeat_after`` in seconds with ``repeat_mode`` 0 from the due date, 1 monthly, 2 from the day it was done;
``related_tasks.parenttask`` holds the tasks of which one is a part; descriptions are HTML).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tasks_app.intents import Priority
from tasks_app.transfer.errors import RecurrenceLeftOut, RowTitleMissing
from tasks_app.transfer.incoming import FileFormat, IncomingComment, IncomingFile, IncomingTask, before_start
from tasks_app.transfer.reading.fields import list_of, moment_of, number_of, object_of, text_of
from tasks_app.transfer.reading.markup import plain_text
from tasks_app.transfer.reading.projects import add_projects
from voicebot.errors import AppError

_PRIORITIES = {1: Priority.LOW, 2: Priority.MEDIUM, 3: Priority.HIGH, 4: Priority.URGENT, 5: Priority.URGENT}
_INBOX = "inbox"
_MONTHLY, _FROM_DONE = 1, 2
_UNITS = (("WEEKLY", 7 * 86_400), ("DAILY", 86_400), ("HOURLY", 3600))
_LEVELS_MAX = 10


def is_vikunja_export(data: object) -> bool:
    """Whether it is the list of projects of an export."""
    return (
        isinstance(data, list)
        and bool(data)
        and all(
            isinstance(each, dict) and "title" in each and ("tasks" in each or "child_projects" in each)
            for each in data[:5]
        )
    )


def read_vikunja_export(data: list[dict[str, Any]]) -> IncomingFile:
    """Each project but the inbox is one here."""
    file = IncomingFile(FileFormat.VIKUNJA)
    projects = list(_flat(data))
    inboxes = {text_of(each, "id") for each in projects if text_of(each, "title").strip().lower() == _INBOX}
    named = [each for each in projects if text_of(each, "id") not in inboxes]
    add_projects(file, named, parent="parent_project_id", name="title")
    for project in projects:
        key = text_of(project, "id")
        for item in list_of(project, "tasks"):
            row = file.next_row()
            try:
                file.tasks.append(_task(row, item, key if key in file.projects else None))
            except AppError as error:
                file.refuse(item.get("title"), error)
    return file


def _flat(projects: list[dict[str, Any]], level: int = 0) -> Iterator[dict[str, Any]]:
    for each in projects:
        yield each
        if level < _LEVELS_MAX:
            yield from _flat(list_of(each, "child_projects"), level + 1)


def _task(row: int, item: dict[str, Any], project: str | None) -> IncomingTask:
    title = text_of(item, "title").strip()
    if not title:
        raise RowTitleMissing
    wholes = list_of(object_of(item, "related_tasks"), "parenttask")
    task = IncomingTask(
        row,
        text_of(item, "id"),
        title,
        notes=plain_text(text_of(item, "description")),
        project=project,
        parent=text_of(wholes[0], "id") if wholes else None,
        priority=_PRIORITIES.get(number_of(item, "priority") or 0),
        labels=[text_of(label, "title") for label in list_of(item, "labels")],
        start=_moment(item, "start_date"),
        due=_moment(item, "due_date"),
        is_done=bool(item.get("done")),
        completed_at=_moment(item, "done_at"),
        created_at=_moment(item, "created"),
    )
    end = _moment(item, "end_date")
    if task.due is None:
        task.due = end
    _set_rule(task, number_of(item, "repeat_after") or 0, number_of(item, "repeat_mode") or 0)
    for reminder in list_of(item, "reminders"):
        _add_reminder(task, reminder)
    for comment in list_of(item, "comments"):
        author = object_of(comment, "author")
        if text := plain_text(text_of(comment, "comment")):
            name = text_of(author, "username") or None
            task.comments.append(IncomingComment(text, _moment(comment, "created"), name))
    return task


def _moment(item: dict[str, Any], name: str) -> dt.datetime | None:
    return None if text_of(item, name).startswith("0001-") else moment_of(item, name)


def _set_rule(task: IncomingTask, seconds: int, mode: int) -> None:
    if mode == _MONTHLY:
        task.rrule = "FREQ=MONTHLY"
        return
    if seconds <= 0:
        return
    unit = next(((name, length) for name, length in _UNITS if seconds % length == 0), None)
    if unit is None:
        task.warnings.append(RecurrenceLeftOut(words=f"{seconds} s"))
        return
    name, length = unit
    task.rrule = f"FREQ={name};INTERVAL={seconds // length}"
    task.repeats_after_completion = mode == _FROM_DONE


def _add_reminder(task: IncomingTask, reminder: dict[str, Any]) -> None:
    period = number_of(reminder, "relative_period") or 0
    before, counts_from = dt.timedelta(seconds=-period), text_of(reminder, "relative_to")
    if counts_from == "due_date" and period <= 0:
        task.remind.append(before)
    elif counts_from == "start_date" and period <= 0 and task.start is not None:
        task.remind.append(before_start(before))
    elif moment := _moment(reminder, "reminder"):
        task.remind.append(moment)
