"""Files that are broken, or made to break something: each has a code, and none takes long."""

from __future__ import annotations

import io
import json
import random
import zipfile
from contextlib import suppress

import pytest

from tasks_app.models import Task, User
from tasks_app.transfer import errors
from tasks_app.transfer.incoming import ROWS_MAX
from tasks_app.transfer.reading.archives import MEMBERS_MAX, UNPACKED_MAX_BYTES
from tasks_app.transfer.reading.detection import FILE_MAX_BYTES
from tasks_app.transfer.reading.texts import VALUES_MAX
from tests.tasks_app.transfer.conftest import bring_in, content_of, read
from voicebot.errors import AppError

HEADING = "TYPE,CONTENT,PRIORITY,INDENT,DATE,DATE_LANG\n"
ALL = ("todoist.csv", "todoist.json", "google.json", "microsoft.json", "vikunja.json", "tasks.ics", "own.json")
DAMAGE = (
    b"",
    b"\n",
    b",",
    b'"',
    b"9" * 30,
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"P99999999D",
    b"\xff",
    b"TZID=Nowhere/Land",
    b"-",
)
TASKS = '{"items": [%s], "projects": []}'


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_json", ".json"), content)
    return file.getvalue()


def encrypted() -> bytes:
    """With the flag in both headers that says so."""
    content = bytearray(archive(data_json=content_of("vikunja.json")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.ImportFormatUnknown),
        (b"hello", errors.ImportFormatUnknown),
        (b"{}", errors.ImportFormatUnknown),
        (b"[]", errors.ImportFormatUnknown),
        (b"[1, [2], null]", errors.ImportFormatUnknown),
        (b'{"kind": "tasks#taskLists", "items": []}', errors.ImportFileEmpty),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", errors.ImportFileEmpty),
        (b"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\n", errors.ImportFileDamaged),
        (b'{"items": [', errors.ImportFileDamaged),
        (b'{"items": [NaN], "projects": []}', errors.ImportFileDamaged),
        (b'{"items": [], "projects": 5}', errors.ImportFileDamaged),
        (b'{"items": [{"id": "1", "content": "\\ud800"}], "projects": []}', errors.ImportFileDamaged),
        (b'{"items": [' + b"9" * 5000 + b'], "projects": []}', errors.ImportFileDamaged),
        (b"[" * 100_000, errors.ImportTooDeep),
        (b'{"items": [], "projects": ' + b"[" * 80 + b"]" * 80 + b"}", errors.ImportTooDeep),
        (b"\x00\x01\x02\x03", errors.ImportEncodingUnknown),
        (b"\x81\x8d\x8f", errors.ImportEncodingUnknown),
        (b"\xff\xfe\x00", errors.ImportEncodingUnknown),
        (HEADING.encode() + b"task," + b"x" * 120_000, errors.ImportCellTooLarge),
        (HEADING.encode() + b'task,"' + b"x" * 200_000, errors.ImportCellTooLarge),
        (b" " * (FILE_MAX_BYTES + 1), errors.ImportFileTooLarge),
        (HEADING.encode() + b"task,x,,,,\n" * 1_000_000, errors.ImportTooManyRows),
        (b"[" + b"[]," * 1_000_000 + b"[]]", errors.ImportTooManyRows),
        (
            archive(
                data_json=b'["' + random.Random(1).randbytes(80_000).hex().encode() + b'"' + b",1" * VALUES_MAX + b"]"
            ),
            errors.ImportTooManyRows,
        ),
        (archive(other=b"x"), errors.ImportFormatUnknown),
        (archive(data_json=b"[" + b" " * UNPACKED_MAX_BYTES), errors.ImportArchiveUnsafe),
        (archive(data_json=content_of("vikunja.json"))[:-40], errors.ImportFileDamaged),
        (encrypted(), errors.ImportArchiveUnsafe),
        (archive(**{f"n{number}": b"" for number in range(MEMBERS_MAX + 1)}), errors.ImportArchiveUnsafe),
    ],
    ids=lambda value: value.code if isinstance(value, type) else "",
)
def test_is_refused_with_its_code(content: bytes, error: type[AppError]) -> None:
    with pytest.raises(error):
        read(content)


def test_a_calendar_expands_nothing() -> None:
    todo = (
        "BEGIN:VTODO\nUID:%s\nSUMMARY:x\nDUE:20200101T000000Z\nRRULE:FREQ=HOURLY\nRDATE:20200102T000000Z\nEND:VTODO\n"
    )
    file = read("BEGIN:VCALENDAR\n" + "".join(todo % number for number in range(300)) + "END:VCALENDAR\n")
    assert len(file.tasks) == 300
    assert {task.rrule for task in file.tasks} == {"FREQ=HOURLY"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_come_in_whatever_encoding(encoding: str) -> None:
    (task,) = read((HEADING + "task,Müll für Zoë – jetzt,1,1,,").encode(encoding)).tasks
    assert task.title == "Müll für Zoë – jetzt"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_that_a_spreadsheet_has_saved_again(delimiter: str) -> None:
    (task,) = read((HEADING + "task,x,1,1,,").replace(",", delimiter)).tasks
    assert (task.title, task.priority) == ("x", "urgent")


def test_a_formula_is_a_text() -> None:
    (task,) = read(HEADING + 'task,"=HYPERLINK(""http://x"")",1,1,,').tasks
    assert task.title == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    "item",
    [
        {"id": "1", "content": "x", "due": {"date": "9999-01-01"}},
        {"id": "1", "content": "x", "due": {"date": "soon"}},
        {"id": "1", "content": "x", "due": 5},
        {"id": "1", "content": ["x"]},
        {"id": "1", "content": "x", "priority": "most"},
        {"id": "1", "content": "x", "priority": True},
        {"id": {"a": 1}, "content": "x"},
        {"id": "1", "content": " \u0000 "},
    ],
    ids=str,
)
def test_a_row_of_the_wrong_kind_is_a_problem_of_its_own(item: dict[str, object]) -> None:
    file = read(TASKS % f'{json.dumps(item)}, {{"id": "2", "content": "good"}}')
    assert [task.title for task in file.tasks] == ["good"]
    assert [problem.row for problem in file.problems] == [1]


def test_values_at_the_edge_can_be_stored(ann: User) -> None:
    many = [
        {"id": str(number), "content": f"{number}", "labels": [f"l{number}", None, 5, "\u0000", "L" * 300]}
        for number in range(3)
    ]
    extreme = {
        "id": "9",
        "content": "t" * 10_000 + "\u0000",
        "description": "d" * 100_000,
        "labels": [f"a{number}" for number in range(60)],
        "duration": {"amount": 999_999, "unit": "day"},
        "due": {"date": "2200-12-31T23:59:59Z"},
    }
    file = {
        "items": [*many, extreme, many[0]],
        "projects": [{"id": "p", "name": "n" * 999}],
        "reminders": [{"item_id": "9", "type": "relative", "minute_offset": 10**14}],
    }
    done = bring_in(ann, json.dumps(file))
    assert (done.state, done.made, done.problems) == ("done", 4, 1)
    task = Task.objects.get(title__startswith="ttt")
    assert (len(task.title), len(task.notes), task.duration_minutes, task.labels.count()) == (500, 20_000, None, 50)
    row = done.rows.get(row=4)
    assert {row.code, *row.details["also"]} == {"import_text_shortened", "import_reminder_left_out"}
    assert done.rows.get(row=5).code == "import_row_repeated"


def test_no_damage_gets_past_the_readers() -> None:
    chance = random.Random(7)
    for _ in range(300):
        content = bytearray(content_of(chance.choice(ALL)))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 9)] = chance.choice(DAMAGE)
        with suppress(AppError):
            read(bytes(content))


def test_the_limit_of_rows_is_not_below_what_people_have() -> None:
    assert ROWS_MAX >= 10_000
