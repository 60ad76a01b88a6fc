"""Short ways to bring a file in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from tasks_app.context import Source
from tasks_app.models import TaskImport, User
from tasks_app.transfer import imports
from tasks_app.transfer.incoming import Circumstances, IncomingFile
from tasks_app.transfer.reading.detection import read_file

FILES = Path(__file__).parent / "files"
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
AROUND = Circumstances(ZoneInfo("Europe/Berlin"), NOW, "en", "ann")


def content_of(name: str) -> bytes:
    """One of our small files."""
    return (FILES / name).read_bytes()


def read(content: bytes | str, name: str = "") -> IncomingFile:
    """What a file says, without a database."""
    raw = content.encode() if isinstance(content, str) else content
    return read_file(raw, Circumstances(AROUND.zone, NOW, "en", "ann", name))


def bring_in(user: User, content: bytes | str, name: str = "file") -> TaskImport:
    """Carry a file out here and now."""
    raw = content.encode() if isinstance(content, str) else content
    task_import = imports.add_import(user, imports.GivenFile(raw, name, Source.API), NOW)
    imports.run_import(task_import.id)
    return imports.get_import(user, task_import.id)
