"""A person's own pages: profile, address, password and devices."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tasks_app.accounts.devices import devices_of
from tasks_app.models import SignedInDevice, User
from tasks_app.web.agents import agent_name
from tests.tasks_app.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"
PROFILE = {
    "name": "Ann Lee",
    "timezone": "Europe/Rome",
    "language": "de",
    "locale": "en-US",
    "week_starts_on": "6",
    "confirmation": "always",
    "keep_recordings_days": "7",
}


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save()
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return client


def test_the_profile_is_kept(ann: User) -> None:
    client = Client()
    client.force_login(ann)
    assert client.get("/account/").status_code == 200
    assert client.post("/account/", PROFILE).status_code == 302
    ann.refresh_from_db()
    assert (ann.get_full_name(), ann.timezone, ann.language, ann.locale) == ("Ann Lee", "Europe/Rome", "de", "en-US")
    assert (ann.week_starts_on, ann.confirmation, ann.keep_recordings_days) == (6, "always", 7)
    assert not ann.shares_with_services
    assert "Kept." in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"timezone": "Mars/Base"}, {"locale": "xx"}, {"language": "1!"}, {"week_starts_on": "9"}, {"name": "a\x00"}],
)
def test_nonsense_is_shown_beside_its_field(ann: User, wrong: dict[str, str]) -> None:
    client = Client()
    client.force_login(ann)
    page = client.post("/account/", PROFILE | wrong)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    ann.refresh_from_db()
    assert ann.timezone == "Europe/Berlin"


def test_a_new_address_waits_for_its_owner(ann: User, by_mail: Callable[[], str]) -> None:
    client = Client()
    client.force_login(ann)
    assert client.post("/account/address/", {"address": "new@home.example"}).status_code == 302
    assert client.post("/account/address/", {"address": "nonsense"}).status_code == 302
    Client().post(by_mail())
    ann.refresh_from_db()
    assert ann.email == "new@home.example"


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(ann: User) -> None:
    here, there = signed_in(ann), signed_in(ann)
    form = {"new_password1": "quite another phrase", "new_password2": "quite another phrase"}
    assert here.post("/account/password/", form | {"old_password": "wrong"}).status_code == 200
    assert there.get("/").status_code == 200
    assert here.post("/account/password/", form | {"old_password": PASSWORD}).status_code == 302
    assert here.get("/").status_code == 200
    assert [device.session_key for device in devices_of(ann)] == [here.session.session_key]
    assert there.get("/").status_code == 302


def test_who_has_none_sets_one(ann: User) -> None:
    ann.set_unusable_password()
    ann.save()
    client = Client()
    client.force_login(ann)
    assert b"old_password" not in client.get("/account/password/").content
    assert client.post("/account/password/", {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert client.get("/").status_code == 200


def test_devices_are_listed_and_signed_out(ann: User, bob: User) -> None:
    here, phone, bobs = signed_in(ann), signed_in(ann, PHONE), signed_in(bob)
    page = here.get("/account/devices/").content.decode()
    assert ("Firefox, Linux" in page, "Safari, iPhone" in page, page.count("this one")) == (True, True, 1)
    bobs_row = SignedInDevice.objects.get(user=bob)
    here.post(f"/account/devices/{bobs_row.pk}/sign-out/")
    assert bobs.get("/").status_code == 200
    phones_row = SignedInDevice.objects.get(user=ann, agent=PHONE)
    here.post(f"/account/devices/{phones_row.pk}/sign-out/")
    assert phone.get("/").status_code == 302
    third = signed_in(ann)
    here.post("/account/devices/others/sign-out/")
    assert (here.get("/").status_code, third.get("/").status_code) == (200, 302)
    assert SignedInDevice.objects.filter(user=ann).count() == 1
    here.post("/sign-out/")
    assert not SignedInDevice.objects.filter(user=ann).exists()


def test_a_session_from_before_is_listed_once_it_is_used(ann: User) -> None:
    client = signed_in(ann)
    SignedInDevice.objects.all().delete()
    key = client.session.session_key
    from django.core.cache import cache

    cache.delete(f"device-seen:{key}")
    client.get("/account/")
    client.get("/account/")
    assert SignedInDevice.objects.get(user=ann).session_key == key


@pytest.mark.parametrize("path", ["", "password/", "devices/", "second-factor/"])
def test_the_pages_are_for_who_is_signed_in(path: str) -> None:
    assert Client().get(f"/account/{path}").headers["Location"].startswith("/sign-in/?next=/account/")


def test_the_administration_has_no_door_of_its_own(ann: User) -> None:
    stranger = Client()
    assert stranger.get("/admin/login/?next=/admin/").headers["Location"] == "/sign-in/?next=%2Fadmin%2F"
    assert stranger.post("/admin/login/", {"username": "ann", "password": PASSWORD}).status_code == 302
    assert stranger.get("/").status_code == 302
    stranger.force_login(ann)
    assert stranger.get("/admin/login/").status_code == 403


def test_a_browser_that_says_nothing_is_unknown() -> None:
    assert agent_name("curl/8") == "Unknown browser"
