"""Trying again and judging, for one command and for several."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.voice_app.admin.conftest import HOSTILE, StaffWith
from voice_app.models import Review, VoiceCommand

pytestmark = pytest.mark.django_db

COMMANDS = "/admin/voice_app/voicecommand/"


def do(client: Client, action: str, *commands: VoiceCommand, **data: str) -> str:
    chosen = {"action": action, "_selected_action": [str(command.pk) for command in commands]}
    response = client.post(COMMANDS, {**chosen, **data}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_failed_command_runs_again(root: Client, spoken: VoiceCommand) -> None:
    html = do(root, "retry_chosen", spoken)

    spoken.refresh_from_db()
    assert "1 command runs again." in html
    assert (spoken.is_ended, spoken.error_code, spoken.attempts) == (False, "", 0)
    entry = LogEntry.objects.get()
    assert (entry.change_message, entry.object_repr) == ("Retried.", str(spoken.pk))


def test_what_did_not_fail_is_left_and_told(root: Client, spoken: VoiceCommand) -> None:
    VoiceCommand.objects.update(state=VoiceCommand.State.DONE)

    html = do(root, "retry_chosen", spoken)

    assert "1: Only a command that failed" in html
    assert not LogEntry.objects.exists()


def test_staff_need_a_right_to_try_again(staff_with: StaffWith, spoken: VoiceCommand) -> None:
    do(staff_with("view_voicecommand"), "retry_chosen", spoken)
    spoken.refresh_from_db()
    assert spoken.state == VoiceCommand.State.FAILED

    do(staff_with("view_voicecommand", "change_voicecommand"), "retry_chosen", spoken)
    spoken.refresh_from_db()
    assert spoken.state != VoiceCommand.State.FAILED


def test_a_review_asks_first_and_starts_from_what_was_heard(root: Client, spoken: VoiceCommand) -> None:
    html = do(root, "review_chosen", spoken)

    assert "Was it heard and understood?" in html
    assert f'name="{spoken.pk}-verdict"' in html
    assert "<script>alert(" not in html
    assert not Review.objects.exists()


def test_a_review_keeps_verdict_words_and_note(root: Client, spoken: VoiceCommand) -> None:
    judged = {
        f"{spoken.pk}-verdict": "misheard",
        f"{spoken.pk}-corrected_transcript": "Call mum",
        f"{spoken.pk}-note": "",
    }

    html = do(root, "review_chosen", spoken, apply="1", **judged)

    review = Review.objects.get()
    assert (review.command, review.verdict, review.corrected_transcript) == (spoken, "misheard", "Call mum")
    assert review.reviewer is not None
    assert review.reviewer.username == "root"
    assert "1 command reviewed." in html
    assert HOSTILE not in LogEntry.objects.get().change_message


def test_a_later_review_takes_the_place_of_the_first(root: Client, spoken: VoiceCommand) -> None:
    for verdict in ("misheard", "correct"):
        do(root, "review_chosen", spoken, apply="1", **{f"{spoken.pk}-verdict": verdict})

    assert Review.objects.get().verdict == "correct"


def test_a_review_without_a_verdict_is_asked_again(root: Client, spoken: VoiceCommand) -> None:
    html = do(root, "review_chosen", spoken, apply="1", **{f"{spoken.pk}-note": "hm"})

    assert "This field is required." in html
    assert not Review.objects.exists()


def test_only_who_may_read_may_judge(staff_with: StaffWith, spoken: VoiceCommand) -> None:
    judged = {f"{spoken.pk}-verdict": "correct"}
    do(staff_with("view_voicecommand", "add_review"), "review_chosen", spoken, apply="1", **judged)
    assert not Review.objects.exists()

    do(staff_with("view_voicecommand", "add_review", "view_recording"), "review_chosen", spoken, apply="1", **judged)
    assert Review.objects.exists()
