"""``make run``: everything from the checks to the start screen, and the clean end of it all."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from voicebot.celery import app as celery_app
from voicebot.embedded.ownership import Note, StartedProgram
from voicebot.env import own_host, read_int
from voicebot.processes import start_program
from voicebot.redis import redis_client
from voicebot.refusal import StartRefused
from voicebot.start_screen import render_start_screen
from voicebot.startup import BASE_DIR, Prepared
from voicebot.supervisor import Child, Program, Supervisor

READY_SECONDS = 120.0
"""How long the first start may take on a slow machine, the speech models included."""

WORKER_STOP_SECONDS = 30.0
"""What a note in the works may still take; one that is cut off is done after the next start."""

_EXTRA_VARIABLES = {"voice": {"VOICE_WARM_UP": "1"}}
_MOST_VOICE_WORKERS = 8
_AWAY = "The server that {variable} names does not answer or does not let us in; start it or correct {variable}."
_NOT_LET_IN = "The database does not accept the password in secrets.env; put the file back that belongs to it."
_CONNECT_SECONDS = 5
_WORKERS = "workers"
_ENTRANCES = "entrances"
_ESSENTIAL = ("voice", "web")
"""What a note needs; the others start after these, so that they do not slow them down."""


def launch(prepared: Prepared, say: Callable[[str], None]) -> None:
    """Start everything, show the screen, look after it until asked to stop, stop everything.

    Raises:
        StartRefused: When something is not right; nothing runs any more then.
    """
    log_folder = prepared.data_dir / "log"
    log_folder.mkdir(mode=0o700, exist_ok=True)
    _run_system_checks()
    supervisor = Supervisor(say=say, on_change=partial(_publish, prepared))
    supervisor.listen_to_signals()
    try:
        _start_servers(prepared, supervisor)
        _prepare_tables_and_files(prepared, say)
        programs = _programs(prepared, log_folder)
        essential = {name: supervisor.add(programs.pop(name)) for name in _ESSENTIAL}
        _wait_until_ready(prepared, supervisor, essential)
        if not supervisor.is_stopping:
            say(render_start_screen(settings.PUBLIC_URL, log_folder))
            say(f"Up after {time.time() - psutil.Process().create_time():.1f} s.")
            _leave_database()
            for program in programs.values():
                supervisor.add(program)
            supervisor.watch(until=lambda: False)
    finally:
        if supervisor.children:
            say("Stopping …")
        supervisor.stop_all()
    say("Stopped; all data is kept.")


def _run_system_checks() -> None:
    found = [message for message in checks.run_checks(tags=[checks.Tags.security]) if message.is_serious()]
    if found:
        raise StartRefused(" ".join(f"{message.msg} {message.hint or ''}".strip() for message in found))


def _publish(prepared: Prepared, programs: Sequence[StartedProgram]) -> None:
    prepared.ownership.publish(
        Note(
            os.getpid(),
            is_whole_program=True,
            address=settings.PUBLIC_URL,
            environment={**prepared.planned.environment, "PUBLIC_URL": settings.PUBLIC_URL},
            programs=programs,
        )
    )


def _start_servers(prepared: Prepared, supervisor: Supervisor) -> None:
    for name, server in prepared.planned.servers.items():
        supervisor.add(
            Program(
                name,
                server.start,
                server.mark,
                server.log_path,
                end_signal=server.end_signal,
                stop_seconds=WORKER_STOP_SECONDS,
            )
        )
    _check_servers_answer(prepared)


def _check_servers_answer(prepared: Prepared) -> None:
    """Servers of the operator's own may be away, or not let us in; what they say may hold a password."""
    try:
        redis_client().ping()
    except RedisError as error:
        raise StartRefused(_AWAY.format(variable="REDIS_URL")) from error
    params = {**connection.get_connection_params(), "connect_timeout": _CONNECT_SECONDS}
    for name in ("context", "cursor_factory", "pool"):
        params.pop(name, None)
    try:
        psycopg.connect(**params).close()
    except psycopg.OperationalError as error:
        raise StartRefused(
            _NOT_LET_IN if prepared.planned.postgres else _AWAY.format(variable="DATABASE_URL")
        ) from error


def _leave_database() -> None:
    """End this process's connections; it only looks after others from here on."""
    link = connections["default"]
    if isinstance(link, DatabaseWrapper):
        link.close()
        link.close_pool()


def _prepare_tables_and_files(prepared: Prepared, say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Bringing the tables up to date.")
        call_command("migrate", verbosity=0, interactive=False)
    stamp = prepared.data_dir / "static.stamp"
    digest = _digest_of_static_files()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        say("Collecting the pages' files.")
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest, encoding="utf-8")
    _leave_database()


def _digest_of_static_files() -> str:
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _programs(prepared: Prepared, log_folder: Path) -> dict[str, Program]:
    """Everything but the servers, in the order to start it: what is started last is stopped first."""
    voice_workers = read_int("VOICE_WORKERS", _default_voice_workers(), minimum=1, maximum=64)
    beat_folder = prepared.data_dir / "beat"
    beat_folder.mkdir(mode=0o700, exist_ok=True)
    celery = (sys.executable, "-m", "celery", "-A", "voicebot.celery")
    quiet = ("--without-gossip", "--without-mingle", "-l", "WARNING")
    commands: dict[str, tuple[str, ...]] = {
        "voice": (*celery, "worker", "-Q", "voice", "-n", "voice@%h", "-c", str(voice_workers), "-O", "fair", *quiet),
        "web": (
            *(sys.executable, "-m", "voicebot.web_server", "-b", prepared.host, "-p", str(prepared.port), "-v", "0"),
            *("--no-server-name", "--application-close-timeout", "5", "voicebot.asgi:application"),
        ),
        "notices": (*celery, "worker", "-Q", "notices,upkeep", "-n", "notices@%h", "-c", "2", "-O", "fair", *quiet),
        "beat": (*celery, "beat", "-s", str(beat_folder / "schedule"), "--pidfile=", "-l", "WARNING"),
    }
    if settings.TELEGRAM_BOT_TOKEN and not settings.TELEGRAM_WEBHOOK_SECRET:
        commands["telegram"] = (sys.executable, str(BASE_DIR / "manage.py"), "run_telegram_bot")
    programs = {}
    for name, command in commands.items():
        is_worker = "worker" in command
        programs[name] = Program(
            name,
            partial(_start, command, log_folder / f"{name}.log", _EXTRA_VARIABLES.get(name, {})),
            command[-1] if not is_worker else f"{name}@%h",
            log_folder / f"{name}.log",
            stop_seconds=WORKER_STOP_SECONDS if is_worker else 10.0,
            stop_with=_WORKERS if is_worker else _ENTRANCES,
        )
    return programs


def _start(command: Sequence[str], log_path: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start one; it is killed outright when this process is, since work that is cut off is done again."""
    environment = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    return start_program(
        command, log_path=log_path, end_signal=signal.SIGKILL, environment=environment, folder=BASE_DIR
    )


def _default_voice_workers() -> int:
    """At least two, so that a long note does not hold up a short one."""
    return min(_MOST_VOICE_WORKERS, max(2, (os.cpu_count() or 2) // 2))


def _wait_until_ready(prepared: Prepared, supervisor: Supervisor, essential: dict[str, Child]) -> None:
    limit = time.monotonic() + READY_SECONDS
    waiting: dict[str, Callable[[], bool]] = {"web": partial(_web_answers, prepared), "voice": _voice_worker_answers}

    def is_ready() -> bool:
        for name, answers in list(waiting.items()):
            if answers():
                del waiting[name]
        return not waiting or time.monotonic() > limit

    supervisor.watch(until=is_ready, may_restart=False)
    for name in waiting if not supervisor.is_stopping else ():
        raise StartRefused(f"{name} did not come up in {READY_SECONDS:g} s: {essential[name].last_words()}")


def _web_answers(prepared: Prepared) -> bool:
    try:
        with urllib.request.urlopen(f"http://{own_host(prepared.host)}:{prepared.port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500  # noqa: PLR2004  # it answers, although not under this name
    except OSError:
        return False


def _voice_worker_answers() -> bool:
    node = f"voice@{socket.gethostname()}"
    replies = celery_app.control.broadcast("ping", reply=True, destination=[node], limit=1, timeout=0.3)
    return bool(replies)
