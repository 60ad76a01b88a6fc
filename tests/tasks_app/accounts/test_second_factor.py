"""A code after every first factor; each works once, and guessing ends soon."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from tasks_app.accounts import second_factor
from tasks_app.accounts.errors import SecondFactorRequired, SecondFactorWrong
from tasks_app.models import Authenticator, User
from tasks_app.web.sign_in import sign_in_url
from tests.tasks_app.accounts.conftest import PASSWORD, code_of, next_code
from voicebot.errors import RateLimited

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_a_password_alone_opens_nothing(anns_app: Authenticator) -> None:
    client = Client()
    asked = client.post("/sign-in/", {"username": "ann", "password": PASSWORD, "next": "/account/"})
    assert asked.headers["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": "abc"}).status_code == 400
    assert not is_in(client)
    anns_app.refresh_from_db()
    assert anns_app.throttling_failure_count == 0
    entered = client.post("/sign-in/code/", {"code": next_code(anns_app)})
    assert entered.headers["Location"] == "/account/"
    assert is_in(client)


def test_a_link_alone_opens_nothing(ann: User, anns_app: Authenticator) -> None:
    url = urlsplit(sign_in_url(ann, "http://host"))
    client = Client()
    asked = client.post(url.path, {"token": url.query.partition("=")[2]})
    assert asked.headers["Location"] == "/sign-in/code/"
    assert not is_in(client)
    client.post("/sign-in/code/", {"code": next_code(anns_app)})
    assert is_in(client)


def test_who_gave_no_first_factor_is_not_asked_for_the_second(anns_app: Authenticator) -> None:
    client = Client()
    assert client.post("/sign-in/code/", {"code": next_code(anns_app)}).headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_a_password_that_was_changed_meanwhile_counts_no_more(ann: User, anns_app: Authenticator) -> None:
    client = Client()
    client.post("/sign-in/", {"username": "ann", "password": PASSWORD})
    ann.set_password("another one, long enough")
    ann.save()
    assert client.post("/sign-in/code/", {"code": next_code(anns_app)}).headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_code_works_once(ann: User, anns_app: Authenticator) -> None:
    code = next_code(anns_app)
    second_factor.check_second_factor(ann, f" {code[:3]} {code[3:]}")
    with pytest.raises(SecondFactorWrong):
        second_factor.check_second_factor(ann, code)


def test_guessing_ends_soon(ann: User, anns_app: Authenticator) -> None:
    with pytest.raises(SecondFactorRequired):
        second_factor.check_second_factor(ann, "")
    for _ in range(9):
        with pytest.raises(SecondFactorWrong):
            second_factor.check_second_factor(ann, "000000" if next_code(anns_app) != "000000" else "111111")
    with pytest.raises(RateLimited):
        second_factor.check_second_factor(ann, next_code(anns_app))


def test_without_one_no_code_is_needed(bob: User) -> None:
    second_factor.check_second_factor(bob, "")


def test_a_recovery_code_works_once_and_is_stored_as_a_digest(ann: User, anns_app: Authenticator) -> None:
    codes = second_factor.make_recovery_codes(ann)
    assert len(set(codes)) == second_factor.count_recovery_codes(ann) == second_factor.RECOVERY_CODES
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert stored.isdisjoint({*codes, *(code.replace("-", "") for code in codes)})
    second_factor.check_second_factor(ann, codes[3].upper())
    with pytest.raises(SecondFactorWrong):
        second_factor.check_second_factor(ann, codes[3])
    assert second_factor.count_recovery_codes(ann) == second_factor.RECOVERY_CODES - 1


def test_another_persons_codes_are_wrong(ann: User, bob: User, anns_app: Authenticator) -> None:
    second_factor.finish_setup(bob, code_of(second_factor.begin_setup(bob)))
    for code in (next_code(anns_app), second_factor.make_recovery_codes(ann)[0]):
        with pytest.raises(SecondFactorWrong):
            second_factor.check_second_factor(bob, code)


def test_the_row_alone_gives_no_codes(anns_app: Authenticator) -> None:
    assert anns_app.bin_key != bytes.fromhex(anns_app.key)


def test_switching_it_on_and_off(ann: User) -> None:
    client = Client()
    client.force_login(ann)
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    device = Authenticator.objects.get(user_id=ann.pk)
    assert not second_factor.has_second_factor(ann)
    assert client.post("/account/second-factor/", {"code": "nothing"}).status_code == 400
    device.refresh_from_db()
    device.throttle_reset()
    shown = client.post("/account/second-factor/", {"code": code_of(device)}).content.decode()
    assert shown.count("<li><code>") == second_factor.RECOVERY_CODES
    assert second_factor.has_second_factor(ann)

    assert client.post("/account/second-factor/", {"act": "off", "code": ""}).status_code == 400
    assert second_factor.has_second_factor(ann)
    renewed = client.post("/account/second-factor/", {"act": "codes", "code": next_code(device)}).content.decode()
    kept = renewed.partition("<li><code>")[2].partition("<")[0]
    assert client.post("/account/second-factor/", {"act": "off", "code": kept}).status_code == 302
    assert not second_factor.has_second_factor(ann)
    assert "off" in client.get("/account/").content.decode()
