"""Reminders: when they come, and that each comes once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from tasks_app import jobs, reminders, services
from tasks_app.commands import CompleteTask, CreateTask, UpdateTask
from tasks_app.events import reminder_due
from tasks_app.models import Label, Reminder, User
from tests.tasks_app.conftest import BERLIN, Run, actor_of

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
TEN_MINUTES = dt.timedelta(minutes=10)


@pytest.fixture
def told() -> Iterator[list[str]]:
    """Titles of the tasks of which a person was told; the receiver also writes a row, as a chat does."""
    titles: list[str] = []

    def receive(reminder: Reminder, **_kwargs: Any) -> None:
        titles.append(reminder.task.title)
        Label.objects.create(owner=reminder.task.owner, name=f"told {uuid.uuid4()}")

    reminder_due.connect(receive)
    yield titles
    reminder_due.disconnect(receive)


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


def test_the_same_reminders_again_are_no_change(run: Run) -> None:
    remind = (TEN_MINUTES, DUE - dt.timedelta(days=1))
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


def test_is_told_once(run: Run, told: list[str]) -> None:
    run(CreateTask(title="a", due=DUE, remind=(TEN_MINUTES,)))
    assert reminders.take_due_reminders(DUE - dt.timedelta(hours=1)) == []
    (reminder_id,) = reminders.take_due_reminders(DUE)
    assert reminders.take_due_reminders(DUE) == []
    assert reminders.deliver_reminder(reminder_id, DUE)
    assert not reminders.deliver_reminder(reminder_id, DUE)
    assert reminders.take_due_reminders(DUE + dt.timedelta(days=1)) == []
    assert told == ["a"]


def test_a_lost_worker_s_reminder_is_taken_again(run: Run, told: list[str]) -> None:
    run(CreateTask(title="a", due=DUE, remind=(TEN_MINUTES,)))
    taken = reminders.take_due_reminders(DUE)
    again = reminders.take_due_reminders(DUE + reminders.LEASE + dt.timedelta(seconds=1))
    assert taken == again
    assert [reminders.deliver_reminder(again[0], DUE), reminders.deliver_reminder(taken[0], DUE)] == [True, False]
    assert told == ["a"]


def test_what_a_receiver_wrote_goes_when_it_fails(run: Run, told: list[str], ann: User) -> None:
    run(CreateTask(title="a", due=DUE, remind=(TEN_MINUTES,)))
    (reminder_id,) = reminders.take_due_reminders(DUE)

    def fail(**_kwargs: Any) -> None:
        raise RuntimeError("the row could not be written")

    reminder_due.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            reminders.deliver_reminder(reminder_id, DUE)
    finally:
        reminder_due.disconnect(fail)
    assert Reminder.objects.get().state == Reminder.State.SENDING
    assert not Label.objects.filter(owner=ann).exists()


def test_a_done_or_moved_task_is_not_told(run: Run, told: list[str]) -> None:
    done, moved = run(
        CreateTask(title="done", due=DUE, remind=(TEN_MINUTES,)),
        CreateTask(title="moved", due=DUE, remind=(TEN_MINUTES,)),
    )
    taken = reminders.take_due_reminders(DUE)
    run(CompleteTask(task_id=done.task_id), UpdateTask(task_id=moved.task_id, due=DUE + dt.timedelta(days=1)))
    assert [reminders.deliver_reminder(each, DUE) for each in taken] == [False, False]
    assert reminders.take_due_reminders(DUE) == []
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_take_and_tell_each_once(told: list[str]) -> None:
    user = User.objects.create_user("carla")
    long_ago = dt.datetime(2026, 1, 5, 9, 0, tzinfo=BERLIN)
    titles = [str(number) for number in range(24)]
    commands = [CreateTask(title=title, due=long_ago, remind=(TEN_MINUTES,)) for title in titles]
    services.execute(actor_of(user), commands, cause_id=uuid.uuid4())
    now = dt.datetime(2026, 1, 6, tzinfo=BERLIN)

    def take(_number: int) -> list[uuid.UUID]:
        try:
            with transaction.atomic():
                return reminders.take_due_reminders(now)
        finally:
            connection.close()

    def deliver(reminder_id: uuid.UUID) -> None:
        try:
            reminders.deliver_reminder(reminder_id, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [reminder_id for ids in pool.map(take, range(6)) for reminder_id in ids]
        assert len(taken) == len(set(taken)) == 24
        list(pool.map(deliver, taken * 2))
    assert sorted(told) == sorted(titles)


@pytest.mark.django_db(transaction=True)
def test_beat_enqueues_what_is_due() -> None:
    user = User.objects.create_user("dora")
    due = dt.datetime(2026, 1, 5, 9, 0, tzinfo=BERLIN)
    services.execute(actor_of(user), [CreateTask(title="a", due=due, remind=(TEN_MINUTES,))], cause_id=uuid.uuid4())
    jobs.deliver_due_reminders()
    assert Reminder.objects.get().state == Reminder.State.SENDING
    with jobs.app.connection_for_read() as broker:
        queue = broker.SimpleQueue("notices")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.headers["task"] == "tasks_app.jobs.deliver_reminder"
    assert message.payload[0] == [str(Reminder.objects.get().id)]
