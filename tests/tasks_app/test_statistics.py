"""What was done: days in the person's zone, what counts, streaks, doors, and few queries."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tasks_app import services, statistics
from tasks_app.commands import CompleteTask, CreateProject, CreateTask
from tasks_app.models import ChangeSet, User
from tasks_app.statistics import DayCount, Statistics, get_statistics
from tasks_app.web.statistics import HEIGHT, plot_days
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run, actor_of
from tests.tasks_app.sharing import act
from voicebot.redis import redis_client

TODAY = SAID_AT.date()
DAY = dt.timedelta(days=1)


def done_at(user: User, moment: dt.datetime, *, title: str = "t", source: str = "api") -> uuid.UUID:
    """Make a task and do it, both at a moment."""
    (made,) = act(user, CreateTask(title=title))
    cause = uuid.uuid4()
    services.execute(actor_of(user), [CompleteTask(task_id=made.task_id)], cause_id=cause)
    fresh = ChangeSet.objects.filter(owner=user, created_at__gt=SAID_AT - dt.timedelta(days=1)).order_by("-created_at")
    ids = list(fresh.values_list("pk", flat=True)[:2])
    ChangeSet.objects.filter(pk__in=ids).update(created_at=moment, source=source)
    return cause


def counted(user: User, zone: ZoneInfo = BERLIN, days: int = 7) -> Statistics:
    return get_statistics(user, zone, now=SAID_AT, days=days)


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", TODAY), ("America/New_York", TODAY - DAY)])
def test_a_day_is_that_of_the_persons_clock(ann: User, zone: str, day: dt.date) -> None:
    done_at(ann, dt.datetime(2026, 11, 22, 0, 30, tzinfo=BERLIN))
    found = counted(ann, ZoneInfo(zone))
    assert [each for each in found.days if each.done or each.created] == [DayCount(day, 1, 1)]
    assert len(found.days) == 7


@pytest.mark.parametrize("day", [dt.date(2026, 10, 25), dt.date(2026, 3, 29)])
def test_days_on_which_the_clocks_change(ann: User, day: dt.date) -> None:
    for hour in (0, 23):
        done_at(ann, dt.datetime.combine(day, dt.time(hour, 30), tzinfo=BERLIN))
    now = dt.datetime.combine(day + DAY, dt.time(12), tzinfo=BERLIN)
    found = get_statistics(ann, BERLIN, now=now, days=3)
    assert [each.done for each in found.days] == [0, 2, 0]


def test_what_is_undone_does_not_count(ann: User) -> None:
    cause = done_at(ann, SAID_AT)
    services.undo_change_set(actor_of(ann), cause, uuid.uuid4())
    assert (counted(ann).done, counted(ann).created) == (0, 1)


def test_a_recurring_task_counts_each_time(ann: User, run: Run) -> None:
    (made,) = run(CreateTask(title="water", due=TODAY, rrule="FREQ=DAILY"))
    run(CompleteTask(task_id=made.task_id))
    run(CompleteTask(task_id=made.task_id))
    ChangeSet.objects.update(created_at=SAID_AT)
    assert counted(ann).done == 2


@pytest.mark.parametrize(
    ("ago", "streaks"), [([0, 1, 2], (3, 3)), ([1, 2, 5, 6, 7], (2, 3)), ([2, 3], (0, 2)), ([], (0, 0))]
)
def test_streaks(ann: User, ago: list[int], streaks: tuple[int, int]) -> None:
    for days in ago:
        done_at(ann, SAID_AT - days * DAY)
    found = counted(ann)
    assert (found.streak, found.longest_streak) == streaks


def test_weeks_begin_on_the_persons_day(ann: User) -> None:
    done_at(ann, SAID_AT)
    done_at(ann, SAID_AT - DAY)
    assert [(week.day.isoformat(), week.done) for week in counted(ann).weeks] == [("2026-11-16", 2)]
    ann.week_starts_on = 6
    assert [(week.day.isoformat(), week.done) for week in counted(ann).weeks] == [("2026-11-15", 1), ("2026-11-22", 1)]


def test_doors_and_projects(ann: User, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done_at(ann, SAID_AT, source="telegram")
    done_at(ann, SAID_AT, source="web")
    spoken = done_at(ann, SAID_AT, source="web")
    monkeypatch.setattr(statistics, "_SPOKEN", [lambda cause: ChangeSet.objects.filter(pk=cause).filter(pk=spoken)])
    (project,) = run(CreateProject(name="Home"))
    run(CreateTask(title="late", project_id=project.project_id, due=TODAY - DAY), CreateTask(title="open"))
    found = counted(ann)
    assert found.doors == {"voice": 1, "chat": 1, "web": 1, "api": 0}
    assert [(each.name, each.open, each.overdue, each.done) for each in found.projects] == [
        ("", 1, 0, 3),
        ("Home", 1, 1, 0),
    ]
    assert (found.open, found.overdue) == (2, 1)


def test_as_many_queries_for_many(ann: User, bob: User) -> None:
    redis_client().flushdb()
    counts = []
    for user, many in ((ann, 1), (bob, 50)):
        made = act(user, *(CreateTask(title=f"t{n}") for n in range(many)))
        act(user, *(CompleteTask(task_id=each.task_id) for each in made))
        act(user, CreateTask(title="left"))
        api = APIClient()
        api.force_authenticate(user)
        with CaptureQueriesContext(connection) as queries:
            answer = api.get("/api/v1/stats/", {"days": 7})
        assert (answer.json()["done"], answer.json()["open"]) == (many, 1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_the_highest_bar_fills_the_plot() -> None:
    first, second = plot_days((DayCount(TODAY, 4, 0), DayCount(TODAY + DAY, 1, 2)))
    assert (first.done_y, first.done_height, first.created_height) == (0, HEIGHT, 0)
    assert (second.created_y, second.created_height) == (HEIGHT // 2, HEIGHT // 2)


@pytest.mark.usefixtures("unhashed_static_files")
def test_the_panel_teaches_while_it_is_empty(client: Client, ann: User) -> None:
    redis_client().flushdb()
    client.force_login(ann)
    assert "is counted here" in client.get("/").content.decode()
    act(ann, CreateTask(title="a"))
    page = client.get("/").content.decode()
    assert "Done 0, added 1" in page
    assert '<svg class="plot"' in page
