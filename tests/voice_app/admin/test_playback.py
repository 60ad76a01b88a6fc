"""Listening to a recording: who may, in which parts, and what is noted."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.voice_app.admin.conftest import StaffWith
from tests.voice_app.conftest import SAMPLES
from voice_app.models import DataKey, Playback, VoiceCommand

pytestmark = pytest.mark.django_db


def address(command: VoiceCommand) -> str:
    return reverse("admin:voice_app_voicecommand_recording", args=[command.pk])


@pytest.fixture
def sound() -> bytes:
    return (SAMPLES / "call-mom.ogg").read_bytes()


def test_the_whole_recording_is_played_as_it_was_sent(root: Client, spoken: VoiceCommand, sound: bytes) -> None:
    response = root.get(address(spoken))

    assert (response.status_code, response.content) == (200, sound)
    assert response["Content-Type"] == "audio/ogg"
    assert response["Content-Disposition"] == f'inline; filename="{spoken.pk}.ogg"'
    assert response["Accept-Ranges"] == "bytes"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_part_is_played_for_a_player_that_seeks(root: Client, spoken: VoiceCommand, sound: bytes) -> None:
    response = root.get(address(spoken), headers={"Range": "bytes=100-199"})

    assert (response.status_code, response.content) == (206, sound[100:200])
    assert response["Content-Range"] == f"bytes 100-199/{len(sound)}"


def test_a_part_behind_the_end_is_refused(root: Client, spoken: VoiceCommand, sound: bytes) -> None:
    response = root.get(address(spoken), headers={"Range": f"bytes={len(sound)}-"})

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(sound)}")
    assert not Playback.objects.exists()


def test_one_listening_is_one_line_in_the_audit(root: Client, spoken: VoiceCommand) -> None:
    for part in ("bytes=0-99", "bytes=100-", "bytes=50-60"):
        root.get(address(spoken), headers={"Range": part})

    assert [(line.listener.username, line.command_id) for line in Playback.objects.all()] == [("root", spoken.pk)]


def test_two_listeners_are_two_lines(root: Client, staff_with: StaffWith, spoken: VoiceCommand) -> None:
    root.get(address(spoken))
    staff_with("view_recording").get(address(spoken))

    assert Playback.objects.count() == 2


def test_asking_only_for_the_headers_is_no_listening(root: Client, spoken: VoiceCommand, sound: bytes) -> None:
    response = root.head(address(spoken))

    assert (response.status_code, response.content, response["Content-Length"]) == (200, b"", str(len(sound)))
    assert not Playback.objects.exists()


def test_staff_without_the_right_hear_nothing(staff_with: StaffWith, spoken: VoiceCommand) -> None:
    client = staff_with("view_voicecommand", "change_voicecommand")

    assert client.get(address(spoken)).status_code == 403
    assert not Playback.objects.exists()


def test_the_person_themselves_and_strangers_are_sent_to_the_sign_in(client: Client, spoken: VoiceCommand) -> None:
    assert client.get(address(spoken)).status_code == 302
    client.force_login(spoken.user)
    assert client.get(address(spoken)).status_code == 302


def test_a_recording_whose_key_is_destroyed_is_gone(root: Client, spoken: VoiceCommand) -> None:
    DataKey.objects.all().delete()

    response = root.get(address(spoken))

    assert (response.status_code, response["Content-Type"]) == (410, "text/plain; charset=utf-8")


def test_a_command_without_a_recording_has_none(root: Client) -> None:
    assert root.get(reverse("admin:voice_app_voicecommand_recording", args=[uuid.uuid4()])).status_code == 404


def test_nothing_is_changed_by_an_address(root: Client, spoken: VoiceCommand) -> None:
    assert root.post(address(spoken)).status_code == 405
