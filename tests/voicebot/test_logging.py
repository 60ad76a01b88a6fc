"""Addresses that open something by themselves, such as those in mails: no line of the log keeps what opens them."""

from __future__ import annotations

import pytest
from django.core import signing
from django.urls import reverse

from voicebot.logging import hide_secrets

PASSWORD_TOKEN = "dihcnb-66ef5421cc9c00d5aa01a7f55c31de8b"


@pytest.mark.parametrize("name", ["sign-up-invited", "confirm-address", "unsubscribe", "push-action"])
def test_a_token_in_an_address_is_hidden(name: str) -> None:
    token = signing.dumps(["somebody", 1], salt="a salt")
    line = hide_secrets(f"Forbidden (CSRF cookie not set.): {reverse(name, args=[token])}")
    assert line.endswith("/[hidden]/")


def test_what_sets_a_password_or_signs_in_is_hidden() -> None:
    new_password = f"Too Many Requests: {reverse('password-new', args=['NQ', PASSWORD_TOKEN])}"
    assert hide_secrets(new_password) == "Too Many Requests: /password/new/[hidden]/"
    sign_in = f'"GET {reverse("sign-in-link")}?a=b&token=AAAAAAAAAAEM9-dTwffpm4VW0PiDtQ HTTP/1.1" 200'
    assert hide_secrets(sign_in) == '"GET /sign-in/link/?a=b&token=[hidden] HTTP/1.1" 200'


def test_other_addresses_stay_as_they_are() -> None:
    line = "Not Found: /account/devices/12/sign-out/ and /api/v1/tasks/8b1f6a52-3c2e-4d5f-9a53-0a8f5e1c7d10/"
    assert hide_secrets(line) == line
