"""Where a request comes from, with and without a proxy, and what it is counted by."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from voicebot.client_address import client_address, client_network


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "198.51.100.7", "10.0.0.1"),
        (True, "198.51.100.7", "198.51.100.7"),
        (True, "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (True, "198.51.100.7, nonsense", "10.0.0.1"),
        (True, "", "10.0.0.1"),
        (True, "::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_only_what_our_proxy_wrote_is_believed(
    settings: Settings, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("remote", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "unknown"), ("a.sock", "unknown")],
)
def test_a_network_counts_as_one(remote: str, network: str) -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=remote)) == network
