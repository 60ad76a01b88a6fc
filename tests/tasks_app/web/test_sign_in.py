"""One-time links, passwords, and who may see the page."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tasks_app.models import User
from tasks_app.web.sign_in import owner_sign_in_url, sign_in_url
from voicebot.redis import redis_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhashed_static_files")]


@pytest.fixture(autouse=True)
def fresh_rates() -> None:
    redis_client().flushdb()


def path_and_token(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query)["token"][0]


def test_the_link_signs_in_once_and_only_by_its_button(ann: User) -> None:
    url = sign_in_url(ann, "http://host:9000/")
    assert url.startswith("http://host:9000/sign-in/link/?token=")
    path, token = path_and_token(url)
    client = Client()

    for _ in range(2):
        assert client.get(url).status_code == 200
        assert client.get("/").status_code == 302
    assert client.post(path, {"token": token}).headers["Location"] == "/"
    assert client.get("/").status_code == 200

    spent = Client().post(path, {"token": token})
    assert spent.status_code == 400
    assert b"does not work any more" in spent.content


@pytest.mark.django_db(transaction=True)
def test_who_uses_a_link_while_somebody_else_does_comes_too_late(ann: User) -> None:
    path, token = path_and_token(sign_in_url(ann, "http://host"))

    def use() -> int:
        try:
            return Client().post(path, {"token": token}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        User.objects.filter(pk=ann.pk).update(last_login=timezone.now())
        late = pool.submit(use)
        wait_for_one_who_waits()
    assert late.result() == 400


def wait_for_one_who_waits() -> None:
    """Until somebody stands in line for a row that this transaction holds."""
    ends_at = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < ends_at:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("token", ["", "x", "%00", "A" * 5000])
def test_a_wrong_token_signs_nobody_in(token: str) -> None:
    assert Client().post("/sign-in/link/", {"token": token}).status_code == 400


def test_an_old_link_does_not_work(ann: User, settings: Any) -> None:
    _, token = path_and_token(sign_in_url(ann, "http://host"))
    import sesame.settings

    settings.SESAME_MAX_AGE = dt.timedelta(seconds=-1)
    sesame.settings.load()
    try:
        assert Client().post("/sign-in/link/", {"token": token}).status_code == 400
    finally:
        settings.SESAME_MAX_AGE = 3600
        sesame.settings.load()


def test_the_owner_is_made_with_their_first_link() -> None:
    path, token = path_and_token(owner_sign_in_url("http://host"))
    client = Client()
    client.post(path, {"token": token})
    assert client.get("/").context["user"].is_owner
    assert not User.objects.get(is_owner=True).has_usable_password()


def test_a_password_works_where_one_is_set_and_not_for_ever(ann: User, settings: Any) -> None:
    settings.SIGN_INS_PER_MINUTE = 2
    ann.set_password("long enough to keep")
    ann.save()
    client = Client()
    wrong = client.post("/sign-in/", {"username": "ann", "password": "wrong"})
    assert (wrong.status_code, b"do not belong together" in wrong.content) == (200, True)
    right = client.post("/sign-in/", {"username": "ann", "password": "long enough to keep"})
    assert right.headers["Location"] == "/"
    refused = Client().post("/sign-in/", {"username": "ann", "password": "wrong"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_signing_in_leads_nowhere_else(ann: User) -> None:
    ann.set_password("long enough to keep")
    ann.save()
    form = {"username": "ann", "password": "long enough to keep", "next": "https://evil.example/"}
    assert Client().post("/sign-in/", form).headers["Location"] == "/"


def test_sign_out(ann: User) -> None:
    client = Client()
    client.force_login(ann)
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["/", "/list/"])
def test_pages_are_for_who_is_signed_in(path: str) -> None:
    assert Client().get(path).status_code == 302


def test_a_strange_link_of_a_person_shut_out_does_not_work(ann: User) -> None:
    path, token = path_and_token(sign_in_url(ann, "http://host"))
    ann.is_active = False
    ann.last_login = timezone.now()
    ann.save()
    assert Client().post(path, {"token": token}).status_code == 400
