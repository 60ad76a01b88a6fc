from __future__ import annotations

import base64
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from voicebot.secrets_file import FILE_NAME, provide_secrets, read_or_make


def test_makes_keys_that_only_the_owner_can_read(tmp_path: Path) -> None:
    values = read_or_make(tmp_path / FILE_NAME)

    assert len(values["SECRET_KEY"]) >= 50
    assert len(base64.urlsafe_b64decode(values["ENCRYPTION_KEY"])) == 32
    assert ec.derive_private_key(int.from_bytes(base64.urlsafe_b64decode(values["VAPID_PRIVATE_KEY"])), ec.SECP256R1())
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_keys_stay_the_same(tmp_path: Path) -> None:
    first = read_or_make(tmp_path / FILE_NAME)

    assert read_or_make(tmp_path / FILE_NAME) == first


def test_every_installation_has_its_own_keys(tmp_path: Path) -> None:
    assert not set(read_or_make(tmp_path / "a").values()) & set(read_or_make(tmp_path / "b").values())


def test_missing_keys_are_added_and_others_kept(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("SECRET_KEY=mine\nOTHER=kept\n")

    values = read_or_make(path)

    assert values["SECRET_KEY"] == "mine"
    assert values["OTHER"] == "kept"
    assert values["ENCRYPTION_KEY"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_file_left_by_a_full_disk_is_filled(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()

    assert read_or_make(tmp_path / FILE_NAME)["ENCRYPTION_KEY"]


def test_open_modes_are_closed(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    read_or_make(path)
    path.chmod(0o644)

    read_or_make(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("given", [{"SECRET_KEY": "from outside"}, {"SECRET_KEY_FILE": "/run/secrets/key"}])
def test_keys_from_outside_count_more(tmp_path: Path, given: dict[str, str]) -> None:
    environment = dict(given)

    provide_secrets(tmp_path, environment)

    assert environment.get("SECRET_KEY") == given.get("SECRET_KEY")
    assert environment["ENCRYPTION_KEY"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(read_or_make, [tmp_path / FILE_NAME] * 8))

    assert all(result == results[0] for result in results)
