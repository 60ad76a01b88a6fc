"""The really running system, from outside: large bodies, and a note over the live socket."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid

import psutil
import pytest
from websockets.sync.client import connect

from tests.live.conftest import FRAME_BYTES, HELLO, pcm_of
from tests.system import System

MEGABYTE = 2**20


def send_head(system: System, *headers: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", system.port), timeout=20)
    lines = [
        "POST /api/v1/voice/commands/ HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: multipart/form-data; boundary=x",
    ]
    connection.sendall("\r\n".join([*lines, *headers, "", ""]).encode())
    return connection


def test_300_megabytes_are_refused_before_they_are_sent(running_system: System) -> None:
    with send_head(running_system, f"Content-Length: {300 * MEGABYTE}") as connection:
        answer = connection.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert json.loads(answer.partition("\r\n\r\n")[2])["error"]["code"] == "audio_too_large"


def test_a_body_without_a_length_is_cut_off_and_costs_no_memory(running_system: System) -> None:
    process = psutil.Process(running_system.programs["web"].pid)
    before = process.memory_info().rss
    chunk = b"100000\r\n" + bytes(MEGABYTE) + b"\r\n"
    with send_head(running_system, "Transfer-Encoding: chunked") as connection:
        for _ in range(60):
            connection.sendall(chunk)
        answer = connection.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert process.memory_info().rss - before < 100 * MEGABYTE


def test_json_has_a_limit_of_its_own(running_system: System) -> None:
    _, token = running_system.new_user()
    body = b'{"text": "' + b"x" * 2 * MEGABYTE + b'"}'
    headers = {"Content-Type": "application/json"}
    for sent in (body, iter([body])):
        status, _, answer = running_system.request("POST", "/api/v1/parse/", token=token, body=sent, headers=headers)
        assert (status, json.loads(answer)["error"]["code"]) == (413, "request_too_large")


def test_a_recording_within_the_limit_is_read(running_system: System) -> None:
    _, token = running_system.new_user()
    status, answer = running_system.post_audio("/api/v1/voice/commands/", os.urandom(20 * MEGABYTE), token)
    assert (status, answer["error"]["code"]) == (400, "audio_format_unsupported")


def test_a_form_is_read_by_django_alone(running_system: System) -> None:
    """The server itself, which reads forms in the thread that serves everybody, would answer without a body."""
    _, token = running_system.new_user()
    headers = {"Content-Type": "multipart/form-data"}
    status, _, answer = running_system.request("POST", "/api/v1/parse/", token=token, body=b"\n", headers=headers)
    assert (status, json.loads(answer)["error"]["code"]) == (415, "media_type_unsupported")


@pytest.mark.speech
def test_a_note_over_the_live_socket(running_system: System) -> None:
    _, token = running_system.new_user()
    sound = pcm_of("call-mom.ogg")
    headers = {"Authorization": f"Token {token}"}
    with connect(f"ws://127.0.0.1:{running_system.port}/ws/voice/", additional_headers=headers, proxy=None) as line:
        line.send(json.dumps(HELLO))
        assert json.loads(line.recv(timeout=20))["type"] == "ready"
        for start in range(0, len(sound), FRAME_BYTES):
            line.send(sound[start : start + FRAME_BYTES])
        time.sleep(6)  # longer than the channel layer waits at a time: the connection must outlive that
        line.send(json.dumps({"type": "utterance.end", "id": str(uuid.uuid4())}))
        messages = [json.loads(line.recv(timeout=90)) for _ in range(3)]
    assert [message["type"] for message in messages] == ["accepted", "transcript.final", "applied"]
    assert [message["seq"] for message in messages] == [2, 3, 4]
    assert "mom" in messages[2]["reply"].casefold()
