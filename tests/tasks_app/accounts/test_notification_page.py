"""The page on which a person says how they are told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import Settings

from tasks_app.models import NotificationPreference, User
from tasks_app.reminders.preferences import preference_of

ADDRESS = "/account/notifications/"
FORM = {"telegram": "on", "push": "on", "weekly_review_on": "", "weekly_review_at": "18:00"}
NIGHT = {"quiet_from": "22:00", "quiet_until": "07:00"}


@pytest.fixture
def page(ann: User, client: Client, settings: Settings) -> Client:
    settings.EMAIL_IS_ON = True
    ann.email = "ann@home.example"
    ann.save()
    client.force_login(ann)
    return client


def test_what_is_chosen_is_kept_and_shown(ann: User, page: Client) -> None:
    form = FORM | NIGHT | {"email": "on", "morning_agenda_at": "08:30", "weekly_review_on": "6"}
    assert page.post(ADDRESS, form).status_code == 302
    kept = preference_of(ann)
    assert (kept.telegram, kept.web, kept.push, kept.email) == (True, False, True, True)
    assert (kept.quiet_from, kept.quiet_until, kept.morning_agenda_at) == (dt.time(22), dt.time(7), dt.time(8, 30))
    assert (kept.weekly_review_on, kept.weekly_review_at) == (6, dt.time(18))
    shown = page.get(ADDRESS).content.decode()
    assert 'type="time" name="quiet_from" value="22:00"' in shown
    assert "Kept." in shown
    page.post(ADDRESS, FORM)
    kept.refresh_from_db()
    assert (kept.email, kept.quiet_from, kept.morning_agenda_at, kept.weekly_review_on) == (False, None, None, None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and an end."),
        ({"morning_agenda_at": "25:00"}, "Enter a valid time."),
        ({"weekly_review_on": "9"}, "Select a valid choice."),
        ({"weekly_review_at": ""}, "This field is required."),
    ],
)
def test_nonsense_is_said_beside_its_field(page: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = page.post(ADDRESS, FORM | wrong)
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert not NotificationPreference.objects.exists()


def test_mail_is_offered_to_who_has_an_address(ann: User, page: Client) -> None:
    assert 'name="email"' in page.get(ADDRESS).content.decode()
    User.objects.filter(id=ann.id).update(email="")
    without = page.get(ADDRESS).content.decode()
    assert 'name="email"' not in without
    assert "give us your address first" in without
    assert page.post(ADDRESS, FORM | {"email": "on"}).status_code == 302
    assert not preference_of(ann).email
