from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from voicebot.preflight import check_address, check_folder, check_server_variables, read_port
from voicebot.refusal import StartRefused


def test_a_port_in_use_is_named_with_one_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartRefused, match=rf"Port {port} is in use.*make run PORT=(\d+)") as refusal:
            check_address("127.0.0.1", port)

    other = int(str(refusal.value).rsplit("=", 1)[1])
    check_address("127.0.0.1", other)


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80.0", "٨٠"])
def test_a_port_that_is_none(text: str) -> None:
    with pytest.raises(StartRefused, match="PORT is"):
        read_port(text)


def test_an_address_that_is_not_this_machines() -> None:
    with pytest.raises(StartRefused, match="no address of this machine"):
        check_address("192.0.2.1", 8000)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartRefused, match=r"cannot be written to.*DATA_DIR"):
        check_folder(tmp_path / "file" / "var")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(StartRefused, match="Permission denied"):
        check_folder(tmp_path)


def test_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match=r"too full.*must be free"):
        check_folder(tmp_path, needed_bytes=10**18)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:secret@host/db"),
        ("DATABASE_URL", "secret"),
        ("DATABASE_URL", "postgresql://host:port/secret"),
        ("REDIS_URL", "http://:secret@host"),
    ],
)
def test_server_variables_of_a_wrong_kind(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(StartRefused, match=f"{name} is not the address of a server") as refusal:
        check_server_variables()

    assert "secret" not in str(refusal.value)
