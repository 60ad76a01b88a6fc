"""``manage.py interpret --jsonl``: one answer for each request, whatever is asked."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

NOT_REQUESTS = (
    "no JSON",
    "[1]",
    "{}",
    '{"text": 5}',
    r'{"text": "\ud800"}',
    '{"text": "buy milk", "language": 5}',
    '{"text": "buy milk", "locale": []}',
    '{"text": "buy milk", "at": "yesterday"}',
    '{"text": "buy milk", "at": "0001-01-01T00:00:00Z", "tz": "America/New_York"}',
    '{"text": "buy milk", "tz": "/etc/passwd"}',
)
"""Each is wrong in its own way."""


def test_a_line_that_cannot_be_read_does_not_end_the_stream(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*NOT_REQUESTS, '{"text": "buy milk"}'])))
    call_command("interpret", "--jsonl")
    *refused, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert refused == [{"error": {"code": "invalid_input"}}] * len(NOT_REQUESTS)
    assert (last["text"], last["elapsed_us"] > 0) == ("buy milk", True)
