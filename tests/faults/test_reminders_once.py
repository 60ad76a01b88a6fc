"""Kills beats and workers while reminders come due: each is told exactly once, or twice and marked so."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from tasks_app.models import Notice, NotificationPreference, OutboundEmail, Reminder, Task, User
from tests.fakes.smtp_server import SmtpServer
from tests.system import ROOT
from voicebot.processes import wait_until

pytestmark = pytest.mark.fault

REMINDERS = 1000
PEOPLE = 10
DUE_WITHIN_SECONDS = 6.0
KILLS = 8
ROLES = ("worker-1", "worker-2", "beat-1", "beat-2")
DONE_SECONDS = 240.0


@pytest.fixture
def environment(transactional_db: None, server: SmtpServer) -> dict[str, str]:
    """The test's own database, seen from other processes."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    prefix = f"{os.environ['REDIS_KEY_PREFIX']}reminders"
    return {**os.environ, "DATABASE_URL": url, "REDIS_KEY_PREFIX": prefix, "EMAIL_URL": server.url}


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


class Processes:
    """Two workers and two beats."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        self._log = log
        self._running: dict[str, int] = {}
        with log.open("ab") as errors:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.reminder_process"],
                cwd=ROOT,
                env=environment,
                text=True,
                bufsize=1,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def start(self, name: str) -> None:
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(f"{name.partition('-')[0]} {name}\n")
        answer = self._nursery.stdout.readline()
        assert answer, self.log()
        self._running[name] = int(answer)

    def kill(self, name: str) -> None:
        os.kill(self._running.pop(name), signal.SIGKILL)

    def end(self) -> None:
        for name in list(self._running):
            self.kill(name)
        self._nursery.communicate("")

    def log(self) -> str:
        return self._log.read_text(errors="replace")[-5000:]


@pytest.fixture
def processes(tmp_path: Path, environment: dict[str, str]) -> Iterator[Processes]:
    processes = Processes(tmp_path / "log", environment)
    for name in ROLES:
        processes.start(name)
    yield processes
    processes.end()


def test_each_is_told_once_whoever_dies(processes: Processes, server: SmtpServer) -> None:
    is_taken = threading.Event()
    server.after_taking = is_taken.set
    dice = random.Random(7)
    _make_reminders(timezone.now())
    assert is_taken.wait(60), processes.log()
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.2, 1.2))  # when a process dies is what is random here
        name = dice.choice(ROLES)
        processes.kill(name)
        processes.start(name)
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
