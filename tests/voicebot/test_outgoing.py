"""Addresses that people give reach the open internet and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from voicebot.outgoing import AddressForbidden, check_address, is_public, post


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example/1",
        "ftp://push.example/1",
        "https://user@push.example/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://[::ffff:10.0.0.1]/1",
        "https://169.254.169.254/latest",
        "https://10.1.2.3/",
        "https:///1",
        "//push.example",
        "no address",
        "https://[",
    ],
)
def test_what_is_not_called(address: str) -> None:
    with pytest.raises(AddressForbidden):
        check_address(address)


def test_a_name_is_judged_by_where_it_leads() -> None:
    assert check_address("https://localhost/x").host == "localhost"
    with pytest.raises(AddressForbidden):
        post("https://localhost/x", b"", {})


def test_the_operator_may_allow_a_host(settings: Any) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ["push.home"]
    assert check_address("http://push.home:81/x").port == 81


@pytest.mark.parametrize(
    ("number", "is_open"),
    [
        ("9.9.9.9", True),
        ("2620:fe::fe", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # an address to refuse
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:9.9.9.9", True),
        ("2002:0a00:0001::1", False),
        ("64:ff9b::10.0.0.1", False),
    ],
)
def test_which_numbers_are_of_the_open_internet(number: str, is_open: bool) -> None:
    assert is_public(number) is is_open
