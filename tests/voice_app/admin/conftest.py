"""Administrators with different rights, and commands for them to look at."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tasks_app.context import Actor, Source
from tasks_app.models import User
from tests.voice_app.conftest import SAMPLES
from voice_app import services
from voice_app.models import StageRecord, VoiceCommand

HOSTILE = '<script>alert("heard")</script> & "call" \u202emum'

StaffWith = Callable[..., Client]


@pytest.fixture(autouse=True)
def _static_files_without_a_build(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna", timezone="Europe/Berlin", language="en")


@pytest.fixture
def root(db: None) -> Client:
    """A superuser's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def staff_with(db: None) -> StaffWith:
    """The browser of staff with the named rights and no others."""

    def make(*codenames: str) -> Client:
        person = User.objects.create_user(f"staff-{uuid.uuid4().hex[:8]}", is_staff=True)
        rights = Permission.objects.filter(codename__in=codenames)
        assert rights.count() == len(codenames)
        person.user_permissions.set(rights)
        client = Client()
        client.force_login(person)
        return client

    return make


@pytest.fixture
def spoken(anna: User) -> VoiceCommand:
    """A command with a real recording that failed at its second stage."""
    actor = Actor(anna, Source.TELEGRAM, ZoneInfo("Europe/Berlin"), "en", timezone.now())
    data = (SAMPLES / "call-mom.ogg").read_bytes()
    command = services.submit_audio(actor, data, external_id=uuid.uuid4().hex, media_type="text/html").command
    started = timezone.now()
    for stage, offset, outcome in (("decode", 0.0, "ok"), ("transcribe", 0.04, "failed")):
        StageRecord.objects.create(
            command=command,
            attempt=1,
            stage=stage,
            started_at=started + dt.timedelta(seconds=offset),
            seconds=0.5,
            outcome=outcome,
            provider="whisper-tiny.en" if stage == "transcribe" else "",
        )
    command.command_text = HOSTILE
    command.intent = "create_task"
    command.state, command.success = VoiceCommand.State.FAILED, False
    command.error_code, command.error_message, command.error_ref = "no_speech", "I heard nothing.", "a1b2c3d4"
    command.entities = {
        "commands": [{"intent": "create_task", "title": HOSTILE, "due": None, "said": {"title": HOSTILE}}]
    }
    command.results = [{"intent": "create_task", "title": HOSTILE}]
    command.save()
    return command
