"""Reads: what is found, in which order, by how many queries, and nothing of others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tasks_app import accounts, selectors
from tasks_app.commands import CompleteTask, CreateProject, CreateTask, UpdateTask
from tasks_app.intents import Priority
from tasks_app.models import Task, User
from tasks_app.selectors import TaskFilters
from tasks_app.serialization import task_to_json
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run

TODAY = SAID_AT.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def filled(run: Run) -> None:
    home, _ = run(CreateProject(name="Home"), CreateProject(name="Garden"))
    *_, done = run(
        CreateTask(title="late bill", due=TODAY - DAY, priority=Priority.URGENT),
        CreateTask(title="this morning", due=SAID_AT - dt.timedelta(hours=1)),
        CreateTask(title="tonight", due=SAID_AT + dt.timedelta(hours=9), labels=("Calls",)),
        CreateTask(title="any time today", due=TODAY),
        CreateTask(title="tomorrow", due=TODAY + DAY, project_id=home.project_id, notes="bring the Ladder"),
        CreateTask(title="some day"),
        CreateTask(title="done"),
    )
    run(CompleteTask(task_id=done.task_id))


def _titles(user: User, **filters: Any) -> list[str]:
    tasks = selectors.list_tasks(user, filters=TaskFilters(**filters), now=SAID_AT, tz=BERLIN)
    return [task.title for task in tasks]


ALL_OPEN = ["late bill", "this morning", "tonight", "any time today", "tomorrow", "some day"]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({}, ALL_OPEN),
        ({"status": "completed"}, ["done"]),
        ({"overdue": True}, ["late bill", "this morning"]),
        ({"due_from": TODAY, "due_to": TODAY}, ["this morning", "tonight", "any time today"]),
        ({"due_to": TODAY - DAY}, ["late bill"]),
        ({"project": "home"}, ["tomorrow"]),
        ({"project": "Inbox"}, [title for title in ALL_OPEN if title != "tomorrow"]),
        ({"label": "calls"}, ["tonight"]),
        ({"priority": Priority.URGENT}, ["late bill"]),
        ({"text": "ladder bring"}, ["tomorrow"]),
        ({"text": "nothing like it"}, []),
        ({"status": "all", "text": "done"}, ["done"]),
    ],
)
def test_lists_what_is_asked_for(filled: None, ann: User, filters: dict[str, Any], titles: list[str]) -> None:
    assert _titles(ann, **filters) == titles


def test_others_see_nothing(filled: None, bob: User) -> None:
    assert _titles(bob, status="all") == []
    assert selectors.task_candidates(bob, status="all") == []
    assert list(selectors.list_projects(bob, with_archived=True)) == []
    assert selectors.vocabulary_of(bob) == selectors.OwnNames((), (), (), ())
    assert selectors.find_project(bob, "Home") is None


def test_projects_count_their_open_tasks(filled: None, ann: User) -> None:
    counts = {project.name: project.open_task_count for project in selectors.list_projects(ann)}
    assert counts == {"Garden": 0, "Home": 1}


def test_own_names_are_bounded_and_newest_first(run: Run, ann: User) -> None:
    run(*(CreateTask(title=f"task {number}", labels=(f"l{number % 50}",)) for number in range(70)))
    names = selectors.vocabulary_of(ann)
    assert names.tasks[0] == "task 69"
    assert (len(names.tasks), len(names.labels)) == (60, 40)


def test_candidates_are_touched_last_first(run: Run, ann: User) -> None:
    first, _ = run(CreateTask(title="a", due=TODAY), CreateTask(title="b"))
    run(UpdateTask(task_id=first.task_id, title="A"))
    assert [(each.title, each.due, each.order) for each in selectors.task_candidates(ann)] == [
        ("A", "2026-11-22", 0),
        ("b", None, 1),
    ]


@pytest.mark.parametrize("count", [1, 50])
def test_json_of_many_takes_as_many_queries_as_of_one(
    run: Run, ann: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    run(*(CreateTask(title="x", due=SAID_AT, labels=("l",), remind=(DAY,)) for _ in range(count)))
    with django_assert_num_queries(4):
        tasks = selectors.list_tasks(ann, filters=TaskFilters(), now=SAID_AT, tz=BERLIN)
        assert len([task_to_json(task) for task in tasks]) == count


def test_zone_and_language_fall_back_to_the_servers(ann: User, bob: User) -> None:
    assert selectors.zone_of(ann).key == "Europe/Berlin"
    assert selectors.zone_of(bob).key == "UTC"
    assert selectors.get_user_language(bob) == "en"


def test_the_owner_is_made_once_and_has_no_password(db: None) -> None:
    owner = accounts.ensure_owner()
    assert accounts.ensure_owner() == owner
    assert (owner.is_owner, owner.is_superuser, owner.is_staff, owner.has_usable_password()) == (
        True,
        True,
        True,
        False,
    )


def test_a_task_without_anything_has_the_same_shape(run: Run) -> None:
    run(CreateTask(title="x"))
    body = task_to_json(Task.objects.get())
    assert body["due"] is body["end"] is body["rrule"] is body["priority"] is body["project"] is None
    assert (body["due_has_time"], body["labels"], body["remind"], body["version"]) == (False, [], [], 1)
