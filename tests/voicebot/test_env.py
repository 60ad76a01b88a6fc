"""Variables that hold addresses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from voicebot.env import own_host, read_url


@pytest.mark.parametrize("value", ["foo", "todo.example", "ftp://todo.example", "http://", "http://[", "https://x:y"])
def test_what_is_no_address_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", value)
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        read_url("PUBLIC_URL", "http://127.0.0.1:8000")


def test_an_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers name an origin without one."""
    monkeypatch.setenv("PUBLIC_URL", "https://todo.example/")
    assert read_url("PUBLIC_URL", "") == "https://todo.example"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("todo.local", "todo.local"),
    ],
)
def test_the_address_to_open_is_one_that_a_browser_can_open(host: str, shown: str) -> None:
    assert own_host(host) == shown
