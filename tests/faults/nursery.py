"""Processes that a test kills and starts again, forked from one that has loaded everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.system import ROOT

Work = Callable[[str, str], None]


class Nursery:
    """The side of the test: starts one process for each name, such as ``worker-1``, whose role is before the dash.

    Args:
        module: Run with ``-m``; it calls :func:`serve`.
        names: Of all processes.
        log: Where their errors go.
        environment: Of all of them.
    """

    def __init__(self, module: str, names: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.names = names
        self.kills: Counter[str] = Counter()
        """By role."""
        self._log = log
        self._running: dict[str, int] = {}
        with log.open("ab") as errors:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=dict(environment),
                text=True,
                bufsize=1,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        for name in names:
            self._start(name)

    def kill_and_start(self, name: str) -> None:
        os.kill(self._running.pop(name), signal.SIGKILL)
        self.kills[name.partition("-")[0]] += 1
        self._start(name)

    def end(self) -> None:
        for process_id in self._running.values():
            os.kill(process_id, signal.SIGKILL)
        self._parent.communicate("")

    def log(self) -> str:
        return self._log.read_text(errors="replace")[-5000:]

    def _start(self, name: str) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(f"{name.partition('-')[0]} {name}\n")
        answer = self._parent.stdout.readline()
        assert answer, self.log()
        self._running[name] = int(answer)


def serve(work: Work) -> None:
    """The side of the processes: fork one for each line ``ROLE NAME`` that comes in, and answer with its id.

    Args:
        work: What a process does, given its role and its name; it does not come back.
    """
    from voicebot.celery import app

    app.loader.import_default_modules()  # before the first fork, so that a new process is there at once
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while words := sys.stdin.readline().split():
        process_id = os.fork()
        if process_id == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(2, 1)
            work(*words)
            os._exit(1)
        sys.stdout.write(f"{process_id}\n")
        sys.stdout.flush()


def run_worker(queue: str, name: str) -> None:
    """A real worker on a real queue."""
    from voicebot.celery import app

    app.worker_main([
        "worker", "-P", "solo", "-Q", queue, "-n", f"{name}@%h", "-l", "ERROR",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ])  # fmt: skip
