"""Sign-in links and new passwords by mail, and that nobody learns from them who has an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from tasks_app.accounts.devices import devices_of
from tasks_app.models import OutboundEmail, User
from tests.tasks_app.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DOORS = ["/sign-in/by-mail/", "/password/forgotten/"]


@pytest.fixture
def reachable(ann: User) -> User:
    ann.email = "ann@home.example"
    ann.save()
    return ann


@pytest.mark.parametrize("path", DOORS)
def test_there_are_no_such_pages_without_a_mail_server(path: str) -> None:
    assert Client().get(path).status_code == 404
    assert path.encode() not in Client().get("/sign-in/").content


@pytest.mark.parametrize("path", DOORS)
def test_the_answer_tells_nobody_who_has_an_account(reachable: User, by_mail: Callable[[], str], path: str) -> None:
    known = Client().post(path, {"address": "ANN@home.example"}, REMOTE_ADDR="192.0.2.1")
    unknown = Client().post(path, {"address": "eve@home.example"}, REMOTE_ADDR="192.0.2.2")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert OutboundEmail.objects.get().address == "ann@home.example"


def test_a_sign_in_link_works_once_whatever_mail_the_person_wants(reachable: User, by_mail: Callable[[], str]) -> None:
    Client().post("/sign-in/by-mail/", {"address": reachable.email}, headers={"Host": "localhost"})
    link = by_mail()
    assert "List-Unsubscribe" not in mail.outbox[0].message()
    client = Client()
    client.get(link)
    assert client.get("/").status_code == 302
    token = link.partition("token=")[2]
    assert client.post("/sign-in/link/", {"token": token}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().post("/sign-in/link/", {"token": token}).status_code == 400


def test_a_new_password_ends_every_session_and_signs_nobody_in(reachable: User, by_mail: Callable[[], str]) -> None:
    elsewhere = Client()
    elsewhere.force_login(reachable)
    Client().post("/password/forgotten/", {"address": reachable.email})
    link = by_mail()
    client = Client()
    form = client.get(link).headers["Location"]
    assert link.rstrip("/").rpartition("/")[2] not in form
    weak = client.post(form, {"new_password1": "1234567890", "new_password2": "1234567890"})
    assert weak.status_code == 200
    done = client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert done.headers["Location"] == "/sign-in/"
    assert not devices_of(reachable)
    assert elsewhere.get("/").status_code == client.get("/").status_code == 302
    assert client.post("/sign-in/", {"username": "ann", "password": PASSWORD}).headers["Location"] == "/"
    assert b"does not work any more" in Client().get(link).content


def test_one_address_is_not_flooded(reachable: User, by_mail: Callable[[], str]) -> None:
    answers = [
        Client().post("/sign-in/by-mail/", {"address": reachable.email}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(6)
    ]
    assert answers == [200] * 5 + [429]


def test_who_is_shut_out_gets_no_link(reachable: User, by_mail: Callable[[], str]) -> None:
    reachable.is_active = False
    reachable.save()
    Client().post("/sign-in/by-mail/", {"address": reachable.email})
    assert not OutboundEmail.objects.exists()
