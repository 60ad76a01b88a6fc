"""What each program's file means."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest

from tasks_app.commands import BeforeStart
from tasks_app.intents import Priority
from tasks_app.transfer.incoming import IncomingFile, IncomingTask
from tests.tasks_app.transfer.conftest import content_of, read


def tasks_of(name: str) -> tuple[IncomingFile, dict[str, IncomingTask]]:
    file = read(content_of(name), name)
    return file, {task.title: task for task in file.tasks}


def problems_of(file: IncomingFile) -> list[tuple[int, str]]:
    return [(problem.row, problem.error.code) for problem in file.problems]


def test_todoist_table() -> None:
    file, tasks = tasks_of("todoist.csv")
    tulips, bulbs = tasks["Plant the tulips"], tasks["Buy bulbs"]
    assert (tulips.notes, tulips.priority, tulips.labels) == ("Under the oak", Priority.URGENT, ["garden"])
    assert (tulips.due, tulips.duration_minutes, tulips.project) == (dt.date(2026, 12, 3), 45, "todoist")
    assert (bulbs.parent, bulbs.priority, [each.text for each in bulbs.comments]) == (
        tulips.key,
        None,
        ["The red ones"],
    )
    assert tasks["Water the cactus"].labels == ["Indoors"]
    sofa = tasks["Move the sofa"]
    assert (sofa.due, sofa.notes) == (None, "when the moon turns green")
    assert [warning.code for warning in sofa.warnings] == ["import_date_not_understood"]
    assert problems_of(file) == [(5, "import_title_missing")]


def test_todoist_dates_in_words() -> None:
    heading = "TYPE,CONTENT,PRIORITY,INDENT,DATE,DATE_LANG,TIMEZONE\n"
    file = read(heading + "task,a,4,1,every monday at 9,en,Europe/Lisbon\ntask,b,4,1,every! 3 days,en,\n"
                "task,c,4,1,morgen um 8,de,\ntask,d,4,1,2026-12-24 18:30,,\n")  # fmt: skip
    a, b, c, d = file.tasks
    assert isinstance(a.due, dt.datetime)
    assert (a.zone, a.due.isoformat(), a.rrule[:20]) == (
        "Europe/Lisbon", "2026-11-23T09:00:00+00:00", "FREQ=WEEKLY;BYDAY=MO",
    )  # fmt: skip
    assert (b.rrule, b.repeats_after_completion) == ("FREQ=DAILY;INTERVAL=3", True)
    assert isinstance(c.due, dt.datetime)
    assert c.due.isoformat() == "2026-11-23T08:00:00+01:00"
    assert d.due == dt.datetime.fromisoformat("2026-12-24T18:30")


def test_the_same_task_has_the_same_key_in_another_file_of_a_table() -> None:
    first, second = (read(content_of("todoist.csv"), name) for name in ("House [223].csv", "House.csv"))
    assert [task.key for task in first.tasks] == [task.key for task in second.tasks]
    assert list(first.projects) == ["House"]


def test_todoist_answer() -> None:
    file, tasks = tasks_of("todoist.json")
    mast, isle = tasks["Paint the mast"], tasks["Sail round the isle"]
    assert {key: project.name for key, project in file.projects.items()} == {
        "2": "Boat", "3": "Boat / Ideas", "4": "Shed", "5": "Shed / Ideas",
    }  # fmt: skip
    assert (mast.priority, mast.labels, mast.due) == (
        Priority.URGENT, ["spring", "Deck"], dt.datetime.fromisoformat("2026-12-01T08:30"),
    )  # fmt: skip
    assert mast.remind == [dt.timedelta(minutes=30), dt.datetime(2026, 11, 30, 18, tzinfo=dt.UTC)]
    assert [each.text for each in mast.comments] == ["Two coats"]
    assert (isle.zone, isle.due) == ("Europe/Lisbon", dt.datetime(2026, 12, 24, 10, tzinfo=dt.UTC))
    assert (tasks["Sand it first"].parent, tasks["Sand it first"].is_done) == ("100", True)
    assert tasks["Inbox thing"].project is None
    assert problems_of(file) == [(4, "import_row_left_out")]


def test_google_takeout() -> None:
    file, tasks = tasks_of("google.json")
    roof, ladder = tasks["Fix the roof"], tasks["Get a ladder"]
    assert (roof.notes, roof.due, roof.project) == ("before the snow", dt.date(2026, 12, 5), "L1")
    assert (ladder.parent, ladder.is_done, ladder.completed_at) == (
        "g1", True, dt.datetime(2026, 10, 2, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    assert problems_of(file) == [(3, "import_title_missing"), (4, "import_row_left_out")]


def test_microsoft_lists() -> None:
    file, tasks = tasks_of("microsoft.json")
    passport, letter, fee = tasks["Renew the passport"], tasks["Newsletter"], tasks["Fee"]
    assert [project.name for project in file.projects.values()] == ["Club"]
    assert (passport.notes, passport.priority, passport.labels) == ("Bring a photo\nand €60", Priority.HIGH, ["Papers"])
    assert (passport.project, passport.due) == (None, dt.date(2026, 12, 10))
    (moment,) = passport.remind
    assert isinstance(moment, dt.datetime)
    assert moment.astimezone(dt.UTC) == dt.datetime(2026, 12, 9, 7, tzinfo=dt.UTC)
    assert [(task.title, task.is_done) for task in file.tasks if task.parent == "m1"] == [
        ("Photo", True),
        ("Form", False),
    ]
    assert letter.rrule == "FREQ=MONTHLY;INTERVAL=2;BYDAY=FR;BYSETPOS=1;COUNT=5"
    assert (fee.is_done, fee.rrule, [each.code for each in fee.warnings]) == (True, "", ["import_recurrence_left_out"])


@pytest.mark.parametrize(
    ("pattern", "limits", "rule"),
    [
        ({"type": "daily", "interval": 1}, {"type": "noEnd"}, "FREQ=DAILY"),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["monday", "friday"]},
            {},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
        ),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, {}, "FREQ=MONTHLY;BYMONTHDAY=31"),
        (
            {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 3, "month": 4},
            {"type": "endDate", "endDate": "2030-04-03"},
            "FREQ=YEARLY;BYMONTHDAY=3;BYMONTH=4;UNTIL=20300403",
        ),
    ],
)
def test_microsoft_rules(pattern: dict[str, Any], limits: dict[str, Any], rule: str) -> None:
    item = {
        "subject": "x",
        "status": "notStarted",
        "importance": "normal",
        "recurrence": {"pattern": pattern, "range": limits},
    }
    (task,) = read(json.dumps({"value": [item]})).tasks
    assert (task.title, task.rrule) == ("x", rule)


@pytest.mark.parametrize("is_packed", [False, True])
def test_vikunja_export(is_packed: bool) -> None:
    content = content_of("vikunja.json")
    if is_packed:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("VERSION", "v1.0.0")
            archive.writestr("data.json", content)
        content = packed.getvalue()
    file = read(content)
    loose, scores, paper = file.tasks
    assert [(project.name, project.is_archived) for project in file.projects.values()] == [("Choir", True)]
    assert (loose.project, loose.due, loose.priority) == (None, None, None)
    assert (scores.notes, scores.priority, scores.labels) == ("Twelve copies", Priority.URGENT, ["paper"])
    assert (scores.due, scores.rrule, scores.repeats_after_completion) == (
        dt.datetime(2026, 12, 2, 18, tzinfo=dt.UTC), "FREQ=WEEKLY;INTERVAL=1", True,
    )  # fmt: skip
    assert scores.remind == [dt.timedelta(hours=1)]
    assert paper.remind == [BeforeStart(before_start=dt.timedelta(hours=2))]
    assert [(each.author, each.text) for each in scores.comments] == [("bea", "In A4")]
    assert (paper.parent, paper.is_done, paper.priority) == ("21", True, Priority.LOW)


def test_calendar() -> None:
    file, tasks = tasks_of("tasks.ics")
    roses, knife = tasks["Prune the roses, all of them"], tasks["Sharpen the knife"]
    assert (roses.notes, roses.priority, roses.labels) == (
        "Carefully\nwith gloves", Priority.URGENT, ["garden", "spring", "sharp"],
    )  # fmt: skip
    assert (roses.zone, roses.rrule, roses.project) == ("Europe/Berlin", "FREQ=YEARLY", "Garden")
    assert [str(moment) for moment in (roses.start, roses.due)] == [
        "2026-12-01 08:00:00+01:00",
        "2026-12-01 09:00:00+01:00",
    ]
    assert roses.remind == [dt.timedelta(minutes=30), dt.datetime(2026, 11, 30, 18, tzinfo=dt.UTC)]
    assert (knife.parent, knife.due, knife.is_done) == ("one@test", dt.date(2026, 11, 30), True)
    assert tasks["Floating"].due == dt.datetime.fromisoformat("2026-12-02T07:00")
    assert problems_of(file) == [(4, "import_row_unreadable"), (5, "import_row_left_out")]


def test_calendar_of_windows_zones_durations_and_children() -> None:
    todo = "BEGIN:VTODO\nUID:{}\nSUMMARY:{}\n{}\nEND:VTODO\n"
    alarm = "BEGIN:VALARM\nTRIGGER:-PT10M\nEND:VALARM"
    start = "DTSTART;TZID=W. Europe Standard Time:20261201T080000"
    whole_says = f"{start}\nDURATION:PT90M\nRELATED-TO;RELTYPE=CHILD:2\n{alarm}"
    whole_and_part = todo.format(1, "whole", whole_says) + todo.format(2, "part", "DUE;TZID=/x/Nowhere:20261201T080000")
    file = read(f"BEGIN:VCALENDAR\n{whole_and_part}END:VCALENDAR\n")
    whole, part = file.tasks
    assert isinstance(whole.due, dt.datetime)
    assert whole.due.astimezone(dt.UTC) == dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.UTC)
    assert whole.remind == [BeforeStart(before_start=dt.timedelta(minutes=10))]
    assert part.parent == "1"
