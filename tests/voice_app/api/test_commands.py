"""Commands through REST: taken once, seen by their owner alone, wrong requests told in the one shape."""

from __future__ import annotations

import base64
import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from tasks_app.context import Source
from tasks_app.models import Task, User
from tests.voice_app.api.conftest import MakeClient
from tests.voice_app.conftest import SAMPLES, finish
from voice_app.models import VoiceCommand

COMMANDS = "/api/v1/voice/commands/"


def note(name: str = "call-mom.ogg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (SAMPLES / name).read_bytes(), "audio/ogg")


def send_audio(client: APIClient, file: SimpleUploadedFile, **fields: str) -> Any:
    return client.post(COMMANDS, {"audio": file, **fields}, format="multipart")


def test_text_is_taken_with_202_and_a_place_to_look(client: APIClient) -> None:
    response = client.post(COMMANDS, {"text": "buy milk"})

    assert response.status_code == 202
    assert response["Location"] == response.data["url"] == f"{COMMANDS}{response.data['id']}/"
    assert (response.data["success"], response.data["error"]) == (None, None)
    finish(VoiceCommand.objects.get())
    outcome = client.get(response["Location"]).data
    assert (outcome["state"], outcome["success"], outcome["intent"]) == ("done", True, "create_task")
    assert {"transcription", "confidence", "response", "error"} <= outcome.keys()


def test_a_recording_is_taken(client: APIClient) -> None:
    response = send_audio(client, note(), timezone="America/New_York", said_at="2026-11-20T08:00")

    command = VoiceCommand.objects.get()
    assert response.status_code == 202
    assert command.recording.size_bytes == note().size
    assert (command.timezone, command.said_at.isoformat()) == ("America/New_York", "2026-11-20T13:00:00+00:00")
    assert command.source == Source.API


@pytest.mark.django_db(transaction=True)
def test_wait_gives_the_outcome_in_the_same_answer(client: APIClient) -> None:
    worker = threading.Thread(target=_work_on_the_next_command)
    worker.start()
    response = client.post(f"{COMMANDS}?wait=20", {"text": "buy milk"})
    worker.join()

    assert (response.status_code, response.data["state"]) == (200, "done")
    assert response.data["response"].startswith("Added “Buy milk”") or "milk" in response.data["response"]


def _work_on_the_next_command() -> None:
    try:
        while not (command := VoiceCommand.objects.first()):
            pass
        finish(command)
    finally:
        connection.close()


def test_wait_that_ends_too_early_is_202(client: APIClient) -> None:
    assert client.post(f"{COMMANDS}?wait=0.05", {"text": "buy milk"}).status_code == 202


@pytest.mark.parametrize("wait", ["-1", "31", "nan", "1e1", "soon", "", "٣"])
def test_a_wait_that_is_no_wait_is_refused(client: APIClient, wait: str) -> None:
    response = client.post(f"{COMMANDS}?wait={wait}", {"text": "buy milk"})

    assert response.status_code == 400
    assert response.data["error"]["fields"].keys() == {"wait"}
    assert not VoiceCommand.objects.exists()


def test_the_same_key_is_the_same_command(client: APIClient) -> None:
    answers = [client.post(COMMANDS, {"text": "buy milk"}, headers={"Idempotency-Key": "k" * 200}) for _ in range(3)]

    assert len({answer.data["id"] for answer in answers}) == VoiceCommand.objects.count() == 1
    assert [answer.get("Idempotency-Replayed") for answer in answers] == [None, "true", "true"]


def test_a_key_for_another_request_is_a_conflict(client: APIClient) -> None:
    client.post(COMMANDS, {"text": "buy milk"}, headers={"Idempotency-Key": "k"})
    response = client.post(COMMANDS, {"text": "buy bread"}, headers={"Idempotency-Key": "k"})
    assert (response.status_code, response.data["error"]["code"]) == (409, "idempotency_key_reused")


def test_keys_of_two_people_do_not_meet(client: APIClient, client_of: MakeClient) -> None:
    other = client_of(User.objects.create_user("bob"))
    answers = [each.post(COMMANDS, {"text": "x"}, headers={"Idempotency-Key": "k"}) for each in (client, other)]
    assert [answer.status_code for answer in answers] == [202, 202]


@pytest.mark.parametrize("key", ["", "k" * 201, "a b", "ä"])
def test_a_key_of_a_wrong_form_is_refused(client: APIClient, key: str) -> None:
    response = client.post(COMMANDS, {"text": "buy milk"}, headers={"Idempotency-Key": key})
    assert (response.status_code, *response.data["error"]["fields"]) == (400, "Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "audio"),
        ({"text": "x", "mode": "transcribe"}, "mode"),
        ({"text": "x", "mode": "sing"}, "mode"),
        ({"text": "x", "timezone": "Mars/Base"}, "timezone"),
        ({"text": "x", "language": "english"}, "language"),
        ({"text": "x", "said_at": "yesterday"}, "said_at"),
        ({"text": "x", "said_at": "0001-01-01T00:00:00+14:00"}, "said_at"),
        ({"text": "x", "said_at": "9999-12-31T23:59:59-14:00"}, "said_at"),
        ({"text": ["x"]}, "text"),
        ([], "non_field_errors"),
    ],
)
def test_a_wrong_field_is_named(client: APIClient, body: Any, field: str) -> None:
    response = client.post(COMMANDS, body)
    error = response.data["error"]
    assert (response.status_code, error["code"]) == (400, "invalid_input")
    assert field in error["fields"]
    assert error["message"]
    assert error["ref"]


def test_half_a_character_is_refused(client: APIClient) -> None:
    response = client.post(COMMANDS, rb'{"text": "a\ud800b"}', content_type="application/json")
    assert (response.status_code, *response.data["error"]["fields"]) == (400, "text")


def test_said_at_may_not_be_in_the_future(client: APIClient) -> None:
    ahead = (timezone.now() + dt.timedelta(minutes=5)).isoformat()
    assert client.post(COMMANDS, {"text": "x", "said_at": ahead}).status_code == 400


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "audio_empty"),
        (b"this is no sound", "audio_format_unsupported"),
        (b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", "audio_is_playlist"),
        (b"OggS" + b"\x00" * 300, "audio_damaged"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_own_code(client: APIClient, data: bytes, code: str) -> None:
    response = send_audio(client, SimpleUploadedFile("note.ogg", data, "audio/ogg"))
    assert (response.status_code, response.data["error"]["code"]) == (400, code)
    assert not VoiceCommand.objects.exists()


def test_what_the_sender_says_of_the_kind_of_sound_breaks_nothing(client: APIClient) -> None:
    file = SimpleUploadedFile("note.ogg", (SAMPLES / "call-mom.ogg").read_bytes(), "audio/\x00ogg")
    assert send_audio(client, file).status_code == 202


@pytest.mark.parametrize("address", [COMMANDS, "/api/v1/tasks/"])
def test_a_cursor_written_by_hand_is_refused(client: APIClient, address: str) -> None:
    for position in (b"p=yesterday", b"p=\x00"):
        response = client.get(address, {"cursor": base64.b64encode(position).decode()})
        assert (response.status_code, response.data["error"]["code"]) == (400, "invalid_input")


def test_a_large_recording_is_refused(client: APIClient, settings: Any) -> None:
    settings.VOICE_MAX_AUDIO_BYTES = 1000
    response = send_audio(client, note())
    assert (response.status_code, response.data["error"]["code"]) == (413, "audio_too_large")


def test_too_often_is_429_and_says_when(client: APIClient, settings: Any) -> None:
    settings.VOICE_SUBMITS_PER_MINUTE = 2
    answers = [client.post(COMMANDS, {"text": f"task {number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert int(answers[2]["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("post", {"Authorization": "Token wrong"}, 401),
        ("post", {"Authorization": "Token \x80"}, 401),
        ("post", {}, 401),
        ("put", None, 405),
    ],
)
def test_who_and_how(client: APIClient, method: str, headers: dict[str, str] | None, status: int) -> None:
    caller = APIClient() if headers is not None else client
    response = getattr(caller, method)(COMMANDS, {"text": "x"}, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] in {"not_signed_in", "method_not_allowed"}


def test_other_bodies_are_415(client: APIClient) -> None:
    response = client.post(COMMANDS, "text=x", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.data["error"]["code"]) == (415, "media_type_unsupported")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_broken_json_is_400(client: APIClient, body: bytes) -> None:
    response = client.post(COMMANDS, body, content_type="application/json")
    assert (response.status_code, response.data["error"]["code"]) == (400, "invalid_input")


def test_people_see_their_own_commands_alone(client: APIClient, client_of: MakeClient) -> None:
    mine = client.post(COMMANDS, {"text": "buy milk"}).data
    other = client_of(User.objects.create_user("bob"))

    assert other.get(COMMANDS).data["results"] == []
    for response in (
        other.get(mine["url"]),
        other.post(f"{mine['url']}answer/", {"confirm": True}),
        other.post(f"{mine['url']}undo/"),
        other.get(f"{COMMANDS}{uuid.uuid4()}/"),
    ):
        assert (response.status_code, response.data["error"]["code"]) == (404, "command_not_found")


def test_an_address_that_is_not_there_answers_in_json(client: APIClient) -> None:
    response = client.get(f"{COMMANDS}not-an-id/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_the_list_comes_in_pages_newest_first(client: APIClient) -> None:
    ids = [client.post(COMMANDS, {"text": f"task {number}"}).data["id"] for number in range(3)]

    first = client.get(COMMANDS, {"page_size": 2}).data
    second = client.get(first["next"]).data

    assert [row["id"] for row in first["results"] + second["results"]] == ids[::-1]
    assert second["next"] is None


def test_a_failure_of_the_input_answers_as_an_error(client: APIClient, speaker: User) -> None:
    client.post(COMMANDS, {"text": "buy milk"}, headers={"Idempotency-Key": "k"})
    VoiceCommand.objects.update(
        state=VoiceCommand.State.FAILED, success=False, error_code="no_speech", error_message="Nothing.", error_ref="r"
    )

    response = client.post(f"{COMMANDS}?wait=1", {"text": "buy milk"}, headers={"Idempotency-Key": "k"})

    assert response.status_code == 400
    assert response.data["error"] == {"code": "no_speech", "message": "Nothing.", "ref": "r", "fields": {}}
    assert response.data["state"] == "failed"


def test_undo(client: APIClient) -> None:
    created = client.post(COMMANDS, {"text": "buy milk and call mum"}).data
    finish(VoiceCommand.objects.get())
    assert Task.objects.filter(deleted_at=None).count() == 2

    response = client.post(f"{created['url']}undo/")
    assert (response.status_code, response.data["success"]) == (200, True)
    assert "Undone" in response.data["response"]
    assert not Task.objects.filter(deleted_at=None).exists()

    again = client.post(f"{created['url']}undo/")
    assert (again.status_code, again.data["error"]["code"]) == (409, "changes_already_undone")


def test_a_question_is_answered_with_one_of_its_options(client: APIClient) -> None:
    for text in ("call Tom about the car", "call Tom about the house"):
        client.post(COMMANDS, {"text": text})
        finish(VoiceCommand.objects.order_by("-received_at")[0])
    asked = client.post(COMMANDS, {"text": "mark call Tom as done"}).data
    finish(VoiceCommand.objects.get(pk=asked["id"]))
    question = client.get(asked["url"]).data["question"]
    assert question["kind"] == "choice"

    wrong = client.post(f"{asked['url']}answer/", {"choose": [str(uuid.uuid4())]})
    assert (wrong.status_code, wrong.data["error"]["code"]) == (409, "question_closed")
    right = client.post(f"{asked['url']}answer/", {"choose": [question["options"][0]["id"]]})
    assert right.status_code == 202
    finish(VoiceCommand.objects.get(pk=asked["id"]))

    assert Task.objects.filter(completed_at__isnull=False).count() == 1
    late = client.post(f"{asked['url']}answer/", {"cancel": True})
    assert (late.status_code, late.data["error"]["code"]) == (409, "question_closed")


@pytest.mark.parametrize("body", [{}, {"confirm": False}, {"confirm": True, "cancel": True}, {"choose": []}])
def test_an_answer_says_one_thing(client: APIClient, body: dict[str, Any]) -> None:
    asked = client.post(COMMANDS, {"text": "buy milk"}).data
    assert client.post(f"{asked['url']}answer/", body).status_code == 400


def test_parse_says_what_a_text_would_mean_and_does_nothing(client: APIClient) -> None:
    given = {"text": "call mum tomorrow at 5 pm", "said_at": "2026-11-20T10:00", "timezone": "Europe/Berlin"}
    response = client.post("/api/v1/parse/", given)

    assert response.status_code == 200
    assert response.data["commands"][0]["due"] == "2026-11-21T17:00:00+01:00"
    assert not VoiceCommand.objects.exists()
    assert not Task.objects.exists()


@pytest.mark.usefixtures("unhashed_static_files")
def test_a_session_needs_the_csrf_token(speaker: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(speaker)
    response = client.post(COMMANDS, {"text": "buy milk"})
    assert (response.status_code, response.data["error"]["code"]) == (403, "not_allowed")
    client.get("/")
    token = client.cookies["csrftoken"].value
    response = client.post(COMMANDS, {"text": "buy milk"}, headers={"X-CSRFToken": token})
    assert response.status_code == 202
    assert VoiceCommand.objects.get().source == Source.WEB
