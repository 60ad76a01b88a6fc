"""Who may make an account: anybody, the invited, or nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tasks_app.accounts.sign_up import invite
from tasks_app.models import Invitation, OutboundEmail, User
from tests.tasks_app.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {"username": "cleo", "password1": PASSWORD, "password2": PASSWORD}


def test_without_an_invitation_nobody_comes_in_by_default() -> None:
    assert Client().get("/sign-up/").status_code == 403
    assert Client().post("/sign-up/", FORM).status_code == 403
    assert not User.objects.filter(username="cleo").exists()


def test_an_invitation_lets_one_person_in_once() -> None:
    out = StringIO()
    call_command("invite", "--note", "for Cleo", stdout=out)
    path = urlsplit(out.getvalue().strip()).path
    client = Client()
    assert client.get(path).status_code == 200
    assert client.post(path, FORM).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    cleo = User.objects.get(username="cleo")
    assert (cleo.is_staff, cleo.is_superuser, cleo.is_owner) == (False, False, False)
    used = Invitation.objects.get()
    assert (used.used_by, used.note) == (cleo, "for Cleo")
    assert used.digest not in path
    assert Client().post(path, FORM | {"username": "dora"}).status_code == 404


def test_an_invitation_that_was_not_used_up_by_a_wrong_form_still_works() -> None:
    path = urlsplit(invite()[1]).path
    assert Client().post(path, FORM | {"password1": "short", "password2": "short"}).status_code == 200
    assert Client().post(path, FORM).status_code == 302


def test_an_old_invitation_and_a_made_up_one_do_not_work() -> None:
    row, url = invite(days=1)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for path in (urlsplit(url).path, "/sign-up/invitation/made-up/"):
        assert Client().get(path).status_code == 404
        assert Client().post(path, FORM).status_code == 404


def test_closed_is_closed_for_the_invited_too(settings: Any) -> None:
    path = urlsplit(invite()[1]).path
    settings.SIGN_UP = "closed"
    assert Client().get(path).status_code == 403
    with pytest.raises(CommandError):
        call_command("invite")


def test_open_is_open_and_says_so_at_the_sign_in(settings: Any) -> None:
    assert b"Make an account" not in Client().get("/sign-in/").content
    settings.SIGN_UP = "open"
    assert b"Make an account" in Client().get("/sign-in/").content
    assert Client().post("/sign-up/", FORM).status_code == 302
    refused = Client().post("/sign-up/", FORM | {"username": "CLEO"})
    assert (refused.status_code, User.objects.filter(username__iexact="cleo").count()) == (200, 1)


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "cleo-cleo-1"])
def test_weak_passwords_are_refused(settings: Any, password: str) -> None:
    settings.SIGN_UP = "open"
    form = {"username": "cleo-cleo", "password1": password, "password2": password}
    assert Client().post("/sign-up/", form).status_code == 200
    assert not User.objects.filter(username="cleo-cleo").exists()


def test_not_for_ever(settings: Any) -> None:
    settings.SIGN_UP, settings.SIGN_INS_PER_MINUTE = "open", 2
    for _ in range(2):
        Client().post("/sign-up/", {})
    assert Client().post("/sign-up/", FORM).status_code == 429


def test_an_address_is_theirs_only_when_it_is_confirmed(settings: Any, by_mail: Callable[[], str]) -> None:
    settings.SIGN_UP = "open"
    Client().post("/sign-up/", FORM | {"address": "cleo@home.example"})
    assert User.objects.get(username="cleo").email == ""
    link = by_mail()
    reader = Client()
    assert reader.get(link).status_code == 200
    assert User.objects.get(username="cleo").email == ""
    assert reader.post(link).status_code == 200
    assert User.objects.get(username="cleo").email == "cleo@home.example"
    assert reader.post(link).status_code == 404
    assert reader.post(link[:-3] + "x/").status_code == 404
    mail = OutboundEmail.objects.get()
    assert (mail.state, mail.text, mail.html) == ("sent", "", "")


def test_administrators_invite_and_see_the_link_once() -> None:
    chief = User.objects.create_superuser("chief")
    client = Client()
    client.force_login(chief)
    page = client.post("/admin/tasks_app/invitation/add/", {"note": "for Dora"}, follow=True).content.decode()
    row = Invitation.objects.get()
    assert (row.note, row.made_by) == ("for Dora", chief)
    assert "/sign-up/invitation/" in page
    path = "/sign-up/invitation/" + page.partition("/sign-up/invitation/")[2].partition("/")[0] + "/"
    assert Client().get(path).status_code == 200
    assert "/sign-up/invitation/" not in client.get("/admin/tasks_app/invitation/").content.decode()
