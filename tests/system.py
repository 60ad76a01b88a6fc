"""The whole program, really running, for tests that come to it from outside.

Loaded with ``-p tests.system``; :func:`start_system` serves tests that need one of their own. It has a database
and a part of the queue server of its own, and ends with the tests even when they are killed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psycopg
import pytest

from voicebot.processes import start_program, wait_until

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90.0
_CELERY = (sys.executable, "-m", "celery", "-A", "voicebot.celery")
_PEOPLE_AT_ONCE = 10
_QUIET = ("--without-gossip", "--without-mingle", "-l", "WARNING")


@dataclass
class System:
    """The running programs and what leads to them."""

    folder: Path
    port: int
    environment: dict[str, str]
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _people: list[tuple[str, str]] = field(default_factory=list)
    """Some that nobody has used yet."""

    @property
    def base_url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def commands(self) -> dict[str, tuple[str, ...]]:
        """How each program is started."""
        name = self.environment["REDIS_KEY_PREFIX"]
        return {
            "web": (sys.executable, "-m", "voicebot.web_server", "-b", "127.0.0.1", "-p", str(self.port), "-v", "0",
                    "--application-close-timeout", "2", "voicebot.asgi:application"),
            "voice": (*_CELERY, "worker", "-Q", "voice", "-n", f"voice-{name}@%h", "-c", "1", "-O", "fair", *_QUIET),
            "notices": (*_CELERY, "worker", "-Q", "notices,upkeep", "-n", f"rest-{name}@%h", "-c", "1", *_QUIET),
            "beat": (*_CELERY, "beat", "-s", str(self.folder / "beat"), "--pidfile=", "-l", "WARNING"),
            "telegram": (sys.executable, "manage.py", "run_telegram_bot"),
        }  # fmt: skip

    def start(self, name: str) -> None:
        """Start one of the programs."""
        self.programs[name] = start_program(
            self.commands[name],
            log_path=self.folder / f"{name}.log",
            end_signal=signal.SIGKILL,
            environment=self.environment,
            folder=ROOT,
        )

    def kill(self, name: str) -> None:
        """``kill -9`` a program and its children."""
        program = self.programs.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def stop(self) -> None:
        """End all of them."""
        for program in self.programs.values():
            program.terminate()
        for name, program in list(self.programs.items()):
            with suppress(subprocess.TimeoutExpired):
                program.wait(8)
            self.kill(name)

    def log_of(self, name: str) -> str:
        """All that a program printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout.strip()

    def sign_in_link(self, user: str | None = None) -> str:
        """A fresh one-time link; of the owner when no user is named."""
        return self.manage("sign_in_link", *(["--user", user] if user else []))

    def new_user(self) -> tuple[str, str]:
        """A person of their own: their name and an API token."""
        if not self._people:
            self._people += self.new_users(_PEOPLE_AT_ONCE)
        return self._people.pop()

    def new_users(self, count: int, **fields: Any) -> list[tuple[str, str]]:
        """People, with what is given of them; one command for all of them, as each takes seconds to start."""
        names = [f"u{uuid.uuid4().hex[:10]}" for _ in range(count)]
        code = (
            "from tasks_app.models import User; from knox.models import AuthToken\n"
            f"for name in {names!r}:\n"
            f"    user = User.objects.create_user(name, **{fields!r}); print(AuthToken.objects.create(user=user)[1])"
        )
        tokens = self.manage("shell", "--no-imports", "-c", code).splitlines()[-count:]
        return list(zip(names, tokens, strict=True))

    def request(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: bytes | Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 60.0,
    ) -> tuple[int, dict[str, str], bytes]:
        """One HTTP request: status, headers and body of the answer. An iterator is sent without a length."""
        headers = {**(headers or {}), **({"Authorization": f"Token {token}"} if token else {})}
        request = urllib.request.Request(self.base_url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    def post_json(self, path: str, data: object, token: str, **headers: str) -> tuple[int, Any]:
        """Send JSON; status and JSON of the answer."""
        headers = {"Content-Type": "application/json"} | headers
        status, _, body = self.request("POST", path, token=token, body=json.dumps(data).encode(), headers=headers)
        return status, json.loads(body)

    def post_audio(self, path: str, audio: bytes, token: str, **headers: str) -> tuple[int, Any]:
        """Send a recording as a form; status and JSON of the answer."""
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="audio"; filename="note"\r\n\r\n'
        body = head.encode() + audio + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"} | headers
        status, _, answer = self.request("POST", path, token=token, body=body, headers=headers)
        return status, json.loads(answer)

    def get_json(self, path: str, token: str) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        status, _, body = self.request("GET", path, token=token)
        return status, json.loads(body)

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
        """Look until it holds; the logs are part of the failure when it does not."""
        if not wait_until(condition, seconds):
            logs = "\n".join(
                f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in self.folder.glob("*.log")
            )
            raise AssertionError(f"{what} did not happen in {seconds:.0f} s\n{logs}")

    def is_ready(self) -> bool:
        """Whether the page's server answers and reaches the other servers."""
        with suppress(OSError):
            return self.request("GET", "/readyz", timeout=5)[0] == 200
        return False


@contextmanager
def start_system(
    folder: Path,
    name: str,
    programs: tuple[str, ...] = ("web", "voice", "notices", "beat"),
    *,
    has_pages: bool = True,
    **variables: str,
) -> Iterator[System]:
    """A system of its own, up and answering.

    Args:
        folder: For its files.
        name: Tells its database and its queues from those of others.
        programs: Which to start; others can be started later.
        has_pages: Whether the files of its pages are collected, too.
        **variables: For its environment.
    """
    system = System(folder, _free_port(), {})
    system.environment = {**os.environ, **_variables(system, name), **variables}
    with _database(os.environ["DATABASE_URL"], system.environment["DATABASE_URL"]):
        try:
            system.manage("migrate", "--verbosity", "0")
            if has_pages:
                system.manage("collectstatic", "--noinput", "--verbosity", "0")
            for program in programs:
                system.start(program)
            if "web" in programs:
                system.wait_for(system.is_ready, "readiness")
            yield system
        finally:
            system.stop()


@pytest.fixture(scope="session")
def running_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Page, workers and beat of one system, for all tests of the session."""
    with start_system(tmp_path_factory.mktemp("system"), "system") as system:
        yield system


@pytest.fixture
def unhashed_static_files(settings: Any) -> None:
    """Lets pages be rendered in the test's own process, where no files are collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def _variables(system: System, name: str) -> dict[str, str]:
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    return {
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/voicebot_{name}").geturl(),
        "REDIS_KEY_PREFIX": name,
        "DATA_DIR": str(system.folder / "var"),
        "PORT": str(system.port),
        "PUBLIC_URL": system.base_url,
        "PYTHONUNBUFFERED": "1",
        "SIGN_INS_PER_MINUTE": "1000",
        "VOICE_SUBMITS_PER_MINUTE": "10000",
        "VOICE_LIVE_CONNECTIONS_PER_MINUTE": "1000",
    }


@contextmanager
def _database(server_url: str, url: str) -> Iterator[None]:
    name = urlsplit(url).path.lstrip("/")
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(drop)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
