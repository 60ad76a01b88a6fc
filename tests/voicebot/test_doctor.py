"""``manage.py doctor``: what it says of parts that are well, that are down, and that are half well."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from tasks_app.models import User
from voice_app import parts as voice_parts
from voice_app.models import VoiceCommand, VoiceSession
from voicebot import diagnostics, parts
from voicebot.diagnostics import Level, failed, part, passed, run_checks

NOTHING_LISTENS = "127.0.0.1:1"


@pytest.fixture
def own_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of parts that the test fills itself."""
    list(zip(range(1), run_checks(), strict=False))
    monkeypatch.setattr(diagnostics, "_CHECKS", {})


def doctor(*arguments: str) -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.usefixtures("own_parts")
def test_all_well_is_told_and_ends_well() -> None:
    part("stove")(lambda: passed("warm"))

    out, error = doctor()

    assert error == ""
    assert "ok    stove          warm" in out
    assert out.rstrip().endswith("A spoken note can become a task.")


@pytest.mark.usefixtures("own_parts")
def test_a_part_that_fails_ends_badly_with_advice_and_what_needs_it_is_not_looked_at() -> None:
    part("stove")(lambda: failed("cold", "Light it."))
    part("soup", needs=("stove",))(lambda: pytest.fail("looked at"))

    out, error = doctor("--json")

    told = json.loads(out)
    assert (told["ok"], error) == (False, "A spoken note cannot become a task yet: stove.")
    assert told["checks"] == [
        {"name": "stove", "level": "fail", "ok": False, "summary": "cold", "advice": "Light it."},
        {
            "name": "soup",
            "level": "warn",
            "ok": True,
            "summary": "not looked at, since stove is not well",
            "advice": "",
        },
    ]


@pytest.mark.usefixtures("own_parts")
def test_a_check_that_breaks_hides_none_of_the_others() -> None:
    part("broken")(lambda: passed(str(1 / 0)))
    part("stove")(lambda: passed("warm"))

    results = dict(run_checks())

    assert results["broken"].level == Level.FAIL
    assert "ZeroDivisionError" in results["broken"].summary
    assert results["stove"].ok


@pytest.mark.django_db
def test_the_servers_of_this_run_are_well() -> None:
    for check in (
        parts.check_database,
        parts.check_migrations,
        parts.check_redis,
        parts.check_queue,
        parts.check_clock,
    ):
        found = check()
        assert (found.level, found.advice) == (Level.OK, ""), found
    assert parts.check_python().ok
    assert parts.check_keys().ok
    assert parts.check_disk().summary


def test_a_queue_without_a_worker_is_a_failure() -> None:
    found = parts.check_workers()

    assert (found.level, found.summary) == (Level.FAIL, "no worker answers: notes are kept and wait")


@pytest.fixture
def servers_down(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://{NOTHING_LISTENS}/0"


@pytest.mark.usefixtures("servers_down")
def test_servers_that_are_down_are_said_to_be() -> None:
    assert "the system is down" in parts.check_database().summary
    assert "the system is down" in parts.check_redis().summary
    assert "make run" in parts.check_database().advice


def test_wrong_keys_are_named(settings: Settings) -> None:
    settings.SECRET_KEY, settings.ENCRYPTION_KEY = "short", "AAAA"

    found = parts.check_keys()

    assert not found.ok
    assert "SECRET_KEY" in found.summary
    assert "ENCRYPTION_KEY" in found.summary


def test_a_data_folder_that_is_not_made_yet_is_measured_where_it_will_be(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "there"

    assert "GB free" in parts.check_disk().summary


@pytest.mark.django_db
def test_commands_that_should_have_ended_are_counted() -> None:
    anna = User.objects.create_user("anna")
    session = VoiceSession.objects.create(user=anna, source="web")
    command = VoiceCommand.objects.create(
        session=session, user=anna, source="web", external_id="1", timezone="UTC", said_at=timezone.now()
    )
    assert voice_parts.check_unfinished().level == Level.OK

    VoiceCommand.objects.filter(pk=command.pk).update(run_after=timezone.now() - dt.timedelta(minutes=2))

    found = voice_parts.check_unfinished()
    assert (found.level, found.summary) == (Level.WARN, "1 at work, 1 of them for over a minute")


@pytest.mark.speech
def test_a_sample_is_heard_and_understood() -> None:
    found = voice_parts.check_sample()

    assert found.level == Level.OK, found
    assert "call-mom.ogg" in found.summary
    assert "understood create_task" in found.summary


def test_every_application_adds_its_parts() -> None:
    next(run_checks())

    assert {"python", "database", "workers", "ffmpeg", "speech", "understanding", "sample", "telegram"} <= set(
        diagnostics._CHECKS
    )
