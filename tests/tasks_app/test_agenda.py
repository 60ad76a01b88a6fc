"""The agenda: days on the reader's clock, what is late, times to come, reminders, and no more queries for more."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tasks_app import agenda as agendas
from tasks_app import services
from tasks_app.agenda import Agenda, get_agenda
from tasks_app.commands import CompleteTask, CreateTask, SnoozeTask, UpdateTask
from tasks_app.models import User
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run, actor_of
from tests.tasks_app.sharing import act, share
from voicebot.redis import redis_client

TODAY = SAID_AT.date()
DAY = dt.timedelta(days=1)
LATER = dt.date(2099, 11, 22)
Shown = list[tuple[str, str, bool]]


def days_of(user: User, first: dt.date = TODAY, last: dt.date = TODAY, zone: ZoneInfo = BERLIN, **more: Any) -> Agenda:
    return get_agenda(user, first, last, zone, **{"now": SAID_AT, **more})


def shown(agenda: Agenda) -> Shown:
    return [(entry.task.title, entry.due, entry.is_occurrence) for entry in agenda.entries]


def test_times_first_then_priority_and_what_is_late_apart(ann: User, run: Run) -> None:
    run(
        CreateTask(title="low", due=TODAY, priority="low"),
        CreateTask(title="plain", due=TODAY),
        CreateTask(title="urgent", due=TODAY, priority="urgent"),
        CreateTask(title="tonight", due=SAID_AT + dt.timedelta(hours=9)),
        CreateTask(title="this morning", due=SAID_AT - dt.timedelta(hours=1), remind=(dt.timedelta(minutes=10),)),
        CreateTask(title="yesterday", due=TODAY - DAY),
        CreateTask(title="tomorrow", due=TODAY + DAY),
        CreateTask(title="some day"),
    )
    agenda = days_of(ann)
    assert [task.title for task in agenda.overdue] == ["yesterday"]
    titles = [entry.task.title for entry in agenda.entries]
    assert titles == ["this morning", "tonight", "urgent", "low", "plain"]
    assert [entry.task.title for entry in agenda.entries if entry.is_overdue] == ["this morning"]
    assert [reminder.task.title for reminder in agenda.reminders] == ["this morning"]
    assert agenda.is_complete
    tomorrow = days_of(ann, TODAY + DAY, TODAY + 2 * DAY)
    assert [task.title for task in tomorrow.overdue] == ["yesterday", "this morning"]
    assert [len(day.entries) for day in tomorrow.days] == [1, 0]


def test_a_moment_stands_on_the_day_of_the_readers_clock(ann: User, run: Run) -> None:
    run(
        CreateTask(title="call", due=dt.datetime(2026, 11, 23, 0, 30, tzinfo=BERLIN)),
        CreateTask(title="day", due=TODAY),
    )
    new_york = ZoneInfo("America/New_York")
    assert [entry.task.title for entry in days_of(ann).entries] == ["day"]
    assert [entry.task.title for entry in days_of(ann, zone=new_york).entries] == ["call", "day"]


@pytest.mark.parametrize(
    ("title", "rrule", "due", "expected"),
    [
        ("daily", "FREQ=DAILY", TODAY, [TODAY + n * DAY for n in range(4)]),
        ("counted", "FREQ=DAILY;COUNT=2", TODAY, [TODAY, TODAY + DAY]),
        ("until", "FREQ=DAILY;UNTIL=20261124", TODAY, [TODAY + n * DAY for n in range(3)]),
        ("late", "FREQ=DAILY", TODAY - 9 * DAY, [TODAY + n * DAY for n in range(1, 4)]),
    ],
)
def test_a_recurring_task_stands_where_it_comes_again(
    ann: User, run: Run, title: str, rrule: str, due: dt.date, expected: list[dt.date]
) -> None:
    run(CreateTask(title=title, due=due, rrule=rrule))
    agenda = days_of(ann, TODAY, TODAY + 3 * DAY)
    assert [entry.day for entry in agenda.entries] == expected
    assert [entry.is_occurrence for entry in agenda.entries] == [day != due for day in expected]


def test_times_to_come_are_those_to_which_it_moves_when_done(ann: User, run: Run) -> None:
    (made,) = run(
        CreateTask(title="water", due=dt.datetime(2026, 11, 20, 9, tzinfo=BERLIN), rrule="FREQ=DAILY;INTERVAL=2")
    )
    promised = [entry.due for entry in days_of(ann, TODAY, TODAY + 9 * DAY).entries]
    reached = []
    for _ in promised:
        (done,) = run(CompleteTask(task_id=made.task_id), said_at=SAID_AT)
        reached.append(done.due)
    assert promised == reached
    assert promised[0] == "2026-11-24T09:00:00+01:00"


def test_a_recurring_task_that_was_put_off_goes_on_from_where_it_was(ann: User, run: Run) -> None:
    (made,) = run(CreateTask(title="water", due=dt.datetime(2026, 11, 23, 9, tzinfo=BERLIN), rrule="FREQ=WEEKLY"))
    run(SnoozeTask(task_id=made.task_id, until=dt.datetime(2026, 11, 24, 12, tzinfo=BERLIN)))
    assert shown(days_of(ann, TODAY, TODAY + 9 * DAY)) == [
        ("water", "2026-11-24T12:00:00+01:00", False),
        ("water", "2026-11-30T09:00:00+01:00", True),
    ]


@pytest.mark.parametrize(
    ("zone", "first", "offsets"),
    [
        ("Europe/Berlin", dt.date(2027, 3, 27), ["+01:00", "+02:00", "+02:00"]),
        ("America/New_York", dt.date(2026, 10, 31), ["-04:00", "-05:00", "-05:00"]),
        ("Australia/Lord_Howe", dt.date(2027, 4, 3), ["+11:00", "+10:30", "+10:30"]),
    ],
)
def test_the_time_on_the_clock_stays_when_the_offset_changes(
    ann: User, zone: str, first: dt.date, offsets: list[str]
) -> None:
    there = ZoneInfo(zone)
    due = dt.datetime.combine(first, dt.time(9), tzinfo=there)
    daily = CreateTask(title="daily", due=due, rrule="FREQ=DAILY")
    services.execute(actor_of(ann, tz=there), [daily], cause_id=uuid.uuid4())
    agenda = days_of(ann, first, first + 2 * DAY, there, now=due - DAY)
    assert [entry.due for entry in agenda.entries] == [
        f"{first + n * DAY}T09:00:00{offset}" for n, offset in enumerate(offsets)
    ]


def test_what_repeats_after_it_was_done_has_no_known_next_time(ann: User, run: Run) -> None:
    run(CreateTask(title="filter", due=TODAY, rrule="FREQ=DAILY", repeats_after_completion=True))
    assert shown(days_of(ann, TODAY, TODAY + 5 * DAY)) == [("filter", "2026-11-22", False)]


def test_there_is_an_end_to_looking(ann: User, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agendas, "STEPS_LIMIT", 3)
    run(CreateTask(title="a", due=TODAY, rrule="FREQ=DAILY"), CreateTask(title="b", due=TODAY, rrule="FREQ=DAILY"))
    agenda = days_of(ann, TODAY, TODAY + 5 * DAY)
    assert not agenda.is_complete
    assert len(list(agenda.entries)) < 6


def test_the_ends_of_the_calendar_are_no_error(ann: User, run: Run) -> None:
    run(CreateTask(title="daily", due=TODAY, rrule="FREQ=DAILY"))
    assert not list(days_of(ann, dt.date.min, dt.date.min + DAY).entries)
    assert not days_of(ann, dt.date.max - DAY, dt.date.max).is_complete


def test_shared_tasks_stand_in_it_and_those_of_others_do_not(ann: User, bob: User, run: Run) -> None:
    project = share(ann, bob)
    run(CreateTask(title="shared", due=TODAY, project_id=project.id), CreateTask(title="own", due=TODAY))
    assert [entry.task.title for entry in days_of(bob).entries] == ["shared"]


def test_the_api_asks_as_much_for_many(ann: User, bob: User) -> None:
    redis_client().flushdb()
    counts = []
    for user, count in ((ann, 1), (bob, 50)):
        made = act(
            user, *(CreateTask(title=f"t{n}", due=LATER, labels=("x",), rrule="FREQ=DAILY") for n in range(count))
        )
        act(user, UpdateTask(task_id=made[0].task_id, remind=(dt.timedelta(0),)))
        api = APIClient()
        api.force_authenticate(user)
        with CaptureQueriesContext(connection) as queries:
            answer = api.get("/api/v1/agenda/", {"from": "2099-11-22", "to": "2099-11-24", "limit": 200})
        assert [len(day["tasks"]) for day in answer.json()["days"]] == [count, count, count]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    "query", [{"from": "2026-11-22", "to": "2026-11-21"}, {"from": "2026-01-01", "to": "2026-12-31"}]
)
def test_days_that_make_no_stretch_are_refused(ann: User, query: dict[str, str]) -> None:
    redis_client().flushdb()
    api = APIClient()
    api.force_authenticate(ann)
    answer = api.get("/api/v1/agenda/", query)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["to"])


def test_of_very_many_the_late_and_the_first_days_are_shown(ann: User, run: Run) -> None:
    run(*(CreateTask(title=f"late {n}", due=TODAY - DAY) for n in range(5)))
    run(*(CreateTask(title=f"{day}", due=TODAY + day * DAY) for day in range(5)))
    agenda = days_of(ann, TODAY, TODAY + 4 * DAY, limit=6)
    assert (len(agenda.overdue), [len(day.entries) for day in agenda.days]) == (3, [1, 1, 1, 0, 0])
    assert not agenda.is_complete
    assert days_of(ann, TODAY, TODAY + 4 * DAY, limit=10).is_complete
