"""Keeps programs running: starts them in order, starts again what ends, stops all in the reverse order."""

from __future__ import annotations

import math
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.embedded.ownership import StartedProgram
from voicebot.processes import wait_until
from voicebot.refusal import StartRefused

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
STABLE_SECONDS = 60.0
"""A program that ran this long and then ends is started again without delay."""

EXIT_CONFIGURATION = os.EX_CONFIG
"""With this code (sysexits.h) a program says that it cannot work as it is set up."""

LARGEST_LOG_BYTES = 5 * 1024**2
_IMPORTANT = re.compile(r"\b(error|critical|Traceback|FATAL|PANIC)\b|\"level\": \"(error|critical)\"")
_LONGEST_SHOWN = 300
_SHOWN_AT_ONCE = 5


@dataclass(frozen=True)
class Program:
    """Something to keep running."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    mark: str
    """What its command line names."""

    log_path: Path
    end_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    """How long it may take to stop before it is made to."""

    stop_with: str = ""
    """Programs of the same non-empty word are asked to stop at the same time."""


@dataclass
class Child:
    """A program and the process that it is now."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = 0.0
    _log_offset: int = field(default=0, repr=False)

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it now, and read its log from here on."""
        self.program.log_path.touch(mode=0o600)
        self._log_offset = self.program.log_path.stat().st_size
        self.started_at = time.monotonic()
        self.process = self.program.start()

    def plan_restart(self, now: float) -> float:
        """Note that it ended.

        Returns:
            Seconds to wait before the next start: each failure in a row doubles them.
        """
        self.failures = 0 if now - self.started_at >= STABLE_SECONDS else self.failures
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0**self.failures)
        self.failures += 1
        self.restart_at = now + delay
        self.process = None
        return delay

    def read_log(self) -> list[str]:
        """Lines added since the last look that a person should see; keeps the file small."""
        try:
            with self.program.log_path.open("rb") as log:
                log.seek(self._log_offset)
                added = log.read()
        except OSError:
            return []
        self._log_offset += len(added)
        if self._log_offset > LARGEST_LOG_BYTES:
            self._turn_log_over()
        lines = added.decode("utf-8", "replace").splitlines()
        return [line[:_LONGEST_SHOWN] for line in lines if _IMPORTANT.search(line)][-_SHOWN_AT_ONCE:]

    def last_words(self) -> str:
        """The last line of its log."""
        with suppress(OSError):
            lines = self.program.log_path.read_text(encoding="utf-8", errors="replace").split("\n")
            return next((line.strip()[:_LONGEST_SHOWN] for line in reversed(lines) if line.strip()), "")
        return ""

    def _turn_log_over(self) -> None:
        """Keep one older file; the program goes on writing to the end of the same, now empty, file."""
        path = self.program.log_path
        shutil.copyfile(path, path.with_suffix(".log.1"))
        os.truncate(path, 0)
        self._log_offset = 0


class Supervisor:
    """Looks after programs until it is asked to stop.

    Args:
        say: Shows one line to the person at the terminal.
        on_change: Told which processes run now, whenever that changes.
    """

    def __init__(self, *, say: Callable[[str], None], on_change: Callable[[Sequence[StartedProgram]], None]) -> None:
        self._say = say
        self._on_change = on_change
        self.children: list[Child] = []
        self.is_stopping = False
        self._is_hurried = False
        self._stop_asked_at = 0.0

    def add(self, program: Program) -> Child:
        """Start a program and look after it from now on."""
        child = Child(program)
        self.children.append(child)
        child.start()
        self._tell_change()
        return child

    def listen_to_signals(self) -> None:
        """Stop at Ctrl-C and SIGTERM; a second one, later, stops without patience."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self.is_stopping and now - self._stop_asked_at > 1.0:
            self._is_hurried = True
        if not self.is_stopping:
            self.is_stopping = True
            self._stop_asked_at = now

    def watch(self, *, until: Callable[[], bool], may_restart: bool = True) -> None:
        """Look after the programs until a condition holds or a signal asks to stop.

        Args:
            until: The condition.
            may_restart: Whether a program that ends is started again.

        Raises:
            StartRefused: When a program ended and may not be started again.
        """
        while not self.is_stopping and not until():
            for child in self.children:
                self._look_after(child, may_restart=may_restart)
            time.sleep(0.1)

    def _look_after(self, child: Child, *, may_restart: bool) -> None:
        for line in child.read_log():
            self._say(f"{child.program.name}: {line}")
        if child.is_running:
            return
        now = time.monotonic()
        if child.process is not None:
            if not may_restart:
                raise StartRefused(
                    f"{child.program.name} ended at once: {child.last_words()} ({child.program.log_path} has more)."
                )
            code = child.process.returncode
            if code == EXIT_CONFIGURATION:
                self._leave_off(child)
                return
            delay = child.plan_restart(now)
            self._say(f"{child.program.name} ended ({_describe_end(code)}); it starts again in {delay:g} s.")
            self._tell_change()
        elif now >= child.restart_at:
            self._start_again(child)

    def _leave_off(self, child: Child) -> None:
        """A program that says its set-up is wrong is not started again before the set-up changes."""
        child.process = None
        child.restart_at = math.inf
        self._say(f"{child.program.name} stays off: {child.last_words()}")
        self._tell_change()

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except (OSError, StartRefused) as error:
            delay = child.plan_restart(time.monotonic())
            self._say(f"{child.program.name} cannot be started ({error}); next try in {delay:g} s.")
        self._tell_change()

    def stop_all(self) -> None:
        """Stop everything, the last started first, those that stop together at the same time."""
        self.is_stopping = True
        remaining = list(reversed(self.children))
        while remaining:
            first = remaining[0]
            word = first.program.stop_with
            group = [child for child in remaining if child is first or (word and child.program.stop_with == word)]
            self._stop(group)
            remaining = [child for child in remaining if child not in group]
        self._tell_change()

    def _stop(self, group: Sequence[Child]) -> None:
        begin = time.monotonic()
        for child in group:
            if child.process and child.is_running:
                child.process.send_signal(child.program.end_signal)
        for child in group:
            if not child.process:
                continue
            left = begin + child.program.stop_seconds - time.monotonic()
            if not wait_until(lambda: self._is_hurried or not child.is_running, left):  # noqa: B023  # called at once
                self._say(f"{child.program.name} did not stop in {child.program.stop_seconds:g} s and is ended now.")
            _kill_with_descendants(child.process)

    def _tell_change(self) -> None:
        running = [child for child in self.children if child.process and child.is_running]
        self._on_change([StartedProgram(c.process.pid, c.program.mark) for c in running if c.process])


def _kill_with_descendants(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a program's session, which bears its process id."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _describe_end(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
