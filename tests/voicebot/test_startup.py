"""The command line as a person uses it: real processes in a data folder of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from voicebot.embedded.ownership import Note, Ownership
from voicebot.embedded.valkey import find_free_port
from voicebot.processes import wait_until
from voicebot.refusal import StartRefused
from voicebot.startup import Need, load_variables, need_of

ROOT = Path(__file__).parents[2]
SERVER_VARIABLES = ("DATABASE_URL", "REDIS_URL", "REDIS_KEY_PREFIX", "SECRET_KEY", "ENCRYPTION_KEY")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="voicebot-start-") as name:
        yield Path(name) / "var"
        link = Path(name) / "var" / "postgres"
        if link.is_symlink():  # started by root, which keeps the database elsewhere
            shutil.rmtree(link.resolve())


@pytest.fixture
def environment(data_dir: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in SERVER_VARIABLES}
    return plain | {"DATA_DIR": str(data_dir), "PORT": str(find_free_port())}


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.mark.parametrize(
    ("arguments", "need"),
    [
        (["run"], Need.WHOLE_PROGRAM),
        (["run", "--help"], Need.NOTHING),
        (["say", "--text", "x"], Need.SERVERS),
        (["migrate"], Need.SERVERS),
        (["interpret", "call mum"], Need.NOTHING),
        (["interpret", "call mum", "--user", "anna"], Need.SERVERS),
        (["interpret", "call mum", "--user=anna"], Need.SERVERS),
        (["transcribe", "a.ogg"], Need.NOTHING),
        (["doctor"], Need.NOTHING),
        ([], Need.NOTHING),
    ],
)
def test_what_a_command_needs(arguments: list[str], need: Need) -> None:
    assert need_of(arguments) is need


def test_variables_from_a_file_count_less_than_those_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# comment\n\nAA_GIVEN=file\nexport AA_NEW='two words'\nAA_EMPTY=\n")
    monkeypatch.setenv("AA_GIVEN", "given")
    for name in ("AA_NEW", "AA_EMPTY"):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)

    load_variables(tmp_path / ".env")

    assert os.environ["AA_GIVEN"] == "given"
    assert os.environ["AA_NEW"] == "two words"
    assert os.environ["AA_EMPTY"] == ""


def test_a_line_that_is_no_variable_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GOOD=1\nthis is wrong\n")

    with pytest.raises(StartRefused, match=r"Line 2 of .*\.env is not NAME=value"):
        load_variables(tmp_path / ".env")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PORT": "many"}, "PORT is 'many'"),
        ({"HOST": "192.0.2.1"}, "no address of this machine"),
        ({"VOICE_MAX_ATTEMPTS": "few"}, "VOICE_MAX_ATTEMPTS is 'few'"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL is not the address of a server"),
        ({"ENCRYPTION_KEY": "short"}, "ENCRYPTION_KEY is not 32 bytes"),
        ({"DATA_DIR": "/proc/no/var"}, "The data folder /proc/no/var cannot be written to"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "The server that REDIS_URL names does not answer"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_runs(
    environment: dict[str, str], data_dir: Path, variables: dict[str, str], said: str
) -> None:
    done = manage(environment | variables, "run")

    assert done.returncode != 0
    sentence = [line for line in (done.stdout + done.stderr).splitlines() if line and line != "Stopping …"]
    assert len(sentence) == 1
    assert said in sentence[0]
    assert not programs_of(data_dir)


def test_a_port_in_use_is_one_sentence(environment: dict[str, str], data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()
        done = manage(environment, "run")

    assert done.returncode == 1
    assert f"Port {environment['PORT']} is in use" in done.stderr
    assert not programs_of(data_dir)


def test_a_second_start_says_that_it_runs(environment: dict[str, str], data_dir: Path) -> None:
    data_dir.mkdir()
    owner = Ownership(data_dir)
    owner.take()
    owner.publish(Note(os.getpid(), is_whole_program=True, address="http://127.0.0.1:8000"))
    try:
        done = manage(environment, "run")
    finally:
        owner.release()

    assert done.returncode == 1
    assert "The program already runs for" in done.stderr
    assert "at http://127.0.0.1:8000" in done.stderr


def test_a_command_starts_what_it_needs_and_stops_it(environment: dict[str, str], data_dir: Path) -> None:
    done = manage(
        environment, "shell", "--no-imports", "-c", "from tasks_app.models import User; print(User.objects.count())"
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "0"
    assert not programs_of(data_dir)
    assert not (data_dir / "servers.json").exists()


@pytest.mark.fault
def test_the_whole_program(environment: dict[str, str], data_dir: Path) -> None:
    """Start, use from another command, kill without warning, start again on the same data, stop."""
    page = f"http://127.0.0.1:{environment['PORT']}"
    first = start(environment, data_dir)
    count_users = ("shell", "--no-imports", "-c", "from tasks_app.models import User; print(User.objects.count())")
    users = manage(environment, *count_users)
    assert users.stdout.strip() == "1", users.stderr
    note = json.loads((data_dir / "servers.json").read_text())
    assert note["owner_id"] == first.pid
    first.kill()
    first.wait()

    second = start(environment, data_dir)
    with urllib.request.urlopen(f"{page}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert "Sign in" in (data_dir.parent / "screen").read_text()
    second.send_signal(signal.SIGTERM)

    assert second.wait(90) == 0
    assert not programs_of(data_dir)
    assert "Stopped; all data is kept." in (data_dir.parent / "screen").read_text()


def start(environment: dict[str, str], data_dir: Path) -> subprocess.Popen[bytes]:
    screen = data_dir.parent / "screen"
    with screen.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    assert wait_until(lambda: "Up after" in screen.read_text() or process.poll() is not None, 150), screen.read_text()
    assert process.poll() is None, screen.read_text()
    return process


def programs_of(data_dir: Path) -> list[list[str]]:
    """Command lines of processes that were started for this folder and still live."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "environ"]):
        variables = process.info["environ"] or {}
        mine = variables.get("DATA_DIR") == str(data_dir) or str(data_dir) in " ".join(process.info["cmdline"] or [])
        if mine and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process.info["cmdline"])
    return found
