"""Kills beats and workers while agendas are due: each arrives exactly once, or twice and marked so."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from bots.models import ChatAccount, OutboundMessage
from bots.outbox import REPEATED_MARK
from tasks_app.models import Briefing, NotificationPreference, Task, User
from tests.fakes.telegram_server import TelegramServer
from tests.faults.nursery import Nursery
from voicebot.processes import wait_until

pytestmark = pytest.mark.fault

PEOPLE = 60
KILLS = 5
ROLES = ("worker-1", "worker-2", "morning-1", "morning-2")
DONE_SECONDS = 120.0
ENDED = {OutboundMessage.State.SENT, OutboundMessage.State.UNCERTAIN}


@pytest.fixture
def processes(tmp_path: Path, telegram_environment: dict[str, str]) -> Iterator[Nursery]:
    """Two workers and two beats."""
    nursery = Nursery("tests.faults.reminder_process", ROLES, tmp_path / "log", telegram_environment)
    yield nursery
    nursery.end()


def _make_agendas() -> None:
    """All are due at once, one for each person."""
    now = timezone.now()
    hour = (now - dt.timedelta(minutes=1)).time()
    people = User.objects.bulk_create([User(username=f"p{number}", timezone="UTC") for number in range(1, PEOPLE + 1)])
    NotificationPreference.objects.bulk_create(
        [NotificationPreference(user=user, morning_agenda_at=hour) for user in people]
    )
    ChatAccount.objects.bulk_create([ChatAccount(user=user, chat_id=n) for n, user in enumerate(people, 1)])
    Task.objects.bulk_create([Task(owner=user, title="Water the plants", due_on=now.date()) for user in people])


def test_each_agenda_arrives_once_whoever_dies(telegram: TelegramServer, processes: Nursery) -> None:
    dice = random.Random(11)
    _make_agendas()
    assert telegram.wait_until(lambda: bool(telegram.calls_of("sendMessage")), 60), processes.log()
    for _ in range(KILLS):
        processes.kill_and_start(dice.choice(ROLES))
        time.sleep(dice.uniform(0.1, 0.4))  # when a process dies is what is random here
    assert wait_until(_is_over, DONE_SECONDS), processes.log()

    arrived = Counter(int(call.params["chat_id"]) for call in telegram.calls_of("sendMessage"))
    assert Briefing.objects.count() == PEOPLE
    messages = list(OutboundMessage.objects.all())
    assert sorted(message.chat_id for message in messages) == list(range(1, PEOPLE + 1))
    for message in messages:
        texts = [shown.text for shown in telegram.chat(message.chat_id)]
        assert 1 <= arrived[message.chat_id] <= (2 if message.may_be_repeated else 1), texts
        assert all(text.startswith(REPEATED_MARK) for text in texts[1:]), texts
        assert message.state == OutboundMessage.State.SENT or message.may_be_repeated, texts


def _is_over() -> bool:
    told = Briefing.objects.filter(state=Briefing.State.TOLD).count()
    return told == PEOPLE and not OutboundMessage.objects.exclude(state__in=ENDED).exists()
