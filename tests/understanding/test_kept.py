"""What was built from data files is kept between processes, and is never needed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voice_app.understanding.kept import kept


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "words.toml").write_text("one", encoding="utf-8")
    (tmp_path / "builder.py").write_text("", encoding="utf-8")


def _ask(folder: Path, answer: object) -> object:
    return kept("words", folder / "words.toml", (str(folder / "builder.py"),), lambda: answer)


def _file(folder: Path) -> Path:
    return next((folder / "__pycache__").iterdir())


def test_is_built_once(tmp_path: Path) -> None:
    first = {"rows": [(1, "a")], "words": frozenset({"b"})}
    assert _ask(tmp_path, first) == first
    assert _ask(tmp_path, "built again") == first
    assert len(list((tmp_path / "__pycache__").iterdir())) == 1


@pytest.mark.parametrize("name", ["words.toml", "builder.py"])
def test_is_built_again_when_a_source_changed(tmp_path: Path, name: str) -> None:
    _ask(tmp_path, "old")
    (tmp_path / name).write_text("changed", encoding="utf-8")
    assert _ask(tmp_path, "new") == "new"
    assert _ask(tmp_path, "newest") == "new"


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 400])
def test_a_damaged_file_is_built_again(tmp_path: Path, damage: bytes) -> None:
    _ask(tmp_path, "old")
    _file(tmp_path).write_bytes(damage)
    assert _ask(tmp_path, "new") == "new"
    assert _ask(tmp_path, "newest") == "new"


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder", encoding="utf-8")
    assert _ask(tmp_path, "one") == "one"
    assert _ask(tmp_path, "two") == "two"


def test_a_missing_data_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.toml").unlink()
    with pytest.raises(FileNotFoundError):
        _ask(tmp_path, "one")
