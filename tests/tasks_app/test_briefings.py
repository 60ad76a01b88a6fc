"""The morning's agenda and the week's review come at the chosen hour, once, and never late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tasks_app import jobs
from tasks_app.commands import CompleteTask, CreateTask
from tasks_app.events import briefing_due
from tasks_app.models import Briefing, Label, NotificationPreference, User
from tasks_app.reminders.briefings import take_due_briefings, tell_briefings
from tasks_app.reminders.preferences import PreferenceChanges, change_preference
from tasks_app.week import review_week
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run

SEVEN = dt.datetime(2026, 11, 24, 7, 0, tzinfo=BERLIN)
"""A Tuesday."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

Told = list[tuple[str, dt.date]]


@pytest.fixture
def told() -> Iterator[Told]:
    """What was told; the receiver also writes a row, as a chat does."""
    rows: Told = []

    def receive(briefing: Briefing, **_kwargs: object) -> None:
        Label.objects.create(owner=briefing.user, name=f"told {briefing.pk}")
        rows.append((briefing.kind, briefing.day))

    briefing_due.connect(receive)
    yield rows
    briefing_due.disconnect(receive)


def _choose(user: User, **fields: object) -> None:
    NotificationPreference.objects.update_or_create(user=user, defaults=fields)


def _beat(now: dt.datetime) -> None:
    with transaction.atomic():
        people = take_due_briefings(now.astimezone(dt.UTC))
    for user_id in people:
        tell_briefings(user_id, now.astimezone(dt.UTC))


def test_comes_at_the_hour_and_once(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(7))
    _beat(SEVEN - MINUTE)
    assert told == []
    for late in range(4):
        _beat(SEVEN + late * MINUTE)
    assert told == [("morning", SEVEN.date())]
    _beat(SEVEN + DAY)
    assert told == [("morning", SEVEN.date()), ("morning", SEVEN.date() + DAY)]


def test_nobody_is_told_who_did_not_ask(ann: User, told: Told) -> None:
    _choose(ann)
    _beat(SEVEN)
    assert told == []


def test_is_taken_again_when_a_worker_died(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(7))
    now = SEVEN.astimezone(dt.UTC)
    assert take_due_briefings(now) == [ann.pk]
    assert take_due_briefings(now + MINUTE / 2) == []
    assert take_due_briefings(now + 2 * MINUTE) == [ann.pk]
    assert [tell_briefings(ann.pk, now + 2 * MINUTE) for _worker in range(2)] == [1, 0]
    assert told == [("morning", SEVEN.date())]


def test_is_not_told_hours_late(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(7), weekly_review_on=1, weekly_review_at=dt.time(7))
    take_due_briefings(SEVEN.astimezone(dt.UTC))
    _beat(SEVEN + 4 * HOUR)
    assert told == [("week", SEVEN.date())]
    _beat(SEVEN + 13 * HOUR)
    assert told == [("week", SEVEN.date())]


def test_a_late_hour_may_be_told_after_midnight(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(23, 30))
    _beat(SEVEN.replace(hour=0, minute=40))
    assert told == [("morning", SEVEN.date() - DAY)]


@pytest.mark.parametrize(
    ("clock", "day", "moment"),
    [
        (dt.time(7), dt.date(2026, 3, 28), "2026-03-28T06:00Z"),
        (dt.time(7), dt.date(2026, 3, 29), "2026-03-29T05:00Z"),
        (dt.time(2, 30), dt.date(2026, 3, 29), "2026-03-29T01:30Z"),
        (dt.time(2, 30), dt.date(2026, 10, 25), "2026-10-25T00:30Z"),
        (dt.time(7), dt.date(2026, 10, 25), "2026-10-25T06:00Z"),
    ],
)
def test_once_a_day_where_the_clocks_change(ann: User, told: Told, clock: dt.time, day: dt.date, moment: str) -> None:
    """Berlin skips from 02:00 to 03:00 on 29 March and goes back from 03:00 to 02:00 on 25 October."""
    _choose(ann, morning_agenda_at=clock)
    at = dt.datetime.fromisoformat(moment)
    _beat(at - MINUTE)
    assert (("morning", day) in told) is False
    for step in range(6):
        _beat(at + step * HOUR / 2)
    assert told == [("morning", day)]


def test_counts_by_the_clock_where_the_person_is_now(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(7))
    _beat(SEVEN)
    User.objects.filter(pk=ann.pk).update(timezone="America/New_York")
    _beat(SEVEN.replace(tzinfo=ZoneInfo("America/New_York")))
    assert told == [("morning", SEVEN.date())]
    _beat((SEVEN + DAY).replace(tzinfo=ZoneInfo("America/New_York")))
    assert len(told) == 2


def test_the_review_comes_on_its_day(ann: User, told: Told) -> None:
    _choose(ann, weekly_review_on=6, weekly_review_at=dt.time(18))
    for hours in range(0, 8 * 24, 6):
        _beat(SEVEN.replace(hour=18) + hours * HOUR)
    assert told == [("week", dt.date(2026, 11, 29))]


def test_what_is_switched_off_meanwhile_is_not_told(ann: User, told: Told) -> None:
    _choose(ann, morning_agenda_at=dt.time(7))
    now = SEVEN.astimezone(dt.UTC)
    take_due_briefings(now)
    _choose(ann, morning_agenda_at=dt.time(9))
    assert tell_briefings(ann.pk, now) == 0
    _beat(SEVEN.replace(hour=9))
    assert told == [("morning", SEVEN.date())]


def test_choosing_an_hour_that_is_over_waits_for_tomorrow(ann: User, told: Told) -> None:
    User.objects.filter(pk=ann.pk).update(timezone="UTC")
    ann.refresh_from_db()
    now = timezone.now()
    if now.time() < dt.time(0, 10) or now.time() > dt.time(23, 50):
        pytest.skip("midnight is too near for an hour before and one after it")
    change_preference(ann, PreferenceChanges(morning_agenda_at=(now - 5 * MINUTE).time()))
    _beat(now)
    assert told == []
    change_preference(ann, PreferenceChanges(morning_agenda_at=(now + 5 * MINUTE).time()))
    _beat(now + 6 * MINUTE)
    assert told == [("morning", now.date())]


def test_two_beats_and_two_workers_at_once_tell_once(transactional_db: None, told: Told) -> None:
    user = User.objects.create_user("eve", timezone="Europe/Berlin")
    _choose(user, morning_agenda_at=dt.time(7))

    def work(_number: int) -> None:
        try:
            _beat(SEVEN)
            tell_briefings(user.pk, SEVEN)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert told == [("morning", SEVEN.date())]
    assert Label.objects.count() == 1


def test_beats_job_leads_to_a_job_for_each_person(ann: User) -> None:
    jobs.deliver_due_briefings()
    jobs.tell_briefings(ann.pk)
    jobs.forget_old_notices()


def test_the_review_says_what_was_done_what_slipped_and_what_comes(run: Run, ann: User) -> None:
    days = {"slipped": -2, "late today": 0, "soon": 3, "far": 20}
    for title, days_ahead in days.items():
        run(CreateTask(title=title, due=SAID_AT - HOUR + days_ahead * DAY))
    for title in ("a", "b"):
        task_id = run(CreateTask(title=title))[0].task_id
        run(CompleteTask(task_id=task_id))
    review = review_week(ann, BERLIN, now=timezone.now())
    assert (review.done, set(review.done_titles)) == (2, {"a", "b"})
    review = review_week(ann, BERLIN, now=SAID_AT)
    assert [task.title for task in review.slipped] == ["slipped", "late today"]
    assert [entry.task.title for entry in review.ahead] == ["soon"]
