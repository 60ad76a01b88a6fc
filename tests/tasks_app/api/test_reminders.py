"""Reminders over the API: several of a task, put off, dismissed, and how far each is."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tasks_app.commands import REMINDERS_MAX_COUNT
from tasks_app.models import Reminder, User
from tasks_app.reminders.listing import later_by
from tasks_app.reminders.telling import take_due_reminders, tell_person
from tests.api.conftest import client_for
from tests.tasks_app.conftest import BERLIN

DAY = dt.timedelta(days=1)


@pytest.fixture
def api(ann: User) -> APIClient:
    return client_for(ann)


def made(api: APIClient, due: dt.datetime | None, *remind: str, **more: Any) -> str:
    body = {"title": "Call mum", "due": due.isoformat() if due else None, "remind": remind, **more}
    return str(api.post("/api/v1/tasks/", body, format="json").json()["task"]["id"])


def states(api: APIClient, task_id: str) -> list[str]:
    return [each["state"] for each in api.get(f"/api/v1/tasks/{task_id}/reminders/").json()["results"]]


def test_several_are_added_and_one_is_taken_away(api: APIClient) -> None:
    due = timezone.now() + 3 * DAY
    task_id = made(api, due, "PT30M")
    moment = (due - DAY).isoformat()
    answer = api.post(f"/api/v1/tasks/{task_id}/reminders/", {"remind": ["PT30M", "P2D", moment]}, format="json")
    assert answer.status_code == 201
    two_days, _day, half_hour = answer.json()["reminders"]
    assert (two_days["before"], half_hour["before"], half_hour["state"]) == (
        "P2DT00H00M00S",
        "P0DT00H30M00S",
        "upcoming",
    )
    gone = api.delete(f"/api/v1/reminders/{two_days['id']}/")
    assert states(api, task_id) == ["upcoming"] * 2
    api.post(f"/api/v1/changes/{gone.json()['change_set']}/undo/")
    assert api.get(f"/api/v1/reminders/{two_days['id']}/").json() == two_days


def test_one_before_the_start(api: APIClient) -> None:
    due = timezone.now() + 3 * DAY
    task_id = made(api, due, start=(due - DAY).isoformat())
    answer = api.post(f"/api/v1/tasks/{task_id}/reminders/", {"remind": [{"before_start": "PT10M"}]}, format="json")
    (one,) = answer.json()["reminders"]
    assert (one["before"], one["before_start"]) == (None, "P0DT00H10M00S")
    assert dt.datetime.fromisoformat(one["remind_at"]) == due - DAY - dt.timedelta(minutes=10)
    later = api.post(f"/api/v1/reminders/{one['id']}/snooze/", {"wait": "PT10M"}, format="json").json()["reminders"]
    assert [(each["before_start"], each["state"]) for each in later] == [
        (None, "upcoming"),
        ("P0DT00H10M00S", "dismissed"),
    ]
    wrong = api.post(f"/api/v1/tasks/{task_id}/reminders/", {"remind": [{"before_start": "-PT1M"}]}, format="json")
    assert wrong.status_code == 400


def test_a_task_does_not_take_more_than_its_limit(api: APIClient) -> None:
    task_id = made(api, timezone.now() + DAY, "PT1H", "PT2H")
    many = [f"PT{minutes}M" for minutes in range(1, REMINDERS_MAX_COUNT)]
    answer = api.post(f"/api/v1/tasks/{task_id}/reminders/", {"remind": many}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_reminders")


def test_put_off_it_is_told_later_and_the_next_occurrence_has_its_own(api: APIClient, ann: User) -> None:
    now = timezone.now()
    task_id = made(api, now + DAY, "PT1H", rrule="FREQ=DAILY")
    reminder = Reminder.objects.get()
    answer = api.post(f"/api/v1/reminders/{reminder.pk}/snooze/", {"wait": "P3D"}, format="json")
    assert [each["state"] for each in answer.json()["reminders"]] == ["dismissed", "upcoming"]
    assert tell_person(ann.pk, now + DAY) == 0
    api.post(f"/api/v1/tasks/{task_id}/skip/")
    assert states(api, task_id) == ["upcoming", "upcoming"]


def test_one_with_a_moment_of_its_own_is_moved_and_moved_back(api: APIClient) -> None:
    moment = timezone.now() + DAY
    made(api, None, moment.isoformat())
    reminder = Reminder.objects.get()
    until = {"until": (moment + DAY).isoformat()}
    moved = api.post(f"/api/v1/reminders/{reminder.pk}/snooze/", until, format="json").json()
    assert dt.datetime.fromisoformat(moved["reminders"][0]["remind_at"]) == moment + DAY
    api.post(f"/api/v1/changes/{moved['change_set']}/undo/")
    assert Reminder.objects.get().remind_at == moment


@pytest.mark.parametrize("body", [{}, {"wait": "PT1M", "until": "2027-01-01T09:00:00Z"}, {"wait": "PT0S"}])
def test_later_is_one_moment(api: APIClient, body: dict[str, str]) -> None:
    made(api, timezone.now() + DAY, "PT1H")
    answer = api.post(f"/api/v1/reminders/{Reminder.objects.get().pk}/snooze/", body, format="json")
    assert answer.status_code == 400


def test_what_was_dismissed_is_not_told_and_what_was_told_says_how(api: APIClient, ann: User) -> None:
    now = timezone.now()
    due = now + DAY
    task_id = made(api, due, "PT1H", "PT2H")
    first = Reminder.objects.get(before=dt.timedelta(hours=2))
    dismissed = api.post(f"/api/v1/reminders/{first.pk}/dismiss/").json()
    take_due_reminders(due)
    assert tell_person(ann.pk, due) == 1
    assert states(api, task_id) == ["dismissed", "delivered"]
    (told,) = api.get("/api/v1/reminders/", {"state": "delivered"}).json()["results"]
    assert dt.datetime.fromisoformat(told["delivered_at"]) == due
    assert set(told["channels"]) >= {"telegram", "web"}
    api.post(f"/api/v1/changes/{dismissed['change_set']}/undo/")
    assert states(api, task_id) == ["upcoming", "delivered"]


def test_what_should_have_been_told_was_missed_and_what_will_not_be_is_idle(api: APIClient) -> None:
    task_id = made(api, timezone.now() - DAY, "PT1H")
    assert states(api, task_id) == ["missed"]
    assert len(api.get("/api/v1/reminders/", {"state": "missed"}).json()["results"]) == 1
    api.post(f"/api/v1/tasks/{task_id}/complete/")
    assert states(api, task_id) == ["idle"]


def test_nobody_sees_those_of_others(api: APIClient, bob: User) -> None:
    task_id = made(client_for(bob), timezone.now() + DAY, "PT1H")
    reminder = Reminder.objects.get()
    assert api.get("/api/v1/reminders/").json()["results"] == []
    assert api.get("/api/v1/reminders/", {"task_id": task_id}).json()["results"] == []
    for address in (f"reminders/{reminder.pk}/dismiss/", f"reminders/{uuid.uuid4()}/dismiss/"):
        assert api.post(f"/api/v1/{address}").json()["error"]["code"] == "reminder_not_found"


def test_tomorrow_is_at_the_same_time_of_day_also_when_the_clocks_change() -> None:
    saturday = dt.datetime(2027, 3, 27, 9, tzinfo=BERLIN)
    assert later_by(DAY, saturday, BERLIN).astimezone(BERLIN).isoformat() == "2027-03-28T09:00:00+02:00"
    assert later_by(dt.timedelta(minutes=10), saturday, BERLIN) == saturday + dt.timedelta(minutes=10)
