from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from voicebot.embedded.home import PostgresHome, prepare_home
from voicebot.embedded.ownership import Note, Ownership, StartedProgram
from voicebot.embedded.postgres import Postgres
from voicebot.embedded.servers import RunningServers, ServerSet, stop_process
from voicebot.embedded.valkey import Valkey
from voicebot.processes import start_program, wait_until
from voicebot.refusal import StartRefused

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root does")
not_as_root = pytest.mark.skipif(os.geteuid() == 0, reason="about what others do")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that an account without rights may pass through, as the folder for servers' data is."""
    with tempfile.TemporaryDirectory(prefix="voicebot-embedded-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def postgres(place: Path) -> Postgres:
    home = prepare_home(place / "postgres", shared_parent=place / "server")
    server = Postgres(home, place / "log", "pass/word", is_durable=False)
    stop_process(server.start(), server)
    return server


@pytest.fixture
def running(postgres: Postgres) -> Iterator[subprocess.Popen[bytes]]:
    process = postgres.start()
    yield process
    stop_process(process, postgres)


def test_has_the_extensions_that_searching_needs(postgres: Postgres, running: subprocess.Popen[bytes]) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as link:
        for extension in ("pg_trgm", "unaccent", "citext"):
            link.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        assert link.execute("SELECT lower('ÄÖÜ'), unaccent('é')").fetchone() == ("äöü", "e")


def test_keeps_data_over_a_restart_and_over_a_kill(postgres: Postgres) -> None:
    postgres = replace(postgres, is_durable=True)
    process = postgres.start()
    with psycopg.connect(postgres.url, autocommit=True) as link:
        link.execute("DROP TABLE IF EXISTS kept")
        link.execute("CREATE TABLE kept (number int)")
        link.execute("INSERT INTO kept VALUES (1)")
    stop_process(process, postgres)
    process = postgres.start()
    with psycopg.connect(postgres.url, autocommit=True) as link:
        link.execute("INSERT INTO kept VALUES (2)")
    process.kill()
    process.wait()
    process = postgres.start()
    try:
        with psycopg.connect(postgres.url) as link:
            assert link.execute("SELECT number FROM kept ORDER BY 1").fetchall() == [(1,), (2,)]
    finally:
        stop_process(process, postgres)


def test_a_server_left_behind_is_ended_before_the_next(postgres: Postgres, running: subprocess.Popen[bytes]) -> None:
    following = postgres.start()
    try:
        assert running.wait(30) is not None
        psycopg.connect(postgres.url).close()
    finally:
        stop_process(following, postgres)


def test_a_note_that_names_another_process_does_not_keep_it_from_starting(postgres: Postgres) -> None:
    (postgres.home.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.home.data}\n")

    stop_process(postgres.start(), postgres)


def test_nobody_gets_in_without_the_password(postgres: Postgres, running: subprocess.Popen[bytes]) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres.url.replace("pass%2Fword", "wrong"))
    assert stat.S_IMODE(postgres.home.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(postgres.home.data.stat().st_mode) == 0o700


def test_an_interrupted_making_is_begun_again(place: Path) -> None:
    home = prepare_home(place / "interrupted", shared_parent=place / "server")
    half = home.folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = Postgres(home, place / "log", "x", is_durable=False)

    stop_process(server.start(), server)

    assert not half.exists()
    assert not (home.folder / "password.new").exists()


def test_data_of_another_major_version_is_refused(postgres: Postgres) -> None:
    version = postgres.home.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("15\n")
    try:
        with pytest.raises(StartRefused, match="made by PostgreSQL 15 and this is PostgreSQL 18"):
            postgres.start()
    finally:
        version.write_text(before)


def test_a_long_path_gets_a_short_socket_folder(place: Path) -> None:
    link = place / ("long" * 25) / "postgres"
    link.parent.mkdir(mode=0o755)
    home = prepare_home(link, shared_parent=place / "server")

    assert len(str(home.sockets / ".s.PGSQL.5432")) < 100
    assert stat.S_IMODE(home.sockets.stat().st_mode) == 0o700


@as_root
def test_root_changes_no_parents_mode_and_lends_an_account(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    (place / "server").mkdir(exist_ok=True)
    parents = [closed, *closed.parents, place / "server", Path("/var/lib")]
    before = {path: path.stat().st_mode for path in parents}

    home = prepare_home(closed / "postgres", shared_parent=place / "server")
    server = Postgres(home, closed / "log", "x", is_durable=False)
    process = server.start()
    try:
        owner = Path(f"/proc/{process.pid}").stat().st_uid
    finally:
        stop_process(process, server)

    assert {path: path.stat().st_mode for path in parents} == before
    assert owner != 0
    assert (closed / "postgres").resolve() == home.folder
    assert home.data.stat().st_uid == owner


@as_root
def test_root_finds_its_database_again(place: Path) -> None:
    first = prepare_home(place / "again", shared_parent=place / "server")

    assert prepare_home(place / "again", shared_parent=place / "server").folder == first.folder


@as_root
def test_root_does_not_take_another_accounts_database(place: Path) -> None:
    folder = place / "theirs"
    folder.mkdir()
    os.chown(folder, 65534, 65534)

    with pytest.raises(StartRefused, match="belongs to"):
        prepare_home(folder, shared_parent=place / "server")


@not_as_root
def test_others_keep_it_where_it_is_named(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "postgres")

    assert home.folder == tmp_path / "postgres"
    assert home.account is None


def test_valkey_wants_a_password_and_forgets_nothing_while_it_runs(tmp_path: Path) -> None:
    server = Valkey(tmp_path, tmp_path / "log")
    process = server.start()
    try:
        with Redis.from_url(server.url) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with pytest.raises(AuthenticationError), Redis(port=server.port) as stranger:
            stranger.ping()
    finally:
        stop_process(process, server)
    assert stat.S_IMODE((tmp_path / "valkey.conf").stat().st_mode) == 0o600


def test_valkey_comes_back_at_the_same_address_after_a_kill(tmp_path: Path) -> None:
    server = Valkey(tmp_path, tmp_path / "log")
    process = server.start()
    process.kill()
    process.wait()
    process = server.start()
    try:
        with Redis.from_url(server.url) as client:
            assert client.ping()
    finally:
        stop_process(process, server)


def test_where_one_server_fails_none_is_left_running(tmp_path: Path) -> None:
    missing = PostgresHome(tmp_path, tmp_path, Path("/bin"), None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("15")
    planned = ServerSet(Postgres(missing, tmp_path / "log", "x"), Valkey(tmp_path / "valkey", tmp_path / "vlog"))

    running = RunningServers(planned)
    with pytest.raises(StartRefused):
        running.start()

    assert running.processes == {}
    assert planned.valkey is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", planned.valkey.port))


def test_only_one_owns_the_servers_of_a_folder(tmp_path: Path) -> None:
    first, second = Ownership(tmp_path), Ownership(tmp_path)

    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_others_read_what_the_owner_wrote_and_only_its_account_can(tmp_path: Path) -> None:
    owner = Ownership(tmp_path)
    owner.take()
    note = Note(os.getpid(), is_whole_program=True, address="http://x", environment={"REDIS_URL": "redis://x"})
    owner.publish(note)

    assert Ownership(tmp_path).read() == Note(**{**vars(note), "programs": []})
    assert stat.S_IMODE((tmp_path / "servers.json").stat().st_mode) == 0o600
    owner.release()
    assert Ownership(tmp_path).read() is None


def test_programs_that_a_dead_owner_left_are_ended(tmp_path: Path) -> None:
    left = start_program(["sleep", "601.5"], log_path=tmp_path / "log", end_signal=signal.SIGKILL)
    dead = Ownership(tmp_path)
    dead.take()
    dead.publish(Note(1, is_whole_program=True, programs=[StartedProgram(left.pid, "601.5")]))
    os.close(dead._lock or -1)

    following = Ownership(tmp_path)
    assert following.take()

    assert wait_until(lambda: left.poll() is not None, 20)
    following.release()
