"""What the command line prepares before Django reads its settings: variables, keys and servers."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from voicebot.embedded.ownership import Note, Ownership
from voicebot.embedded.servers import RunningServers, ServerSet, plan_servers
from voicebot.preflight import check_address, check_folder, check_server_variables, read_port
from voicebot.refusal import StartRefused
from voicebot.secrets_file import provide_secrets

BASE_DIR = Path(__file__).resolve().parents[1]

_WITHOUT_SERVERS = frozenset(
    {
        "", "--help", "--version", "check", "collectstatic", "compilemessages", "diffsettings", "doctor",
        "document_errors", "evaluate", "help", "interpret", "makemessages", "providers", "spectacular", "transcribe",
        "version",
    }
)  # fmt: skip
"""Commands that use servers that run but start none."""

_ABOUT_TABLES = frozenset({"dbshell", "flush", "makemigrations", "migrate", "showmigrations", "sqlmigrate"})
"""Commands before which tables are not brought up to date."""

_ASSIGNMENT = re.compile(r"^(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)$")
_WAIT_FOR_OWNER_SECONDS = 60.0
_POLL_SECONDS = 0.1


class Need(Enum):
    """What a command needs of the servers."""

    WHOLE_PROGRAM = "starts everything"
    SERVERS = "starts them for itself where none run"
    NOTHING = "uses those that run"


@dataclass(frozen=True)
class Prepared:
    """What the command that starts everything takes over."""

    data_dir: Path
    host: str
    port: int
    ownership: Ownership
    planned: ServerSet


_prepared: list[Prepared] = []


def take_prepared() -> Prepared:
    """What was prepared for the command that starts everything.

    Raises:
        StartRefused: When the command was not started through ``manage.py``.
    """
    if not _prepared:
        raise StartRefused("Start the program with make run, or with manage.py run.")
    return _prepared.pop()


@contextmanager
def prepared_for(arguments: Sequence[str]) -> Iterator[bool]:
    """Prepare for a command and clear away after it.

    Args:
        arguments: The command and what follows it.

    Yields:
        Whether servers were started for this command alone, so that the tables may be out of date.

    Raises:
        StartRefused: With the sentence for the person who gave the command.
    """
    load_variables(BASE_DIR / ".env")
    data_dir = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").absolute()
    need = need_of(arguments)
    if need is Need.NOTHING:
        _use_what_is_there(data_dir)
        yield False
        return
    check_folder(data_dir)
    check_server_variables()
    _provide_secrets(data_dir)
    if need is Need.WHOLE_PROGRAM:
        with _whole_program(data_dir):
            yield False
        return
    with _servers_for_one_command(data_dir) as are_mine:
        yield are_mine and arguments[0] not in _ABOUT_TABLES


def need_of(arguments: Sequence[str]) -> Need:
    """What the command needs of the servers."""
    command = arguments[0] if arguments else ""
    if {"-h", "--help"} & set(arguments):
        return Need.NOTHING
    if command == "run":
        return Need.WHOLE_PROGRAM
    asks_for_a_user = any(argument.split("=")[0] == "--user" for argument in arguments)
    return Need.NOTHING if command in _WITHOUT_SERVERS and not asks_for_a_user else Need.SERVERS


def load_variables(path: Path) -> None:
    """Take variables from a file of ``NAME=value`` lines; what the environment has counts more.

    Raises:
        StartRefused: When a line is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise StartRefused(f"{path} cannot be read; give this account the right to, or remove it.") from error
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        assignment = _ASSIGNMENT.match(line)
        if not assignment:
            raise StartRefused(f"Line {number} of {path} is not NAME=value; correct it and start again.")
        value = assignment["value"].strip()
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        os.environ.setdefault(assignment["name"], value[1:-1] if is_quoted else value)


def _provide_secrets(data_dir: Path) -> None:
    try:
        provide_secrets(data_dir, os.environ)
    except OSError as error:
        raise StartRefused(f"The keys in {error.filename} cannot be read or written ({error.strerror}).") from error


def _use_what_is_there(data_dir: Path) -> None:
    try:
        if data_dir.is_dir():
            provide_secrets(data_dir, os.environ)
    except OSError:
        return
    note = Ownership(data_dir).read()
    if note:
        _set_missing(note)


def _set_missing(note: Note) -> None:
    for name, value in note.environment.items():
        if not os.environ.get(name):
            os.environ[name] = value


@contextmanager
def _whole_program(data_dir: Path) -> Iterator[None]:
    port = read_port(os.environ.get("PORT") or "8000")
    host = os.environ.get("HOST") or "127.0.0.1"
    ownership = Ownership(data_dir)
    _become_owner(ownership, data_dir)
    try:
        check_address(host, port)
        planned = _plan(data_dir)
        os.environ.update(planned.environment)
        _prepared.append(Prepared(data_dir, host, port, ownership, planned))
        yield
    finally:
        ownership.release()


def _become_owner(ownership: Ownership, data_dir: Path) -> None:
    limit = time.monotonic() + _WAIT_FOR_OWNER_SECONDS
    while not ownership.take():
        note = ownership.read()
        if note and note.is_whole_program:
            where = f" at {note.address}" if note.address else ""
            raise StartRefused(
                f"The program already runs for {data_dir}{where} (process {note.owner_id}); stop it first with Ctrl-C."
            )
        if time.monotonic() > limit:
            raise StartRefused(f"Another command uses the servers of {data_dir}; wait until it ends and start again.")
        time.sleep(_POLL_SECONDS)


def _plan(data_dir: Path) -> ServerSet:
    try:
        planned = plan_servers(
            data_dir,
            password=os.environ["SERVERS_PASSWORD"],
            wants_postgres=not os.environ.get("DATABASE_URL"),
            wants_valkey=not os.environ.get("REDIS_URL"),
        )
    except OSError as error:
        raise StartRefused(
            f"The folders of the servers cannot be made at {error.filename or data_dir} ({error.strerror}); "
            "make room there and give this account the right to write."
        ) from error
    if planned.postgres:
        check_folder(planned.postgres.home.folder)
    return planned


@contextmanager
def _servers_for_one_command(data_dir: Path) -> Iterator[bool]:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield False
        return
    ownership = Ownership(data_dir)
    if not _own_or_find(ownership):
        yield False
        return
    running = RunningServers(_plan(data_dir))
    try:
        running.start()
        os.environ.update(running.environment)
        ownership.publish(
            Note(os.getpid(), is_whole_program=False, environment=running.environment, programs=running.programs)
        )
        yield True
    finally:
        ownership.wait_for_users()
        running.stop()
        ownership.release()


def _own_or_find(ownership: Ownership) -> bool:
    """Become the owner, or use what the owner has started.

    Returns:
        Whether this process is the owner now.
    """
    limit = time.monotonic() + _WAIT_FOR_OWNER_SECONDS
    while not ownership.take():
        ownership.use()
        note = ownership.read()
        if note and note.environment:
            _set_missing(note)
            return False
        ownership.stop_using()
        if time.monotonic() > limit:
            raise StartRefused("The program is starting and does not come up; see how it does and try again.")
        time.sleep(_POLL_SECONDS)
    return True
