"""Our own JSON: everything that a person's tasks consist of, with the version of its shape."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from tasks_app.commands import BeforeStart
from tasks_app.models import Project, Reminder, Task, User
from tasks_app.serialization import priority_word
from tasks_app.transfer.owned import own_labels, own_projects, own_tasks
from voicebot.errors import JsonValue

FORMAT = "voicebot-tasks"
VERSION = 1
"""Raised when a reader of the old shape would misread the new one."""


def write_document(user: User, exported_at: dt.datetime) -> Iterator[bytes]:
    """All that is theirs as UTF-8 JSON; ids are kept, so that parts find their task and tasks their project.

    Args:
        user: Whose tasks.
        exported_at: Aware moment to write into it.
    """
    projects = own_projects(user)
    known = {project.id for project in projects}
    head: dict[str, JsonValue] = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": exported_at.isoformat(),
        "projects": [_project(project) for project in projects],
        "labels": [{"name": label.name, "colour": label.colour} for label in own_labels(user)],
        "tasks": [],
    }
    yield _text(head).removesuffix("[]\n}").encode() + b"["
    separator = ""
    for task in own_tasks(user, "reminders", "comments__author"):
        yield f"{separator}\n{_text(_task(task, in_project=task.project_id in known))}".encode()
        separator = ","
    yield b"\n]\n}\n"


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _project(project: Project) -> JsonValue:
    return {
        "id": str(project.id),
        "name": project.name,
        "colour": project.colour,
        "is_archived": project.is_archived,
        "created_at": project.created_at.isoformat(),
    }


def _task(task: Task, *, in_project: bool) -> JsonValue:
    return {
        "id": str(task.id),
        "title": task.title,
        "notes": task.notes,
        "project_id": str(task.project_id) if in_project else None,
        "parent_id": str(task.parent_id) if task.parent_id else None,
        "priority": priority_word(task.priority),
        "labels": [label.name for label in task.labels.all()],
        "zone": task.zone,
        "start": _when(task.start_on, task.start_time, task.start_at),
        "due": _when(task.due_on, task.due_time, task.due_at),
        "end": _when(task.end_on, task.end_time, task.end_at),
        "duration_minutes": task.duration_minutes,
        "rrule": task.rrule or None,
        "repeats_after_completion": task.repeats_after_completion,
        "snoozed_from": _when(task.snoozed_from_on, task.snoozed_from_time, None),
        "remind": [_reminder(reminder) for reminder in task.reminders.all()],
        "comments": [
            {
                "author": comment.author.get_username() if comment.author else None,
                "text": comment.text,
                "created_at": comment.created_at.isoformat(),
            }
            for comment in task.comments.all()
            if comment.deleted_at is None
        ],
        "completed_at": _iso(task.completed_at),
        "created_at": task.created_at.isoformat(),
    }


def _when(day: dt.date | None, clock: dt.time | None, moment: dt.datetime | None) -> JsonValue:
    """The day and the time on the clock that were meant, and the moment that they are; None without a day."""
    if day is None:
        return None
    return {"on": day.isoformat(), "time": clock.isoformat() if clock else None, "at": _iso(moment)}


def _reminder(reminder: Reminder) -> JsonValue:
    match reminder.when:
        case dt.timedelta() as before:
            return {"before_seconds": int(before.total_seconds())}
        case BeforeStart(before_start=before):
            return {"before_start_seconds": int(before.total_seconds())}
    return {"at": _iso(reminder.remind_at)}


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
