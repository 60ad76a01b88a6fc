"""Kills beats and workers while reminders come due: each is told exactly once, or twice and marked so."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tasks_app.models import Notice, NotificationPreference, OutboundEmail, Reminder, Task, User
from tests.fakes.smtp_server import SmtpServer
from tests.faults.nursery import Nursery
from voicebot.processes import wait_until

pytestmark = pytest.mark.fault

REMINDERS = 1000
PEOPLE = 10
DUE_WITHIN_SECONDS = 6.0
KILLS = 8
ROLES = ("worker-1", "worker-2", "beat-1", "beat-2")
DONE_SECONDS = 240.0


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


def _make_reminders(first: dt.datetime) -> None:
    """They come due one after the other."""
    names = [f"r{number}" for number in range(PEOPLE)]
    people = User.objects.bulk_create([User(username=name, email=f"{name}@home.example") for name in names])
    NotificationPreference.objects.bulk_create([NotificationPreference(user=user, email=True) for user in people])
    tasks = Task.objects.bulk_create(
        [Task(owner=people[number % PEOPLE], title=f"task {number}") for number in range(REMINDERS)]
    )
    step = dt.timedelta(seconds=DUE_WITHIN_SECONDS / REMINDERS)
    Reminder.objects.bulk_create(
        [Reminder(task=task, remind_at=first + number * step) for number, task in enumerate(tasks)]
    )


@pytest.fixture
def processes(tmp_path: Path, environment: dict[str, str], server: SmtpServer) -> Iterator[Nursery]:
    """Two workers and two beats."""
    variables = {**environment, "EMAIL_URL": server.url}
    nursery = Nursery("tests.faults.reminder_process", ROLES, tmp_path / "log", variables)
    yield nursery
    nursery.end()


def test_each_is_told_once_whoever_dies(processes: Nursery, server: SmtpServer) -> None:
    is_taken = threading.Event()
    server.after_taking = is_taken.set
    dice = random.Random(7)
    _make_reminders(timezone.now())
    assert is_taken.wait(60), processes.log()
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.2, 1.2))  # when a process dies is what is random here
        processes.kill_and_start(dice.choice(ROLES))
    assert wait_until(lambda: _unfinished() == 0, DONE_SECONDS), processes.log()
    _check(server)


def _unfinished() -> int:
    emails = OutboundEmail.objects.filter(state__in=["pending", "sending"])
    return Reminder.objects.exclude(state=Reminder.State.SENT).count() + emails.count()


def _check(server: SmtpServer) -> None:
    arrived = Counter(str(mail["Subject"]) for mail in server.messages)
    emails = list(OutboundEmail.objects.all())
    assert Notice.objects.count() == REMINDERS
    assert sorted(email.subject for email in emails) == sorted(f"Reminder: task {n}" for n in range(REMINDERS))
    for email in emails:
        assert 1 <= arrived[email.subject] <= (2 if email.may_be_repeated else 1), email.subject
        assert email.state == "sent" or (email.state == "uncertain" and email.may_be_repeated), email.subject
