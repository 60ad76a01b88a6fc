"""The reminders of a task, and the moments at which they come."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from tasks_app import services
from tasks_app.commands import BeforeStart, CompleteTask, CreateTask, UndoChanges, UpdateTask
from tasks_app.models import Reminder, User
from tests.tasks_app.conftest import BERLIN, Run, actor_of

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
TEN_MINUTES = dt.timedelta(minutes=10)
BEFORE_START = BeforeStart(before_start=TEN_MINUTES)


def _moments(title: str) -> list[str]:
    return [
        reminder.remind_at.astimezone(BERLIN).isoformat() for reminder in Reminder.objects.filter(task__title=title)
    ]


def test_they_follow_the_due_moment(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(TEN_MINUTES,)))
    assert _moments("a") == ["2026-11-23T16:50:00+01:00"]
    Reminder.objects.update(state=Reminder.State.SENT, sent_at=DUE)
    run(UpdateTask(task_id=made.task_id, due=DUE + dt.timedelta(hours=1)))
    assert _moments("a") == ["2026-11-23T17:50:00+01:00"]
    assert Reminder.objects.get().state == Reminder.State.WAITING


def test_one_at_a_fixed_moment_stays(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(DUE - dt.timedelta(days=1),)))
    run(UpdateTask(task_id=made.task_id, due=None))
    assert _moments("a") == ["2026-11-22T17:00:00+01:00"]


def test_they_follow_the_start(run: Run) -> None:
    start = DUE - dt.timedelta(hours=8)
    (made,) = run(CreateTask(title="a", start=start, due=DUE, remind=(TEN_MINUTES, BEFORE_START)))
    assert _moments("a") == ["2026-11-23T08:50:00+01:00", "2026-11-23T16:50:00+01:00"]
    run(UpdateTask(task_id=made.task_id, start=start + dt.timedelta(hours=1)))
    assert _moments("a") == ["2026-11-23T09:50:00+01:00", "2026-11-23T16:50:00+01:00"]
    run(UndoChanges())
    assert _moments("a") == ["2026-11-23T08:50:00+01:00", "2026-11-23T16:50:00+01:00"]


def test_without_a_start_one_before_it_waits_for_one(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(BEFORE_START,)))
    assert Reminder.objects.get().remind_at is None
    run(UpdateTask(task_id=made.task_id, start=DUE.date()))
    assert _moments("a") == ["2026-11-23T08:50:00+01:00"]


def test_one_before_the_start_comes_at_each_occurrence(run: Run) -> None:
    start = DUE - dt.timedelta(hours=1)
    (made,) = run(CreateTask(title="a", start=start, due=DUE, rrule="FREQ=WEEKLY", remind=(BEFORE_START,)))
    run(CompleteTask(task_id=made.task_id))
    assert _moments("a") == ["2026-11-30T15:50:00+01:00"]


def test_the_same_reminders_again_are_no_change(run: Run) -> None:
    remind = (TEN_MINUTES, DUE - dt.timedelta(days=1), BEFORE_START)
    (made,) = run(CreateTask(title="a", due=DUE, remind=remind))
    (same,) = run(UpdateTask(task_id=made.task_id, remind=remind))
    (other,) = run(UpdateTask(task_id=made.task_id, remind=(TEN_MINUTES,)))
    assert (same.changed, other.changed) == (False, True)
    assert _moments("a") == ["2026-11-23T16:50:00+01:00"]


def test_a_day_without_a_time_counts_from_nine(run: Run) -> None:
    run(CreateTask(title="a", due=DUE.date(), remind=(dt.timedelta(0), dt.timedelta(days=1))))
    assert _moments("a") == ["2026-11-22T09:00:00+01:00", "2026-11-23T09:00:00+01:00"]


def test_whole_days_keep_the_time_of_day_when_the_clocks_change(run: Run) -> None:
    after_change = dt.datetime(2026, 10, 25, 17, 0, tzinfo=BERLIN)
    run(CreateTask(title="a", due=after_change, remind=(dt.timedelta(days=1), dt.timedelta(hours=23))))
    assert _moments("a") == ["2026-10-24T17:00:00+02:00", "2026-10-24T19:00:00+02:00"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe"])
def test_over_a_year_of_days_each_comes_at_nine(db: None, ann: User, zone: str) -> None:
    tz = ZoneInfo(zone)
    day = dt.date(2026, 1, 1)
    commands = [
        CreateTask(title="a", due=day + dt.timedelta(days=n), remind=(dt.timedelta(days=1),)) for n in range(0, 365, 16)
    ]
    services.execute(actor_of(ann, tz=tz), commands, cause_id=uuid.uuid4())
    for reminder in Reminder.objects.select_related("task"):
        local = reminder.remind_at.astimezone(tz)
        assert (local.date(), local.time()) == (reminder.task.due_on - dt.timedelta(days=1), dt.time(9))
