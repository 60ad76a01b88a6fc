"""Filters in words."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks_app.commands import CompleteTask, CreateProject, CreateTask
from tasks_app.errors import FilterInvalid
from tasks_app.filter_words import read_filter
from tasks_app.models import Task, User
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run


@pytest.fixture
def tasks(ann: User, run: Run) -> None:
    home, garden = run(CreateProject(name="Home"), CreateProject(name="My garden"))
    day = SAID_AT.date()
    (done, *_) = run(
        CreateTask(title="done", labels=("phone",), priority="low"),
        CreateTask(title="late", due=day - dt.timedelta(days=3), priority="urgent", project_id=home.project_id),
        CreateTask(title="now", due=SAID_AT + dt.timedelta(hours=1), labels=("phone", "two words")),
        CreateTask(title="morrow", due=day + dt.timedelta(days=1), project_id=garden.project_id, assignee_id=ann.pk),
        CreateTask(title="weekly", due=day + dt.timedelta(days=20), rrule="FREQ=WEEKLY", priority="high"),
        CreateTask(title="free", notes="milk, not “or”", priority="medium"),
    )
    run(CompleteTask(task_id=done.task_id))


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overdue", "late"),
        ("overdue and urgent in Home", "late"),
        ("OVERDUE urgent", "late"),
        ("today", "now"),
        ("tomorrow or overdue", "morrow late"),
        ("not (today or tomorrow or overdue) and not done", "weekly free"),
        ("not not today", "now"),
        ("urgent or high and #phone", "late"),
        ("(urgent or high priority) and recurring", "weekly"),
        ('in "my garden"', "morrow"),
        ("in inbox and open and no date", "free"),
        ("no project no label open", "weekly free"),
        ('label "two words"', "now"),
        ("#PHONE", "done now"),
        ("no priority", "now morrow"),
        ("due today", "now"),
        ("due on 2026-11-23", "morrow"),
        ("due before today", "late"),
        ("due after tomorrow", "weekly"),
        ("due since today", "now morrow weekly"),
        ("due within 1 day", "now morrow"),
        ("due this week", "late now"),
        ("due next week", "morrow"),
        ("mine", "morrow"),
        ("assigned to me", "morrow"),
        ("assigned to ANN", "morrow"),
        ("unassigned and due", None),
        ("assigned to nobody overdue", "late"),
        ("done", "done"),
        ("done since 2020-01-01", "done"),
        ("done before yesterday", ""),
        ("created since 2020-01-01 and weekly", None),
        ("updated before 2020-01-01", ""),
        ("created since 2020-01-01 and urgent", "late"),
        ('"milk"', "free"),
        ("contains milk", "free"),
        ('"or"', "free"),
        ('"garden"', "morrow"),
        ('"morow"', ""),
        ('"  "', ""),
    ],
)
def test_finds(ann: User, text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(FilterInvalid):
            read_filter(text, user=ann, now=SAID_AT, tz=BERLIN)
        return
    read = read_filter(text, user=ann, now=SAID_AT, tz=BERLIN)
    found = Task.objects.visible_to(ann).filter(read.condition)
    assert sorted(found.values_list("title", flat=True)) == sorted(expected.split())
    assert read.speaks_of_done == any(word in text for word in ("open", "done"))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        ("   ", 4),
        ("overdue and", 12),
        ("overdue or or", 12),
        ("(overdue", 9),
        ("overdue)", 8),
        ("urgnt", 1),
        ("overdue milk", 9),
        ('overdue "milk', 9),
        ("due", 4),
        ("due soon", 5),
        ("due on 2026-02-30", 8),
        ("due before 0001-01-01", 12),
        ("due within many days", 12),
        ("due within 7", 13),
        ("due within ٣ days", 12),
        ("due this month", 10),
        ("no money", 4),
        ("in", 3),
        ("#", 1),
        ("(" * 100, 22),
        ("not " * 100, 85),
        ("and", 1),
        ('"a" "b" "c" "d" "e" "f"', 21),
    ],
)
def test_says_where_it_stopped_and_why(ann: User, text: str, position: int) -> None:
    with pytest.raises(FilterInvalid) as problem:
        read_filter(text, user=ann, now=SAID_AT, tz=BERLIN)
    assert problem.value.details["position"] == position
    assert str(problem.value.details["problem"]).endswith(".")
