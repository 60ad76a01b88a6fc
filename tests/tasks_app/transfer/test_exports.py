"""Exports: complete, and only what is the person's own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from icalendar import Calendar

from tasks_app.commands import AddComment, BeforeStart, CompleteTask, CreateProject, CreateTask, DeleteTask
from tasks_app.models import User
from tasks_app.transfer.exports import ExportFormat, export_tasks
from tests.tasks_app.conftest import BERLIN, Run
from tests.tasks_app.sharing import act, share
from tests.tasks_app.transfer.conftest import read

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def document_of(user: User) -> Any:
    return json.loads(export_tasks(user, ExportFormat.JSON, now=NOW).content)


def test_own_json_is_complete(ann: User, run: Run) -> None:
    (project,) = run(CreateProject(name="Home", colour="red"))
    due = dt.datetime(2026, 11, 24, 17, 0, tzinfo=BERLIN)
    (task,) = run(
        CreateTask(
            title="water plants", notes="all", due=due, rrule="FREQ=WEEKLY", priority="high", labels=("green",),
            project_id=project.project_id, remind=(dt.timedelta(minutes=30), due - dt.timedelta(days=1)),
        )
    )  # fmt: skip
    assert task.task_id
    (part,) = run(CreateTask(title="balcony", parent_id=task.task_id, due=dt.date(2026, 11, 23)))
    assert part.task_id
    run(AddComment(task_id=task.task_id, text="twice a week?"), CompleteTask(task_id=part.task_id))
    document = document_of(ann)
    assert (document["format"], document["version"]) == ("voicebot-tasks", 1)
    assert [(row["name"], row["colour"]) for row in document["projects"]] == [("Home", "red")]
    assert [row["name"] for row in document["labels"]] == ["green"]
    first, second = document["tasks"]
    assert first["project_id"] == str(project.project_id)
    assert (first["priority"], first["labels"], first["rrule"]) == ("high", ["green"], "FREQ=WEEKLY")
    assert first["zone"] == "Europe/Berlin"
    assert first["due"] == {"on": "2026-11-24", "time": "17:00:00", "at": "2026-11-24T16:00:00+00:00"}
    assert {"before_seconds": 1800} in first["remind"]
    assert {"at": "2026-11-23T16:00:00+00:00"} in first["remind"]
    assert [row["text"] for row in first["comments"]] == ["twice a week?"]
    assert second["parent_id"] == first["id"]
    assert second["due"] == {"on": "2026-11-23", "time": None, "at": None}
    assert second["completed_at"]


def test_neither_the_trash_nor_what_others_share(ann: User, bob: User, run: Run) -> None:
    project = share(ann, bob)
    run(CreateTask(title="shared", project_id=project.id))
    (gone,) = run(CreateTask(title="gone"))
    assert gone.task_id
    run(DeleteTask(task_id=gone.task_id))
    act(bob, CreateTask(title="bob's own"))
    assert [row["title"] for row in document_of(ann)["tasks"]] == ["shared"]
    theirs = document_of(bob)
    assert [row["title"] for row in theirs["tasks"]] == ["bob's own"]
    assert not theirs["projects"]


def test_csv_runs_no_formula(ann: User, run: Run) -> None:
    run(CreateTask(title="=1+1", notes="two\nlines", labels=("a", "b")))
    file = export_tasks(ann, ExportFormat.CSV, now=NOW)
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["title"], row["notes"], row["labels"]) == ("'=1+1", "two\nlines", "a, b")
    assert file.name == "tasks-2026-11-22.csv"


@pytest.mark.parametrize("start", ["+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_csv_runs_no_formula_in_other_words(ann: User, run: Run, start: str) -> None:
    run(CreateTask(title="x", notes=f"{start}1+1"))
    content = export_tasks(ann, ExportFormat.CSV, now=NOW).content
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row["notes"] == f"'{start}1+1"
    assert read(content).tasks[0].notes == f"{start}1+1"


def test_calendar_keeps_times_on_the_persons_clock(ann: User, run: Run) -> None:
    due = dt.datetime(2026, 11, 24, 17, 0, tzinfo=BERLIN)
    (task,) = run(
        CreateTask(title="a; b, c\\d", notes="x\ny", due=due, rrule="FREQ=WEEKLY;BYDAY=TU", priority="urgent",
                   labels=("green",), remind=(dt.timedelta(minutes=30), due - dt.timedelta(days=1)))
    )  # fmt: skip
    (part,) = run(CreateTask(title="day", due=dt.date(2026, 11, 23), parent_id=task.task_id))
    assert part.task_id
    run(CompleteTask(task_id=part.task_id))
    calendar = Calendar.from_ical(export_tasks(ann, ExportFormat.ICS, now=NOW).content)
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    first, second = calendar.walk("VTODO")
    assert (first["summary"], first["description"], first["priority"]) == ("a; b, c\\d", "x\ny", 1)
    assert (first["due"].dt, first["dtstart"].dt, first["due"].params["TZID"]) == (due, due, "Europe/Berlin")
    assert first["rrule"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    triggers = {alarm["trigger"].dt for alarm in first.walk("VALARM")}
    assert triggers == {dt.timedelta(minutes=-30), due - dt.timedelta(days=1)}
    assert (second["due"].dt, second["related-to"], second["status"]) == (
        dt.date(2026, 11, 23),
        str(task.task_id),
        "COMPLETED",
    )


@pytest.mark.parametrize(("rule", "triggers"), [
    (None, {(dt.timedelta(hours=-2), "START"), (dt.timedelta(minutes=-5), "END")}),
    ("FREQ=WEEKLY", {(dt.datetime(2026, 11, 22, 14, tzinfo=dt.UTC), ""), (dt.timedelta(minutes=-5), "END")}),
])  # fmt: skip
def test_calendar_says_from_where_reminders_count(
    ann: User, run: Run, rule: str | None, triggers: set[tuple[object, str]]
) -> None:
    due = dt.datetime(2026, 11, 24, 17, 0, tzinfo=BERLIN)
    remind = (dt.timedelta(minutes=5), BeforeStart(before_start=dt.timedelta(hours=2)))
    run(CreateTask(title="a", start=due - dt.timedelta(days=2), due=due, rrule=rule, remind=remind))
    calendar = Calendar.from_ical(export_tasks(ann, ExportFormat.ICS, now=NOW).content)
    alarms = [alarm["trigger"] for alarm in calendar.walk("VALARM")]
    assert {(each.dt, each.params.get("RELATED", "")) for each in alarms} == triggers


@pytest.mark.parametrize("file_format", list(ExportFormat))
def test_as_many_queries_for_many_tasks(
    ann: User, run: Run, file_format: ExportFormat, django_assert_max_num_queries: Any
) -> None:
    run(*(CreateTask(title=f"t{number}", labels=("x",)) for number in range(50)))
    with django_assert_max_num_queries(8):
        export_tasks(ann, file_format, now=NOW)


def test_command_writes_the_file(ann: User, run: Run, tmp_path: Path) -> None:
    run(CreateTask(title="a"))
    call_command("export_tasks", "ann", output=str(tmp_path / "out.json"), stdout=io.StringIO())
    assert json.loads((tmp_path / "out.json").read_bytes())["tasks"][0]["title"] == "a"
    with pytest.raises(CommandError):
        call_command("export_tasks", "nobody", output=str(tmp_path / "none.json"))
