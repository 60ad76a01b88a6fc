"""The home page: groups, panels, tokens, the zone, errors."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from tasks_app.commands import CompleteTask, CreateTask
from tasks_app.models import Task, User
from tasks_app.web import panels
from tasks_app.web.grouping import day_text, found_tasks, grouped_tasks
from tasks_app.web.panels import Panel, register_panel
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run
from voicebot.redis import redis_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhashed_static_files")]

TODAY = SAID_AT.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def page(ann: User) -> Client:
    redis_client().flushdb()
    client = Client()
    client.force_login(ann)
    return client


def test_tasks_stand_under_what_matters_now(ann: User, run: Run) -> None:
    run(
        CreateTask(title="late", due=TODAY - DAY),
        CreateTask(title="earlier today", due=SAID_AT - dt.timedelta(hours=1)),
    )
    run(CreateTask(title="today", due=TODAY), CreateTask(title="tonight", due=SAID_AT + dt.timedelta(hours=9)))
    run(CreateTask(title="next week", due=TODAY + 8 * DAY), CreateTask(title="some day"))
    (done,) = run(CreateTask(title="finished"))
    run(CompleteTask(task_id=done.task_id))
    Task.objects.filter(title="finished").update(completed_at=SAID_AT)

    groups = {group.key: [line.task.title for line in group.lines] for group in grouped_tasks(ann, SAID_AT)}

    assert groups == {
        "overdue": ["late", "earlier today"],
        "today": ["tonight", "today"],
        "upcoming": ["next week"],
        "no-date": ["some day"],
        "done": ["finished"],
    }


def test_the_search_box_finds_what_the_search_finds(page: Client, run: Run) -> None:
    run(CreateTask(title="Buy <b> milk", labels=("shop",)), CreateTask(title="Water plants", notes="with milk"))
    (done,) = run(CreateTask(title="Milk the cow"))
    run(CompleteTask(task_id=done.task_id))
    whole, part = page.get("/", {"q": "milk"}).content.decode(), page.get("/list/", {"q": "milk"}).content.decode()
    assert part in whole
    assert 'value="milk"' in whole
    order = [
        part.index(text) for text in ("Buy &lt;b&gt; <mark>milk</mark>", "#shop", "Water plants", "group-found-done")
    ]
    assert order == sorted(order)
    assert part.index("<mark>Milk</mark> the cow") > order[-1]
    assert "Nothing found for “&lt;xyz”" in page.get("/list/", {"q": " <xyz "}).content.decode()
    assert "group-no-date" in page.get("/list/", {"q": " "}).content.decode()
    assert page.get("/", {"q": "m" * 5000}).status_code == 200


def test_found_tasks_take_as_many_queries_for_many(
    ann: User, run: Run, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run(*(CreateTask(title=f"milk {number}", labels=("shop",)) for number in range(20)))
    with django_assert_num_queries(6):
        (group,) = found_tasks(ann, "milk", SAID_AT)
        assert len([label for line in group.lines for label in line.task.labels.all()]) == 20


def test_what_was_done_long_ago_is_not_shown(ann: User, run: Run) -> None:
    (done,) = run(CreateTask(title="finished"))
    run(CompleteTask(task_id=done.task_id))
    Task.objects.update(completed_at=SAID_AT - 8 * DAY)
    assert grouped_tasks(ann, SAID_AT) == []


@pytest.mark.parametrize(
    ("days", "text"),
    [(-1, "Yesterday"), (0, "Today"), (1, "Tomorrow"), (5, "Friday"), (7, "Sun 29 Nov"), (60, "21 Jan 2027")],
)
def test_days_in_words(days: int, text: str) -> None:
    assert day_text(TODAY + days * DAY, TODAY) == text


def test_a_time_is_shown_on_the_readers_clock(ann: User, run: Run) -> None:
    run(CreateTask(title="call", due=dt.datetime(2026, 11, 23, 17, tzinfo=BERLIN)))
    ann.timezone = "America/New_York"
    ann.save()
    (group,) = grouped_tasks(ann, SAID_AT)
    assert group.lines[0].due_text == "Tomorrow 11:00"


def test_a_title_is_shown_as_text(page: Client, run: Run) -> None:
    run(CreateTask(title="<script>alert(1)</script>"))
    assert b"<script>alert" not in page.get("/").content
    assert b"&lt;script&gt;alert" in page.get("/list/").content


def test_an_empty_list_teaches(page: Client) -> None:
    assert "Call mum tomorrow at 5" in page.get("/").content.decode()


@pytest.fixture
def no_other_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_BUILDERS", [])


@pytest.mark.usefixtures("no_other_panels")
def test_layers_above_add_panels(page: Client) -> None:
    def build(request: HttpRequest) -> Panel:
        return Panel(f"Hello {request.user.get_username()}", "tasks/_groups.html", {})

    register_panel(build)
    register_panel(build)
    register_panel(lambda _request: None)

    assert page.get("/").content.decode().count("Hello ann") == 1


def test_the_browsers_zone_is_kept_while_none_is_known(page: Client, ann: User) -> None:
    User.objects.update(timezone="")
    assert page.post("/time-zone/", {"timezone": "Mars/Base"}).status_code == 400
    assert page.post("/time-zone/", {"timezone": "Asia/Tokyo"}).status_code == 204
    assert page.post("/time-zone/", {"timezone": "Europe/Paris"}).status_code == 204
    ann.refresh_from_db()
    assert ann.timezone == "Asia/Tokyo"


def test_tasks_through_the_api(page: Client, ann: User, bob: User, run: Run) -> None:
    (made,) = run(CreateTask(title="milk"))
    api, other = APIClient(), APIClient()
    api.force_login(ann)
    other.force_login(bob)
    address = f"/api/v1/tasks/{made.task_id}/"

    assert [task["title"] for task in api.get("/api/v1/tasks/").data["results"]] == ["milk"]
    assert other.get("/api/v1/tasks/").data["results"] == []
    assert other.post(f"{address}complete/").data["error"]["code"] == "task_not_found"
    done = api.post(f"{address}complete/").data
    assert done["task"]["completed_at"]
    assert other.post(f"/api/v1/changes/{done['change_set']}/undo/").status_code == 404
    assert api.post(f"/api/v1/changes/{done['change_set']}/undo/").data["results"][0]["undone"][0]["title"] == "milk"
    assert api.post(f"{address}complete/").status_code == 200
    assert api.post(f"{address}reopen/").data["task"]["completed_at"] is None


def test_addresses_that_are_not_there(page: Client) -> None:
    assert b"There is nothing here" in page.get("/nowhere/").content
    assert page.get("/api/v1/nowhere/").json()["error"]["code"] == "not_found"


def test_a_form_that_is_too_old_says_so(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    response = client.post("/tokens/")
    assert (response.status_code, b"open for too long" in response.content) == (403, True)


def test_nothing_inline(page: Client) -> None:
    response = page.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    content = response.content.decode()
    assert " style=" not in content
    assert "<style" not in content
    assert content.count("<script") == content.count('<script type="module" src=') + content.count("application/json")
