"""A person's tasks as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks_app.models import User
from tasks_app.transfer.calendar import write_calendar
from tasks_app.transfer.document import write_document
from tasks_app.transfer.table import write_table


class ExportFormat(StrEnum):
    """What a file can be."""

    JSON = "json"
    """All that the person wrote and set; other people are left out."""
    CSV = "csv"
    """For spreadsheets: without comments, reminders and colours."""
    ICS = "ics"
    """iCalendar, for other programs: without comments and projects."""


CONTENT_TYPES = {
    ExportFormat.JSON: "application/json",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.ICS: "text/calendar; charset=utf-8",
}


@dataclass(frozen=True)
class ExportedFile:
    """A file to hand to the person."""

    content: bytes
    content_type: str
    name: str


def export_tasks(user: User, file_format: ExportFormat, *, now: dt.datetime) -> ExportedFile:
    """All that is theirs: own projects and labels, and the tasks that count as theirs, without the trash.

    Args:
        user: Whose tasks; what others share with them stays with the others.
        file_format: Which kind of file.
        now: Aware moment that the file and its name tell.
    """
    content = b"".join(export_pieces(user, file_format, now=now))
    return ExportedFile(content, CONTENT_TYPES[file_format], f"tasks-{now:%Y-%m-%d}.{file_format}")


def export_pieces(user: User, file_format: ExportFormat, *, now: dt.datetime) -> Iterator[bytes]:
    """The same file in pieces, so that nobody holds all of it."""
    if file_format is ExportFormat.JSON:
        return write_document(user, now)
    if file_format is ExportFormat.CSV:
        return write_table(user)
    return write_calendar(user, now)
