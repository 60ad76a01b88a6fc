"""CSV for spreadsheets: one line a task."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from tasks_app.clock import wire_form
from tasks_app.models import Task, User
from tasks_app.serialization import priority_word
from tasks_app.transfer.owned import own_tasks

COLUMNS = (
    "id", "parent_id", "title", "notes", "project", "labels", "priority", "start", "due", "end", "duration_minutes",
    "rrule", "completed_at", "created_at", "zone", "repeats_after_completion",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The wide ones as well, which a Japanese spreadsheet takes for the others."""
_GUARDED = tuple(f"'{start}" for start in (*_FORMULA_STARTS, "'"))


def write_table(user: User) -> Iterator[bytes]:
    """All their tasks as UTF-8 CSV with a byte order mark, so that spreadsheets read its letters right.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    yield codecs.BOM_UTF8 + _line(COLUMNS)
    for task in own_tasks(user):
        yield _line([_inert(cell) for cell in _cells(task)])


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _cells(task: Task) -> tuple[str, ...]:
    return (
        str(task.id),
        str(task.parent_id or ""),
        task.title,
        task.notes,
        task.project.name if task.project else "",
        ", ".join(_escaped(label.name) for label in task.labels.all()),
        priority_word(task.priority) or "",
        wire_form(task.start_on, task.start_at, task.zone) or "",
        wire_form(task.due_on, task.due_at, task.zone) or "",
        wire_form(task.end_on, task.end_at, task.zone) or "",
        str(task.duration_minutes or ""),
        task.rrule,
        task.completed_at.isoformat() if task.completed_at else "",
        task.created_at.isoformat(),
        task.zone,
        "true" if task.repeats_after_completion else "",
    )


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace(",", "\\,")


def as_it_was(cell: str) -> str:
    """A cell without the apostrophe that :func:`write_table` put in front."""
    return cell[1:] if cell.startswith(_GUARDED) else cell


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*_FORMULA_STARTS, *_GUARDED)) else cell
