"""The calendar feed: what calendars are shown, who gets it, and that its address stays secret."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from tasks_app import services
from tasks_app.calendar_feed import addresses
from tasks_app.calendar_feed.content import read_feed, write_feed
from tasks_app.commands import CompleteTask, CreateTask, SnoozeTask, UpdateTask
from tasks_app.models import CalendarFeed, User
from tasks_app.web import calendar_feed
from tests.tasks_app.conftest import SAID_AT, Run, actor_of
from tests.tasks_app.sharing import act
from voicebot.logging import hide_secrets
from voicebot.redis import redis_client
from voicebot.throttling import Rate

TODAY = SAID_AT.date()
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def feed(ann: User) -> CalendarFeed:
    redis_client().flushdb()
    return addresses.switch_on(ann)


def path_of(feed: CalendarFeed) -> str:
    return f"/calendar/{addresses.secret_of(feed)}.ics"


def events(feed: CalendarFeed, name: str = "VEVENT") -> list[Any]:
    return list(Calendar.from_ical(write_feed(feed, SAID_AT)).walk(name))


def test_tasks_are_events_on_their_own_clock(feed: CalendarFeed, run: Run) -> None:
    (done, *_) = run(
        CreateTask(title="done", due=TODAY),
        CreateTask(title="day", due=TODAY),
        CreateTask(title="call", notes="x; y", due=SAID_AT + HOUR, duration_minutes=45, remind=(HOUR,)),
        CreateTask(title="trip", due=TODAY + DAY, end=TODAY + 3 * DAY),
        CreateTask(title="some day"),
        CreateTask(title="long ago", due=TODAY - 90 * DAY),
        CreateTask(title="far", due=TODAY + 400 * DAY),
    )
    run(CompleteTask(task_id=done.task_id))
    day, call, trip = events(feed)
    assert [str(each["summary"]) for each in (day, call, trip)] == ["day", "call", "trip"]
    assert (call["dtstart"].dt, call["duration"].dt) == (SAID_AT + HOUR, dt.timedelta(minutes=45))
    assert call["dtstart"].params["TZID"] == "Europe/Berlin"
    assert not call.walk("VALARM")
    assert (day["dtstart"].dt, day["dtend"].dt) == (TODAY, TODAY + DAY)
    assert trip["dtend"].dt == TODAY + 4 * DAY


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", dt.date(2027, 3, 27)),
        ("America/New_York", dt.date(2027, 3, 13)),
        ("Australia/Lord_Howe", dt.date(2027, 4, 3)),
        ("Asia/Tokyo", dt.date(2027, 4, 3)),
    ],
)
def test_the_file_tells_the_offsets_of_its_zones(feed: CalendarFeed, zone: str, day: dt.date) -> None:
    there = ZoneInfo(zone)
    before = dt.datetime.combine(day, dt.time(9), tzinfo=there)
    for due in (before, before + DAY):
        services.execute(actor_of(feed.user, tz=there), [CreateTask(title="a", due=due)], cause_id=uuid.uuid4())
    calendar = Calendar.from_ical(write_feed(feed, SAID_AT))
    (definition,) = calendar.walk("VTIMEZONE")
    told = definition.to_tz(lookup_tzid=False)
    found = [event["dtstart"].dt.replace(tzinfo=told).utcoffset() for event in calendar.walk("VEVENT")]
    assert found == [before.utcoffset(), (before + DAY).utcoffset()]


@pytest.mark.parametrize(
    ("due", "rrule", "written"),
    [
        (SAID_AT, "FREQ=WEEKLY;COUNT=3", b"FREQ=WEEKLY;COUNT=3"),
        (SAID_AT, "FREQ=DAILY;UNTIL=20261201", b"FREQ=DAILY;UNTIL=20261201T225959Z"),
        (TODAY, "FREQ=DAILY;UNTIL=20261201T080000Z", b"FREQ=DAILY;UNTIL=20261201"),
    ],
)
def test_rules_are_written_as_calendars_read_them(
    feed: CalendarFeed, run: Run, due: dt.date, rrule: str, written: bytes
) -> None:
    run(CreateTask(title="again", due=due, rrule=rrule))
    (event,) = events(feed)
    assert event["rrule"].to_ical() == written


def test_one_time_of_a_series_that_was_put_off(feed: CalendarFeed, run: Run) -> None:
    (made,) = run(CreateTask(title="again", due=SAID_AT + HOUR, rrule="FREQ=WEEKLY"))
    run(SnoozeTask(task_id=made.task_id, until=SAID_AT + DAY))
    series, stand_in = events(feed)
    assert (series["dtstart"].dt, stand_in["dtstart"].dt) == (SAID_AT + HOUR, SAID_AT + DAY)
    assert stand_in["recurrence-id"].dt == SAID_AT + HOUR
    assert series["uid"] == stand_in["uid"]
    assert "rrule" not in stand_in


def test_what_repeats_after_it_was_done_comes_once(feed: CalendarFeed, run: Run) -> None:
    run(CreateTask(title="filter", due=TODAY, rrule="FREQ=DAILY", repeats_after_completion=True))
    (event,) = events(feed)
    assert "rrule" not in event


@pytest.mark.parametrize("kind", ["VEVENT", "VTODO"])
def test_alarms_and_tasks_only_when_asked_for(feed: CalendarFeed, run: Run, kind: str) -> None:
    run(CreateTask(title="call", due=SAID_AT + HOUR, remind=(dt.timedelta(minutes=5), SAID_AT)))
    addresses.set_options(feed.user, as_todos=kind == "VTODO", has_alarms=True)
    feed.refresh_from_db()
    (shown,) = events(feed, kind)
    assert len(shown.walk("VALARM")) == 2
    addresses.set_options(feed.user, as_todos=kind == "VTODO", has_alarms=False)
    feed.refresh_from_db()
    assert not events(feed, "VALARM")


def test_what_is_the_same_is_not_sent_again(client: Client, feed: CalendarFeed, run: Run) -> None:
    (made,) = run(CreateTask(title="call", due=TODAY))
    first = client.get(path_of(feed))
    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert client.get(path_of(feed), headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(path_of(feed), headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    run(UpdateTask(task_id=made.task_id, title="call mum"))
    changed = client.get(path_of(feed), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_it_changed_when_something_in_it_did(feed: CalendarFeed, run: Run) -> None:
    (made,) = run(CreateTask(title="call", due=TODAY))
    first = read_feed(feed, SAID_AT)
    assert read_feed(feed, SAID_AT + HOUR) == first
    run(CompleteTask(task_id=made.task_id))
    assert read_feed(feed, SAID_AT + 2 * HOUR).changed_at == SAID_AT + 2 * HOUR


def test_only_its_reader_keeps_it(client: Client, feed: CalendarFeed) -> None:
    answer = client.get(path_of(feed))
    assert answer["Cache-Control"] == "private, no-cache"
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow, noarchive")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("unhashed_static_files")
def test_nobody_guesses_an_address(client: Client, feed: CalendarFeed, bob: User) -> None:
    theirs = addresses.switch_on(bob)
    mixed = addresses.secret_of(feed)[:22] + addresses.secret_of(theirs)[22:]
    assert client.get(f"/calendar/{mixed}.ics").status_code == 404
    assert client.get(f"/calendar/{'A' * 64}.ics").status_code == 404
    old = path_of(feed)
    addresses.rotate(feed.user)
    feed.refresh_from_db()
    assert (client.get(old).status_code, client.get(path_of(feed)).status_code) == (404, 200)
    User.objects.filter(pk=feed.user.pk).update(is_active=False)
    assert client.get(path_of(feed)).status_code == 404
    addresses.switch_off(bob)
    assert client.get(path_of(theirs)).status_code == 404


def test_the_secret_is_neither_stored_nor_logged(feed: CalendarFeed) -> None:
    secret = addresses.secret_of(feed)
    row = CalendarFeed.objects.values().get()
    assert not any(secret in str(value) for value in row.values())
    for line in (f"Not Found: {path_of(feed)}", f'"GET {addresses.address_of(feed)} HTTP/1.1"'):
        assert secret not in hide_secrets(line)


def test_too_often_is_refused(client: Client, feed: CalendarFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_feed, "RATE", Rate("calendar-feed", 1, 3600))
    answers = [client.get(path_of(feed)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 0


def test_as_many_queries_for_many(client: Client, feed: CalendarFeed, bob: User) -> None:
    counts = []
    for user, many in ((feed.user, 1), (bob, 50)):
        act(user, *(CreateTask(title=f"t{n}", due=TODAY, labels=("x",)) for n in range(many)))
        path = path_of(addresses.switch_on(user))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).content.count(b"BEGIN:VEVENT") == many
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


@pytest.mark.usefixtures("unhashed_static_files")
def test_the_page_shows_changes_and_takes_it_away(client: Client, ann: User) -> None:
    redis_client().flushdb()
    client.force_login(ann)
    assert "Make an address" in client.get("/").content.decode()
    client.post("/calendar/change/", {"choice": "on"})
    first = addresses.address_of(ann.calendar_feed)
    assert first in client.get("/").content.decode()
    client.post("/calendar/options/", {"has_alarms": "on"})
    client.post("/calendar/change/", {"choice": "rotate"})
    feed = CalendarFeed.objects.get()
    assert (feed.has_alarms, feed.as_todos, addresses.address_of(feed) == first) == (True, False, False)
    client.post("/calendar/change/", {"choice": "off"})
    assert not CalendarFeed.objects.exists()
    assert client.post("/calendar/change/", {"choice": "else"}).status_code == 400
