"""The administrators' pages: what they show to whom, and how many questions they ask the database."""

from __future__ import annotations

import uuid

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from tests.voice_app.admin.conftest import HOSTILE, StaffWith
from voice_app.models import Review, VoiceCommand, VoiceSession

pytestmark = pytest.mark.django_db

COMMANDS = "/admin/voice_app/voicecommand/"
SESSIONS = "/admin/voice_app/voicesession/"


def page(client: Client, address: str, **parameters: str) -> str:
    response = client.get(address, parameters)
    assert response.status_code == 200
    return response.content.decode()


def more_like(command: VoiceCommand, count: int) -> None:
    VoiceCommand.objects.bulk_create(
        VoiceCommand(
            session=command.session,
            user=command.user,
            source=command.source,
            external_id=uuid.uuid4().hex,
            command_text=f"note {number}",
            timezone="UTC",
            said_at=timezone.now(),
        )
        for number in range(count)
    )


def test_the_list_shows_what_was_said_escaped(root: Client, spoken: VoiceCommand) -> None:
    html = page(root, COMMANDS)

    assert escape(HOSTILE)[:60] in html
    assert "<script>alert(" not in html


def test_a_longer_list_asks_no_more_questions(
    root: Client, spoken: VoiceCommand, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    more_like(spoken, 5)
    with django_assert_max_num_queries(12) as few:
        page(root, COMMANDS)
    more_like(spoken, 30)
    with django_assert_max_num_queries(len(few)):
        page(root, COMMANDS)
    assert not any("ciphertext" in query["sql"] or "entities" in query["sql"] for query in few.captured_queries)


@pytest.mark.parametrize(
    ("parameter", "value", "count"),
    [
        ("state__exact", "failed", 1),
        ("state__exact", "done", 0),
        ("intent", "create_task", 1),
        ("intent", "undo", 0),
        ("source__exact", "telegram", 1),
        ("success__exact", "0", 1),
        ("error_code", "no_speech", 1),
        ("verdict", "none", 1),
        ("verdict", "misheard", 0),
        ("q", "a1b2c3d4", 1),
        ("q", "anna", 1),
        ("q", "alert", 1),
        ("q", "nobody said this", 0),
    ],
)
def test_lists_can_be_narrowed(root: Client, spoken: VoiceCommand, parameter: str, value: str, count: int) -> None:
    assert page(root, COMMANDS, **{parameter: value}).count('class="action-select"') == count


def test_a_command_is_found_by_its_id(root: Client, spoken: VoiceCommand) -> None:
    assert str(spoken.pk) in page(root, COMMANDS, q=str(spoken.pk))


def test_one_command_with_all_that_is_known(root: Client, spoken: VoiceCommand) -> None:
    html = page(root, f"{COMMANDS}{spoken.pk}/change/")

    assert f'src="{COMMANDS}{spoken.pk}/recording/"' in html
    assert "<script>alert(" not in html
    assert html.count(escape(HOSTILE)) == 4
    for part in ("no_speech", "a1b2c3d4", "I heard nothing.", "whisper-tiny.en", "transcribe", "540 ms"):
        assert part in html
    assert 'x="74.1"' in html
    assert " style=" not in html.split('id="content-main"')[1]


def test_the_drawing_does_not_depend_on_the_language(root: Client, spoken: VoiceCommand) -> None:
    response = root.get(f"{COMMANDS}{spoken.pk}/change/", headers={"Accept-Language": "de"})

    assert 'x="74.1"' in response.content.decode()


@pytest.mark.parametrize(
    "address", [COMMANDS, f"{COMMANDS}{{id}}/change/", f"{COMMANDS}{{id}}/history/", f"{SESSIONS}{{session}}/change/"]
)
def test_staff_without_the_right_read_nothing(staff_with: StaffWith, spoken: VoiceCommand, address: str) -> None:
    Review.objects.create(command=spoken, verdict="misheard", corrected_transcript="alert really said")
    client = staff_with("view_voicecommand", "view_voicesession")

    html = page(client, address.format(id=spoken.pk, session=spoken.session_id))

    assert "alert" not in html.split('id="content-start"')[1]
    assert "<audio" not in html


def test_staff_without_the_right_cannot_search_what_was_said(staff_with: StaffWith, spoken: VoiceCommand) -> None:
    client = staff_with("view_voicecommand")

    assert str(spoken.pk) not in page(client, COMMANDS, q="alert")
    assert str(spoken.pk) in page(client, COMMANDS, q="a1b2c3d4")


def test_a_session_with_its_commands(root: Client, spoken: VoiceCommand) -> None:
    html = page(root, f"{SESSIONS}{spoken.session_id}/change/")

    assert f"{COMMANDS}{spoken.pk}/change/" in html
    assert escape(HOSTILE) in html
    assert "telegram" in page(root, SESSIONS, status__exact=VoiceSession.Status.ACTIVE)


def test_nothing_is_made_changed_or_deleted_by_hand(root: Client, spoken: VoiceCommand) -> None:
    assert root.get(f"{COMMANDS}add/").status_code == 403
    assert root.get(f"{COMMANDS}{spoken.pk}/delete/").status_code == 403
    assert root.post(f"{COMMANDS}{spoken.pk}/change/", {"state": "done"}).status_code == 403


def test_every_list_opens(root: Client, spoken: VoiceCommand) -> None:
    for model in admin.site._registry:
        page(root, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), q="x")
