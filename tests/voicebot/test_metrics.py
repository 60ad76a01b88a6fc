"""``/metrics``: closed without the token, and readable by Prometheus with it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tasks_app.models import User
from voice_app.models import StageRecord, VoiceCommand, VoiceSession
from voicebot.metrics import Sample, _labels
from voicebot.queues import queue_depths

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+$')


@pytest.fixture
def token(settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = "scrape-me"
    return {"Authorization": "Bearer scrape-me"}


def test_it_is_off_without_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é"}])
@pytest.mark.usefixtures("token")
def test_it_is_closed_to_others(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 401


@pytest.mark.django_db
def test_it_tells_the_numbers(client: Client, token: dict[str, str]) -> None:
    anna = User.objects.create_user("anna")
    session = VoiceSession.objects.create(user=anna, source="web")
    for number, state in enumerate(("received", "done", "done", "failed")):
        command = VoiceCommand.objects.create(
            session=session,
            user=anna,
            source="web",
            external_id=str(number),
            timezone="UTC",
            said_at=timezone.now(),
            state=state,
        )
        StageRecord.objects.create(
            command=command, attempt=1, stage="decode", started_at=timezone.now(), seconds=number, outcome="ok"
        )
    VoiceCommand.objects.filter(state="received").update(received_at=timezone.now() - dt.timedelta(seconds=90))

    lines = client.get("/metrics", headers=token).content.decode().splitlines()

    assert not [line for line in lines if not line.startswith("# ") and not LINE.match(line)]
    assert 'voicebot_commands_unfinished{state="received"} 1' in lines
    assert 'voicebot_commands_ended_last_hour{state="done"} 2' in lines
    assert 'voicebot_stage_seconds_last_hour{stage="decode",quantile="0.5"} 1.5' in lines
    assert f'voicebot_queue_jobs{{queue="voice"}} {queue_depths()["voice"]}' in lines
    age = next(line for line in lines if line.startswith("voicebot_oldest_unfinished_seconds"))
    assert float(age.split()[1]) >= 90


def test_labels_are_escaped() -> None:
    sample = Sample(1, {"name": 'a"b\\c\nd'})
    assert _labels(sample.labels) == '{name="a\\"b\\\\c\\nd"}'
