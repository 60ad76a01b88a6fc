"""The parameters by which ``tasks/`` is narrowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tasks_app.models import ProjectMember, Task, User
from tests.api.conftest import client_for
from tests.tasks_app.sharing import share

TASKS = "/api/v1/tasks/"


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann", timezone="Europe/Berlin")


@pytest.fixture
def api(ann: User) -> APIClient:
    return client_for(ann)


def titles(api: APIClient, **query: str) -> list[str]:
    answer = api.get(TASKS, {"ordering": "title", **query})
    assert answer.status_code == 200, answer.content
    return [task["title"] for task in answer.json()["results"]]


def test_narrows_by_each(api: APIClient, ann: User) -> None:
    for title, fields in {
        "a": {"due": "2030-01-01", "labels": ["phone"], "priority": "urgent"},
        "b": {"due": "2030-01-02", "labels": ["mail"], "priority": "low"},
        "c": {"assignee_id": ann.pk},
    }.items():
        api.post(TASKS, {"title": title, **fields})
    day = dt.date.today().isoformat()  # noqa: DTZ011  # any day near this one
    for expected, query in (
        ("ab", {"label": "PHONE, mail"}),
        ("ab", {"priority": "urgent,low"}),
        ("a", {"due": "2030-01-01"}),
        ("ab", {"due": "any"}),
        ("c", {"due": "none"}),
        ("a", {"due_before": "2030-01-02"}),
        ("b", {"due_after": "2030-01-01"}),
        ("c", {"assignee": "me"}),
        ("c", {"assignee": str(ann.pk)}),
        ("ab", {"assignee": "none"}),
        ("abc", {"created_since": "2020-01-01"}),
        ("", {"updated_since": f"{day}T23:59:59+14:00", "created_since": "2199-01-01"}),
        ("", {"completed_since": "2020-01-01"}),
        ("ab", {"filter": "urgent or low"}),
        ("a", {"filter": "not (low or no date)", "priority": "urgent,high", "text": "a"}),
        ("", {"filter": "done"}),
        ("abc", {"filter": "open"}),
    ):
        assert "".join(titles(api, **query)) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        {"label": ","},
        {"label": ",".join("abcdefghijklmnopqrstuvwxyz")},
        {"priority": "urgent,soon"},
        {"assignee": "ann"},
        {"assignee": "-1"},
        {"due": "soon"},
        {"created_since": "2026-01-01T10:00:00"},
        {"filter": "x" * 501},
    ],
)
def test_names_what_makes_no_sense(api: APIClient, query: dict[str, Any]) -> None:
    answer = api.get(TASKS, query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_input")
    assert {name.partition(".")[0] for name in answer.json()["error"]["fields"]} == query.keys()


def test_says_where_a_filter_stops_making_sense(api: APIClient) -> None:
    error = api.get(TASKS, {"filter": "overdue and urgnt"}).json()["error"]
    assert error["code"] == "filter_invalid"
    assert "character 13" in error["message"]
    assert "“urgnt” is no filter" in error["message"]
    assert api.get(TASKS, {"assignee": "999999"}).status_code == 404


def test_a_long_filter_asks_no_more_than_a_short_one(api: APIClient) -> None:
    api.post(TASKS, {"title": "a", "labels": ["b"]})
    counts = []
    for text in ("open", 'open or (overdue and urgent in Home) or #a or "milk" or mine or due this week'):
        with CaptureQueriesContext(connection) as queries:
            assert titles(api, filter=text) == ["a"]
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1


@pytest.mark.parametrize("owners", [1, 6])
def test_pages_of_what_several_people_own_are_one_list(api: APIClient, ann: User, owners: int) -> None:
    for number in range(owners):
        other = User.objects.create_user(f"other-{number}")
        place = share(other, ann, "viewer")
        for name in "ac":
            Task.objects.create(owner=other, project=place, title=f"{name}{number}")
        Task.objects.create(owner=other, title="not shown")
    for name in "bd":
        api.post(TASKS, {"title": name})
    expected = sorted([*(f"{name}{number}" for name in "ac" for number in range(owners)), "b", "d"])

    forth, back, address = [], [], f"{TASKS}?ordering=title&page_size=2"
    while address:
        page = api.get(address).json()
        forth += [task["title"] for task in page["results"]]
        last, address = page, page["next"]
    while last["previous"]:
        last = api.get(last["previous"]).json()
        back = [task["title"] for task in last["results"]] + back
    assert forth == expected == back + expected[len(back) :]
    assert len(back) >= len(expected) - 2
    assert titles(api, project_id=str(place.pk)) == [f"a{owners - 1}", f"c{owners - 1}"]
    ProjectMember.objects.filter(user=ann).update(deleted_at=place.created_at)
    assert titles(api) == ["b", "d"]
    assert titles(api, project_id=str(place.pk)) == []
