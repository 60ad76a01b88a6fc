"""Finds out what a file is, and reads it."""

from __future__ import annotations

from tasks_app.transfer.errors import (
    ImportFileDamaged,
    ImportFileEmpty,
    ImportFileTooLarge,
    ImportFormatUnknown,
    RowUnreadable,
)
from tasks_app.transfer.incoming import Circumstances, IncomingFile
from tasks_app.transfer.reading import calendar_file, google, microsoft, own, todoist, vikunja
from tasks_app.transfer.reading.archives import is_archive, read_archive
from tasks_app.transfer.reading.texts import decode, read_json, read_table

FILE_MAX_BYTES = 16 * 2**20


def read_file(content: bytes, around: Circumstances) -> IncomingFile:
    """All that a file says, by what it is and not by what it is called.

    Args:
        content: As it came.
        around: Whose file it is and when they gave it.

    Raises:
        ImportFileTooLarge, ImportTooManyRows, ImportFileEmpty, ImportFormatUnknown, ImportEncodingUnknown,
            ImportFileDamaged, ImportTooDeep, ImportCellTooLarge, ImportArchiveUnsafe: It cannot be read.
    """
    if len(content) > FILE_MAX_BYTES:
        raise ImportFileTooLarge(limit_megabytes=FILE_MAX_BYTES // 2**20)
    text = decode(read_archive(content) if is_archive(content) else content)
    try:
        file = _read(text, around)
    except RowUnreadable as error:  # outside of any row, so the file itself is not as it should be
        raise ImportFileDamaged from error
    if not file.rows:
        raise ImportFileEmpty
    return file


def _read(text: str, around: Circumstances) -> IncomingFile:
    if calendar_file.is_calendar(text):
        return calendar_file.read_calendar(text, around)
    if text.lstrip()[:1] in {"{", "["}:
        return _read_objects(read_json(text), around)
    return _read_table(text, around)


def _read_objects(data: object, around: Circumstances) -> IncomingFile:
    if isinstance(data, dict):
        if own.is_own_document(data):
            return own.read_own_document(data)
        if google.is_google_takeout(data):
            return google.read_google_takeout(data)
        if todoist.is_todoist_answer(data):
            return todoist.read_todoist_answer(data, around)
    if isinstance(data, list) and vikunja.is_vikunja_export(data):
        return vikunja.read_vikunja_export(data)
    if microsoft.is_microsoft_lists(data):
        return microsoft.read_microsoft_lists(data, around)
    raise ImportFormatUnknown


def _read_table(text: str, around: Circumstances) -> IncomingFile:
    names = next((set(cells) for _, cells in read_table(text)), set())
    if names >= todoist.COLUMNS:
        return todoist.read_todoist_table(text, around)
    if own.is_own_table(names):
        return own.read_own_table(text, around)
    raise ImportFormatUnknown
