"""The letters, tables and objects of a file, within limits."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from tasks_app.transfer.errors import (
    ImportCellTooLarge,
    ImportEncodingUnknown,
    ImportFileDamaged,
    ImportTooDeep,
    ImportTooManyRows,
)

CELL_MAX_CHARACTERS = 100_000
DEPTH_MAX = 60
"""Levels of a JSON file; no program that is read here writes more than a dozen."""
VALUES_MAX = 4_000_000
"""Of a JSON file, where a list or object counts for five: read, values take by far more memory than their letters."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t"


def decode(content: bytes) -> str:
    """The letters: by the byte order mark, else UTF-8, else those of Western Windows, which spreadsheets still write.

    Raises:
        ImportEncodingUnknown: They are none of these, or no text at all.
    """
    encodings = next(((name,) for mark, name in _MARKS if content.startswith(mark)), ("utf-8", "cp1252"))
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ImportEncodingUnknown


def read_json(text: str) -> Any:  # noqa: ANN401  # whatever the file says; readers look at each part
    """The file's objects.

    Raises:
        ImportFileDamaged: It is no JSON.
        ImportTooDeep: It nests further than :data:`DEPTH_MAX` levels.
        ImportTooManyRows: It has more than :data:`VALUES_MAX`.
    """
    if text.count(",") + 5 * (text.count("[") + text.count("{")) > VALUES_MAX:
        raise ImportTooManyRows(limit=VALUES_MAX)
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(data, ensure_ascii=False).encode()  # half a letter, such as \\ud800 alone, cannot be stored
    except RecursionError as error:
        raise ImportTooDeep from error
    except ValueError as error:
        raise ImportFileDamaged from error
    _check_depth(data)
    return data


def read_table(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table with a heading: their number in the file, from 1, and their cells by heading.

    Raises:
        ImportCellTooLarge: A cell has more than :data:`CELL_MAX_CHARACTERS`.
        ImportFileDamaged: It is no table.
    """
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    try:
        for cells in filter(None, rows):
            if any(len(cell) > CELL_MAX_CHARACTERS for cell in cells):
                raise ImportCellTooLarge(limit=CELL_MAX_CHARACTERS)
            if not names:
                names = [cell.strip() for cell in cells]
            elif any(cells):
                yield rows.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        # The reader's own limit is 131,072 characters; everything else that it refuses is damage.
        raise (ImportCellTooLarge(limit=CELL_MAX_CHARACTERS) if "limit" in str(error) else ImportFileDamaged) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _check_depth(data: object) -> None:
    level: list[object] = [data]
    for _ in range(DEPTH_MAX):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return
    raise ImportTooDeep


def _parts(whole: object) -> list[object]:
    values = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
    return [value for value in values if isinstance(value, dict | list)]
