"""Who may start and stop the servers of a data folder, and how the others find them."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from voicebot.processes import end_program

_STALE_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class StartedProgram:
    """A program that an owner started."""

    process_id: int
    mark: str
    """What its command line names, so that it is not mistaken for another with the same id."""


@dataclass(frozen=True)
class Note:
    """What an owner tells the others, in a file that only this account can read."""

    owner_id: int
    is_whole_program: bool
    """True for ``make run``, False for a command that runs alone."""

    address: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """``DATABASE_URL`` and ``REDIS_URL``; empty until the servers answer."""

    programs: Sequence[StartedProgram] = ()


class Ownership:
    """A lock on the servers of one data folder; the kernel frees it when its holder dies, however it dies."""

    def __init__(self, data_dir: Path) -> None:
        self._lock_path = data_dir / "servers.lock"
        self._users_path = data_dir / "servers.users"
        self._note_path = data_dir / "servers.json"
        self._lock: int | None = None
        self._users: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether this process holds the lock."""
        return self._lock is not None

    def take(self) -> bool:
        """Become the owner unless another is, and end what a dead owner left running."""
        if self.is_mine:
            return True
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        self._end_leftovers()
        return True

    def release(self) -> None:
        """Stop being the owner; the note goes first, so that nobody reads it as true."""
        if self._lock is not None:
            self._note_path.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def use(self) -> None:
        """Keep an owner that runs one command from stopping the servers while this process lives."""
        self._users = os.open(self._users_path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def stop_using(self) -> None:
        """Let the owner stop the servers as far as this process is concerned."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def wait_for_users(self) -> None:
        """Wait until no other process uses the servers."""
        descriptor = os.open(self._users_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    def publish(self, note: Note) -> None:
        """Write the note, whole or not at all."""
        fresh = self._note_path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(note), file)
        fresh.replace(self._note_path)

    def read(self) -> Note | None:
        """The note of the present or the last owner."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            content = json.loads(self._note_path.read_text(encoding="utf-8"))
            programs = [StartedProgram(**program) for program in content.pop("programs")]
            return Note(**content, programs=programs)
        return None

    def _end_leftovers(self) -> None:
        note = self.read()
        for program in reversed(note.programs if note else ()):
            end_program(
                program.process_id,
                program.mark,
                end_signal=signal.SIGTERM,
                patience_seconds=_STALE_PATIENCE_SECONDS,
            )
        self._note_path.unlink(missing_ok=True)
