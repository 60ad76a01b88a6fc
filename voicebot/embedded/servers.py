"""The servers that one data folder needs, as one thing to start and to stop."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from voicebot.embedded.home import prepare_home
from voicebot.embedded.ownership import StartedProgram
from voicebot.embedded.postgres import Postgres
from voicebot.embedded.valkey import Valkey

_STOP_SECONDS = 30.0


@dataclass(frozen=True)
class ServerSet:
    """PostgreSQL and Valkey, each only where no server of the operator's own is named."""

    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to these servers, known before they run."""
        variables = {}
        if self.postgres:
            variables["DATABASE_URL"] = self.postgres.url
        if self.valkey:
            variables["REDIS_URL"] = self.valkey.url
        return variables

    @property
    def servers(self) -> dict[str, Postgres | Valkey]:
        """By name, in the order to start them."""
        named = {"valkey": self.valkey, "postgres": self.postgres}
        return {name: server for name, server in named.items() if server}


def plan_servers(data_dir: Path, *, password: str, wants_postgres: bool, wants_valkey: bool) -> ServerSet:
    """Prepare folders and choose addresses; nothing is started.

    Raises:
        StartRefused: When this account cannot have a server here.
    """
    logs = data_dir / "log"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ServerSet(
        Postgres(prepare_home(data_dir / "postgres"), logs / "postgres.log", password) if wants_postgres else None,
        Valkey(data_dir / "valkey", logs / "valkey.log") if wants_valkey else None,
    )


class RunningServers:
    """Servers that this process started and stops."""

    def __init__(self, planned: ServerSet) -> None:
        self._planned = planned
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all of them, or none.

        Raises:
            StartRefused: When one does not come up.
        """
        try:
            for name, server in self._planned.servers.items():
                self.processes[name] = server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop them, the last started first."""
        for name, process in reversed(self.processes.items()):
            stop_process(process, self._planned.servers[name])
        self.processes.clear()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to these servers."""
        return self._planned.environment

    @property
    def programs(self) -> list[StartedProgram]:
        """For the note to others."""
        servers = self._planned.servers
        return [StartedProgram(process.pid, servers[name].mark) for name, process in self.processes.items()]


def stop_process(process: subprocess.Popen[bytes], server: Postgres | Valkey) -> None:
    """Stop one server in its own way; by force when it does not follow."""
    if process.poll() is None:
        process.send_signal(server.end_signal)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
