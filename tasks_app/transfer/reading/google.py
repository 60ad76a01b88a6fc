"""Google Tasks: ``Tasks.json`` of a Takeout.

A Takeout is a ``tasks#taskLists`` of lists, each with its tasks as ``items``; the tasks are those of the API,
https://developers.google.com/tasks/reference/rest/v1/tasks (``due`` tells a day: the time in it means nothing;
``status`` is needsAction or completed; ``deleted`` is in the trash). How a task repeats is not told.
"""

from __future__ import annotations

from typing import Any

from tasks_app.transfer.errors import RowLeftOut, RowTitleMissing
from tasks_app.transfer.incoming import FileFormat, IncomingFile, IncomingProject, IncomingTask
from tasks_app.transfer.reading.fields import day_of, list_of, moment_of, text_of
from voicebot.errors import AppError


def is_google_takeout(data: object) -> bool:
    """Whether it is a file of Google Tasks."""
    return isinstance(data, dict) and str(data.get("kind")) in {"tasks#taskLists", "tasks#tasks"}


def read_google_takeout(data: dict[str, Any]) -> IncomingFile:
    """Each list is a project."""
    file = IncomingFile(FileFormat.GOOGLE_TASKS)
    for number, each in enumerate(list_of(data, "items") if data["kind"] == "tasks#taskLists" else [data]):
        key = text_of(each, "id") or str(number)
        if name := text_of(each, "title").strip():
            file.projects[key] = IncomingProject(key, name)
        for item in list_of(each, "items"):
            row = file.next_row()
            try:
                file.tasks.append(_task(row, item, key if name else None))
            except AppError as error:
                file.refuse(item.get("title"), error)
    return file


def _task(row: int, item: dict[str, Any], project: str | None) -> IncomingTask:
    if item.get("deleted"):
        raise RowLeftOut
    title = text_of(item, "title").strip()
    if not title:
        raise RowTitleMissing
    return IncomingTask(
        row,
        text_of(item, "id"),
        title,
        notes=text_of(item, "notes"),
        project=project,
        parent=text_of(item, "parent") or None,
        due=day_of(item, "due"),
        is_done=item.get("status") == "completed",
        completed_at=moment_of(item, "completed"),
        created_at=moment_of(item, "created"),
    )
