"""People are told of what is due: once, together when it was missed, and not at night."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from tasks_app import jobs, services
from tasks_app.commands import CompleteTask, CreateTask, SnoozeReminder, UpdateTask
from tasks_app.events import reminder_due
from tasks_app.models import Label, Notice, Reminder, Task, User
from tasks_app.reminders import telling
from tasks_app.reminders.preferences import PreferenceChanges, change_preference
from tests.tasks_app.conftest import BERLIN, Run, actor_of

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
TEN_MINUTES = dt.timedelta(minutes=10)
NO_TIME = dt.timedelta(0)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def told() -> Iterator[list[list[str]]]:
    """Titles of the tasks of each notice; the receiver also writes a row, as a chat does."""
    notices: list[list[str]] = []

    def receive(notice: Notice, reminders: list[Reminder], **_kwargs: Any) -> None:
        notices.append([reminder.task.title for reminder in reminders])
        Label.objects.create(owner=notice.user, name=f"told {notice.id}")

    reminder_due.connect(receive)
    yield notices
    reminder_due.disconnect(receive)


def _beat(now: dt.datetime) -> None:
    """What beat and a worker do together."""
    for user_id in telling.take_due_reminders(now):
        telling.tell_person(user_id, now)


def _remind(run: Run, *titles: str, at: dt.datetime = DUE, priority: Any = None) -> None:
    run(*[CreateTask(title=title, due=at, remind=(NO_TIME,), priority=priority) for title in titles])


def test_is_told_once(run: Run, ann: User, told: list[list[str]]) -> None:
    _remind(run, "a")
    assert telling.take_due_reminders(DUE - HOUR) == []
    assert telling.take_due_reminders(DUE) == [ann.pk]
    assert telling.take_due_reminders(DUE) == []
    assert [telling.tell_person(ann.pk, DUE), telling.tell_person(ann.pk, DUE)] == [1, 0]
    assert telling.take_due_reminders(DUE + dt.timedelta(days=1)) == []
    assert told == [["a"]]


def test_a_lost_worker_s_reminder_is_taken_again(run: Run, ann: User, told: list[list[str]]) -> None:
    _remind(run, "a")
    telling.take_due_reminders(DUE)
    later = DUE + telling.LEASE + dt.timedelta(seconds=1)
    assert telling.take_due_reminders(later) == [ann.pk]
    assert [telling.tell_person(ann.pk, later), telling.tell_person(ann.pk, later)] == [1, 0]


def test_what_a_receiver_wrote_goes_when_it_fails(run: Run, told: list[list[str]], ann: User) -> None:
    _remind(run, "a")
    telling.take_due_reminders(DUE)

    def fail(**_kwargs: Any) -> None:
        raise RuntimeError("the row could not be written")

    reminder_due.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            telling.tell_person(ann.pk, DUE)
    finally:
        reminder_due.disconnect(fail)
    assert Reminder.objects.get().state == Reminder.State.SENDING
    assert not Label.objects.filter(owner=ann).exists()
    assert not Notice.objects.exists()


def test_a_done_or_moved_task_is_not_told(run: Run, ann: User, told: list[list[str]]) -> None:
    done, moved = run(
        CreateTask(title="done", due=DUE, remind=(TEN_MINUTES,)),
        CreateTask(title="moved", due=DUE, remind=(TEN_MINUTES,)),
    )
    telling.take_due_reminders(DUE)
    run(CompleteTask(task_id=done.task_id), UpdateTask(task_id=moved.task_id, due=DUE + dt.timedelta(days=1)))
    assert telling.tell_person(ann.pk, DUE) == 0
    assert set(Reminder.objects.values_list("state", "lease_until")) == {("waiting", None)}
    assert telling.take_due_reminders(DUE) == []


def test_whoever_has_the_task_to_do_is_told(run: Run, ann: User, bob: User, told: list[list[str]]) -> None:
    _remind(run, "a")
    Task.objects.update(assignee=bob)
    assert telling.take_due_reminders(DUE) == [bob.pk]
    assert [telling.tell_person(ann.pk, DUE), telling.tell_person(bob.pk, DUE)] == [0, 1]
    assert Notice.objects.get().user == bob


def test_nobody_is_told_whose_account_is_off(run: Run, ann: User) -> None:
    _remind(run, "a")
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert telling.take_due_reminders(DUE) == []


def test_what_was_missed_comes_at_once(run: Run, told: list[list[str]]) -> None:
    _remind(run, "b", "c", "d", at=DUE + HOUR)
    _remind(run, "a")
    _remind(run, "on time", at=DUE + 3 * HOUR)
    _beat(DUE + 3 * HOUR)
    assert [sorted(titles) for titles in told] == [["a", "b", "c", "d"], ["on time"]]
    assert Notice.objects.count() == 2
    assert not Reminder.objects.exclude(state="sent").exists()


def test_more_than_one_take_holds_is_one_digest_too(
    run: Run, ann: User, told: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH_SIZE", 2)
    _remind(run, *"abcdef")
    _beat(DUE + HOUR)
    assert [len(titles) for titles in told] == [6]
    assert telling.take_due_reminders(DUE + 2 * HOUR) == []


def test_quiet_hours_hold_back_until_their_end(run: Run, ann: User, told: list[list[str]]) -> None:
    change_preference(ann, PreferenceChanges(quiet_from=dt.time(22), quiet_until=dt.time(7)))
    night = DUE.replace(hour=23)
    _remind(run, "night", at=night)
    _remind(run, "fire", at=night, priority="urgent")
    _beat(night)
    assert told == [["fire"]]
    for hours in range(1, 8):
        assert telling.take_due_reminders(night + hours * HOUR) == []
    _beat(night + 8 * HOUR)
    assert told == [["fire"], ["night"]]


def test_what_is_held_back_comes_when_quiet_hours_are_taken_away(run: Run, ann: User, told: list[list[str]]) -> None:
    change_preference(ann, PreferenceChanges(quiet_from=dt.time(16), quiet_until=dt.time(18)))
    _remind(run, "a")
    _beat(DUE)
    assert told == []
    change_preference(ann, PreferenceChanges(quiet_from=None, quiet_until=None))
    _beat(DUE)
    assert told == [["a"]]


def test_told_once_more_when_put_off(run: Run, told: list[list[str]]) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(NO_TIME,)))
    _beat(DUE)
    run(SnoozeReminder(task_id=made.task_id, until=DUE + HOUR))
    _beat(DUE + TEN_MINUTES)
    _beat(DUE + HOUR)
    assert told == [["a"], ["a"]]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_take_and_tell_each_once(told: list[list[str]]) -> None:
    users = [User.objects.create_user(f"carla{number}") for number in range(6)]
    now = dt.datetime(2026, 1, 6, tzinfo=BERLIN)
    for user in users:
        commands = [CreateTask(title=f"{user} {n}", due=now, remind=(NO_TIME,)) for n in range(4)]
        services.execute(actor_of(user), commands, cause_id=uuid.uuid4())

    def take(_number: int) -> list[int]:
        try:
            with transaction.atomic():
                return telling.take_due_reminders(now)
        finally:
            connection.close()

    def tell(user_id: int) -> int:
        try:
            return telling.tell_person(user_id, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [user_id for ids in pool.map(take, range(6)) for user_id in ids]
        assert sorted(set(taken)) == sorted(user.pk for user in users)
        assert sum(pool.map(tell, taken * 3)) == 24
    assert sorted(told) == sorted([f"{user} {n}"] for user in users for n in range(4))


@pytest.mark.django_db(transaction=True)
def test_beat_enqueues_a_job_for_each_person() -> None:
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
    assert message.headers["task"] == "tasks_app.jobs.tell_person"
    assert message.payload[0] == [user.pk]
