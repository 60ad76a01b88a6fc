from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from voicebot import supervisor as subject
from voicebot.embedded.ownership import StartedProgram
from voicebot.processes import is_running, start_program, wait_until
from voicebot.refusal import StartRefused
from voicebot.supervisor import Child, Program, Supervisor

SLEEP = "import time; time.sleep(600)"


class Screen:
    """Keeps what a person would see and what the note would name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.running: list[StartedProgram] = []

    def change(self, running: list[StartedProgram]) -> None:
        self.running = list(running)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def watcher(screen: Screen) -> Iterator[Supervisor]:
    made = Supervisor(say=screen.lines.append, on_change=screen.change)
    yield made
    made.stop_all()


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Program]:
    def make(name: str, code: str = SLEEP, **options: object) -> Program:
        log_path = tmp_path / f"{name}.log"
        command = [sys.executable, "-c", code, name]
        start = partial(start_program, command, log_path=log_path, end_signal=signal.SIGKILL)
        return Program(name, start, name, log_path, **options)  # type: ignore[arg-type]  # options of its own class

    return make


def test_one_that_is_killed_comes_back(watcher: Supervisor, screen: Screen, program: Callable[..., Program]) -> None:
    child = watcher.add(program("web"))
    first = running_id(child)
    os.kill(first, signal.SIGKILL)

    watcher.watch(until=within(30, lambda: child.is_running and running_id(child) != first))

    assert "web ended (SIGKILL); it starts again in 0.5 s." in screen.text
    assert [run.process_id for run in screen.running] == [running_id(child)]


def test_each_failure_in_a_row_doubles_the_wait(program: Callable[..., Program]) -> None:
    child = Child(program("web"))

    delays = [child.plan_restart(now=1.0) for _ in range(9)]

    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_stable_time_forgets_failures(program: Callable[..., Program]) -> None:
    child = Child(program("web"))
    for _ in range(4):
        child.plan_restart(now=1.0)

    assert child.plan_restart(now=subject.STABLE_SECONDS + 1) == 0.5


def test_what_cannot_start_is_tried_again(watcher: Supervisor, screen: Screen, program: Callable[..., Program]) -> None:
    good = program("postgres")
    attempts = []

    def start() -> subprocess.Popen[bytes]:
        attempts.append(1)
        if len(attempts) == 2:
            raise StartRefused("PostgreSQL did not start; the log tells why.")
        return good.start()

    child = watcher.add(Program("postgres", start, "postgres", good.log_path))
    os.kill(running_id(child), signal.SIGKILL)
    watcher.watch(until=within(30, lambda: len(attempts) == 3 and child.is_running))

    assert "postgres cannot be started (PostgreSQL did not start; the log tells why.); next try in 1 s." in screen.text


def test_one_that_ends_during_the_start_ends_the_start(watcher: Supervisor, program: Callable[..., Program]) -> None:
    watcher.add(program("web", "import sys; sys.exit('no such module')"))

    with pytest.raises(StartRefused, match=r"web ended at once: no such module .*web\.log"):
        watcher.watch(until=within(30, lambda: False), may_restart=False)


def test_all_stop_in_reverse_order(watcher: Supervisor, program: Callable[..., Program], tmp_path: Path) -> None:
    order = tmp_path / "order"
    for name in ("postgres", "worker", "web"):
        watcher.add(program(name, noting(order, name)))
    watcher.watch(until=within(30, lambda: all(is_ready(child) for child in watcher.children)))

    watcher.stop_all()

    assert order.read_text().split() == ["web", "worker", "postgres"]
    assert not any(child.is_running for child in watcher.children)


def test_those_of_one_word_stop_at_the_same_time(
    watcher: Supervisor, screen: Screen, program: Callable[..., Program]
) -> None:
    for name in ("voice", "notices"):
        watcher.add(program(name, deaf_to_sigterm(), stop_seconds=1.0, stop_with="workers"))
    watcher.watch(until=within(30, lambda: all(is_ready(child) for child in watcher.children)))

    watcher.stop_all()

    assert screen.text.count("did not stop in 1 s and is ended now.") == 2
    assert screen.running == []


def test_descendants_of_one_that_is_ended_by_force_go_with_it(
    watcher: Supervisor, program: Callable[..., Program], tmp_path: Path
) -> None:
    note = tmp_path / "child"
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"open({str(note)!r}, 'w').write(str(p.pid)); print('ready', flush=True); time.sleep(600)"
    )
    child = watcher.add(program("voice", code, stop_seconds=0.1))
    watcher.watch(until=within(30, lambda: is_ready(child)))

    watcher.stop_all()

    grandchild = int(note.read_text())
    assert wait_until(lambda: not is_running(grandchild, "time.sleep"), 30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_watch(watcher: Supervisor, program: Callable[..., Program], number: signal.Signals) -> None:
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    watcher.listen_to_signals()
    try:
        watcher.add(program("web"))
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
        watcher.watch(until=within(30, lambda: False))
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

    assert watcher.is_stopping


def test_important_lines_reach_the_screen(watcher: Supervisor, screen: Screen, program: Callable[..., Program]) -> None:
    watcher.add(program("voice", f"print('all well'); print('[error    ] disk is gone', flush=True); {SLEEP}"))

    watcher.watch(until=within(30, lambda: bool(screen.lines)))

    assert screen.lines == ["voice: [error    ] disk is gone"]


def test_logs_stay_small(
    watcher: Supervisor, program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subject, "LARGEST_LOG_BYTES", 10_000)
    child = watcher.add(program("web", f"print('x' * 20_000, flush=True); {SLEEP}"))

    watcher.watch(until=within(30, (tmp_path / "web.log.1").exists))

    assert child.program.log_path.stat().st_size == 0


def within(seconds: float, condition: Callable[[], bool]) -> Callable[[], bool]:
    """The condition, or the end of all patience, so that a failing test ends."""
    limit = time.monotonic() + seconds
    return lambda: condition() or time.monotonic() > limit


def running_id(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def is_ready(child: Child) -> bool:
    return "ready" in child.program.log_path.read_text()


def noting(path: Path, name: str) -> str:
    return (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(path)!r}, 'a').write({name + ' '!r}); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); print('ready', flush=True); time.sleep(600)"
    )


def deaf_to_sigterm() -> str:
    return f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); {SLEEP}"


def test_a_program_whose_set_up_is_wrong_stays_off(
    watcher: Supervisor, program: Callable[..., Program], screen: Screen
) -> None:
    child = watcher.add(program("bot", "print('The token is wrong.', flush=True); raise SystemExit(78)"))

    watcher.watch(until=lambda: child.process is None)
    watcher.watch(until=lambda: True)

    assert "bot stays off: The token is wrong." in screen.text
    assert "starts again" not in screen.text
