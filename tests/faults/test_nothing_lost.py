"""Kills real processes while notes come in: every note is done exactly once."""

from __future__ import annotations

import itertools
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.system import ROOT, System, start_system
from voicebot.embedded.home import prepare_home
from voicebot.embedded.postgres import Postgres
from voicebot.embedded.servers import RunningServers, ServerSet
from voicebot.embedded.valkey import Valkey

pytestmark = pytest.mark.fault

NOTES = (200, 12, 12)
"""While the worker dies again and again, while the queue server does, and while everything does."""
WORKER_KILLS = 6
SPOKEN_EVERY = 10
"""One note in so many is a recording; the others are typed, which is as good for what is tested here and faster."""
PEOPLE = 4
KILL_EVERY_SECONDS = 3.0
SENDERS = 4
DONE_SECONDS = 240.0

SPOKEN_TITLE = "Call mom"
NOTE = (ROOT / "samples" / "call-mom.ogg").read_bytes()


def send(system: System, token: str, number: int) -> None:
    """One note, as a careful client sends it: the same key again until the answer is there."""
    key = {"Idempotency-Key": f"note-{number}"}
    deadline = time.monotonic() + DONE_SECONDS
    while time.monotonic() < deadline:
        try:
            if number % SPOKEN_EVERY == 0:
                status, _ = system.post_audio("/api/v1/voice/commands/", NOTE, token, **key)
            else:
                status, _ = system.post_json("/api/v1/voice/commands/", {"text": f"Buy {number} eggs"}, token, **key)
        except (OSError, ValueError):
            status = 0
        if status == 202:
            return
        time.sleep(0.3)
    raise AssertionError(f"note {number} was never taken")


@contextmanager
def sending(system: System, tokens: list[str], numbers: range) -> Iterator[None]:
    """Several senders at once; in the end all notes up to there are done."""
    shares = [numbers[start::SENDERS] for start in range(SENDERS)]
    senders = [
        threading.Thread(target=lambda share=share: [send(system, tokens[n % PEOPLE], n) for n in share], daemon=True)
        for share in shares
    ]
    for sender in senders:
        sender.start()
    yield
    for sender in senders:
        sender.join(DONE_SECONDS)
    wait_until_done(system, numbers.stop)


def query(system: System, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the system's own database."""
    with psycopg.connect(system.environment["DATABASE_URL"]) as connection:
        return connection.execute(sql).fetchall()


def states(system: System) -> dict[str, int]:
    """How many commands stand where."""
    return dict(query(system, "SELECT state, count(*) FROM voice_app_voicecommand GROUP BY state"))


def assert_each_done_once(system: System, count: int) -> None:
    assert states(system) == {"done": count}
    assert query(system, "SELECT count(*) FROM tasks_app_changeset") == [(count,)]
    titles = Counter(title for (title,) in query(system, "SELECT title FROM tasks_app_task"))
    spoken = len(range(0, count, SPOKEN_EVERY))
    assert titles == {SPOKEN_TITLE: spoken} | {f"Buy {n} eggs": 1 for n in range(count) if n % SPOKEN_EVERY}


def wait_until_done(system: System, count: int) -> None:
    deadline = time.monotonic() + DONE_SECONDS
    while states(system) != {"done": count}:
        assert time.monotonic() < deadline, (states(system), system.log_of("voice")[-3000:])
        time.sleep(0.5)


@pytest.fixture
def own_servers() -> Iterator[tuple[RunningServers, ServerSet]]:
    """Durable servers that only this test uses and kills, in a folder that PostgreSQL's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="voicebot-faults-"))
    folder.chmod(0o711)
    home = prepare_home(folder / "postgres", shared_parent=folder / "server")
    planned = ServerSet(
        Postgres(home, folder / "postgres.log", "test"), Valkey(folder / "valkey", folder / "valkey.log")
    )
    running = RunningServers(planned)
    running.start()
    yield running, planned
    running.stop()
    shutil.rmtree(folder)


def test_every_note_is_done_once_whatever_is_killed(
    tmp_path: Path, own_servers: tuple[RunningServers, ServerSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, planned = own_servers
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    with start_system(tmp_path, "killed", has_pages=False) as system:
        tokens = [token for _, token in system.new_users(PEOPLE, language="en", timezone="UTC")]
        numbers = iter(itertools.pairwise(itertools.accumulate(NOTES, initial=0)))

        with sending(system, tokens, range(*next(numbers))):
            for _ in range(WORKER_KILLS):
                time.sleep(KILL_EVERY_SECONDS)
                system.kill("voice")
                system.start("voice")

        with sending(system, tokens, range(*next(numbers))):
            kill_and_start(running, planned, "valkey")

        with sending(system, tokens, range(*next(numbers))):
            programs = list(system.programs)
            for name in programs:
                system.kill(name)
            kill_and_start(running, planned, "valkey", "postgres")
            for name in programs:
                system.start(name)
        assert_each_done_once(system, sum(NOTES))


def kill_and_start(running: RunningServers, planned: ServerSet, *names: str) -> None:
    """``kill -9`` servers, then start them again."""
    for name in names:
        running.processes[name].send_signal(signal.SIGKILL)
        running.processes[name].wait()
    for name in names:
        running.processes[name] = planned.servers[name].start()
