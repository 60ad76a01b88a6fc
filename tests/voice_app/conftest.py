"""A person who speaks, and a way to have what they say done."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tasks_app.context import Actor, Source
from tasks_app.models import User
from voice_app import jobs, services
from voice_app.actors import actor_for
from voice_app.models import VoiceCommand

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SUNDAY_MORNING = dt.datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
MOST_JOBS = 100

Say = Callable[[str], VoiceCommand]


@pytest.fixture
def speaker(db: None) -> User:
    return User.objects.create_user("anna", first_name="Anna", timezone="Europe/Berlin", language="en")


@pytest.fixture
def actor(speaker: User) -> Actor:
    return actor_for(speaker, Source.WEB, said_at=SUNDAY_MORNING)


@pytest.fixture
def say(actor: Actor) -> Say:
    """Types an utterance and works on it until nothing of the person's is left to do."""

    def say(text: str) -> VoiceCommand:
        submission = services.submit_text(actor, text, external_id=f"test:{uuid.uuid4()}")
        return finish(submission.command)

    return say


def finish(command: VoiceCommand) -> VoiceCommand:
    """Runs the jobs of a command's person as a worker would; fails when they come to no end."""
    jobs.process_command(str(command.pk))
    for _ in range(MOST_JOBS):
        working = VoiceCommand.objects.filter(user_id=command.user_id, state__in=VoiceCommand.WORKING_STATES)
        if not (following := working.first()):
            command.refresh_from_db()
            return command
        jobs.process_command(str(following.pk))
    pytest.fail(f"still {following.state} after {MOST_JOBS} jobs")
