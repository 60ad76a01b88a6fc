"""A recording is not called damaged because the machine was short of something for a moment."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice_app.audio import sounds
from voice_app import audio
from voice_app.audio.ffmpeg import find_ffmpeg
from voice_app.errors import AudioDamaged

STAND_IN = """#!{python} -SI
import os, signal, sys
for name in os.listdir("{waiting}")[:1]:
    os.rmdir("{waiting}/" + name)
    os.kill(os.getpid(), signal.SIGKILL)
os.execv("{ffmpeg}", sys.argv)
"""


@pytest.fixture
def killed_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder; ffmpeg is killed once for each folder in it, as by a machine without memory."""
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    program = tmp_path / "ffmpeg"
    program.write_text(STAND_IN.format(python=sys.executable, waiting=waiting, ffmpeg=find_ffmpeg()))
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
    find_ffmpeg.cache_clear()
    yield waiting
    find_ffmpeg.cache_clear()


def test_killed_once_is_tried_again(killed_times: Path, caplog: pytest.LogCaptureFixture) -> None:
    (killed_times / "1").mkdir()
    with caplog.at_level(logging.WARNING):
        clip = audio.decode(sounds.NOTE.read_bytes())
    assert clip.seconds > 1
    assert "ended with -9, then with 0" in caplog.text


def test_killed_again_is_given_up(killed_times: Path) -> None:
    for name in "12":
        (killed_times / name).mkdir()
    with pytest.raises(AudioDamaged):
        audio.decode(sounds.NOTE.read_bytes())
