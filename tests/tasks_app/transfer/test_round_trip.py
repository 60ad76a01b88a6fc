"""Our own files: what goes out comes in again as it was, and once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tasks_app.commands import (
    AddComment,
    BeforeStart,
    CompleteTask,
    CreateLabel,
    CreateProject,
    CreateTask,
    SnoozeTask,
    UpdateProject,
)
from tasks_app.models import Label, Project, Task, User
from tasks_app.transfer.errors import ImportFormatUnknown
from tasks_app.transfer.exports import ExportFormat, export_tasks
from tests.tasks_app.conftest import BERLIN, Run
from tests.tasks_app.transfer.conftest import NOW, bring_in


@pytest.fixture
def filled(ann: User, run: Run) -> User:
    """With one of everything that a file can tell."""
    (home, old) = run(CreateProject(name="Home", colour="red"), CreateProject(name="Old"))
    run(CreateLabel(name="unused", colour="blue"), UpdateProject(project_id=old.project_id, is_archived=True))
    due = dt.datetime(2026, 11, 24, 17, 0, tzinfo=BERLIN)
    (task, _) = run(
        CreateTask(
            title="'=water", notes="\tall", due=due, start=due - dt.timedelta(days=2), end=due + dt.timedelta(hours=1),
            rrule="FREQ=WEEKLY;COUNT=9", repeats_after_completion=True, priority="high", labels=("a, b", "c\\"),
            project_id=home.project_id, duration_minutes=5,
            remind=(dt.timedelta(days=1), due - dt.timedelta(hours=3), BeforeStart(before_start=dt.timedelta(hours=2))),
        ),
        CreateTask(title="+1", due=dt.datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=BERLIN), remind=(dt.timedelta(0),)),
    )  # fmt: skip
    (part,) = run(CreateTask(title="balcony", parent_id=task.task_id, due=dt.date(2026, 11, 23)))
    run(CreateTask(title="pot", parent_id=part.task_id))
    run(AddComment(task_id=task.task_id, text="twice a week?"), CompleteTask(task_id=part.task_id))
    run(SnoozeTask(task_id=task.task_id, until=due + dt.timedelta(days=1)))
    return ann


def file_of(user: User, file_format: ExportFormat) -> bytes:
    return export_tasks(user, file_format, now=NOW).content


def without_everything(user: User) -> User:
    Task.objects.filter(owner=user).delete()
    Project.objects.filter(owner=user).delete()
    Label.with_deleted.filter(owner=user).delete()
    return user


@pytest.mark.parametrize("file_format", [ExportFormat.JSON, ExportFormat.CSV])
def test_what_went_out_comes_in_as_it_was(filled: User, file_format: ExportFormat) -> None:
    file = file_of(filled, file_format)
    done = bring_in(without_everything(filled), file)
    assert (done.state, done.made, done.problems) == ("done", 4, 0)
    assert not done.rows.exclude(code="").exists()
    assert file_of(filled, file_format) == file


@pytest.mark.parametrize("file_format", list(ExportFormat))
def test_what_is_there_already_is_left_alone(filled: User, file_format: ExportFormat) -> None:
    before = file_of(filled, ExportFormat.JSON)
    done = bring_in(filled, file_of(filled, file_format))
    assert (done.state, done.made, done.skipped) == ("done", 0, 4)
    assert file_of(filled, ExportFormat.JSON) == before


def test_another_person_gets_tasks_of_their_own(filled: User, bob: User) -> None:
    file = file_of(filled, ExportFormat.JSON)
    assert (bring_in(bob, file).made, bring_in(bob, file).made) == (4, 0)
    theirs = Task.objects.filter(owner=bob)
    assert theirs.count() == 4
    assert not set(theirs.values_list("id", flat=True)) & set(
        Task.objects.filter(owner=filled).values_list("id", flat=True)
    )
    assert {task.parent.owner_id for task in theirs.exclude(parent=None).select_related("parent")} == {bob.pk}
    (comment,) = json.loads(file_of(bob, ExportFormat.JSON))["tasks"][0]["comments"]
    assert (comment["author"], comment["text"]) == (None, "ann: twice a week?")
    assert file_of(filled, ExportFormat.JSON) == file


def test_a_later_version_is_refused(filled: User) -> None:
    document: dict[str, Any] = json.loads(file_of(filled, ExportFormat.JSON))
    document["version"] = 2
    with pytest.raises(ImportFormatUnknown):
        bring_in(filled, json.dumps(document))
