"""Files that mean harm: each gets its named error, and nothing beside it happens."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest

from tests.voice_app.audio import sounds
from voice_app import audio
from voice_app.audio.decode import _sound_arguments
from voice_app.audio.ffmpeg import RunLimits, run_ffmpeg
from voice_app.errors import (
    AudioDamaged,
    AudioDecodeTimedOut,
    AudioEmpty,
    AudioFormatUnsupported,
    AudioIsPlaylist,
    AudioTooLarge,
    AudioTooLong,
)

LIMITS = RunLimits(timeout_seconds=10, memory_bytes=512 * 2**20)


@pytest.fixture
def listener():
    """A server on this machine that counts who calls."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    calls: list[object] = []
    done = threading.Event()

    def count() -> None:
        while not done.is_set():
            try:
                connection, address = server.accept()
            except TimeoutError:
                continue
            connection.close()
            calls.append(address)

    thread = threading.Thread(target=count)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/canary.wav", calls
    done.set()
    thread.join()
    server.close()


@pytest.fixture
def neighbour(tmp_path):
    """A sound file that a playlist could name."""
    path = tmp_path / "canary.wav"
    path.write_bytes(sounds.convert(tmp_path, "wav", [], sounds.TONE))
    return path


PLAYLISTS = tuple(sounds.playlists(sounds.NOTE, "http://127.0.0.1/x"))


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlists_are_named_and_never_followed(name, neighbour, listener, monkeypatch):
    url, calls = listener
    monkeypatch.chdir(neighbour.parent)
    with pytest.raises(AudioIsPlaylist):
        audio.decode(sounds.playlists(neighbour, url)[name])
    assert not calls


@pytest.mark.parametrize("name", PLAYLISTS)
@pytest.mark.parametrize("demuxer", ["hls", "concat", "sdp", "dash"])
def test_the_decoder_itself_opens_nothing(name, demuxer, neighbour, listener):
    """Even a text that got past the look at its content, and even read as what it is."""
    url, calls = listener
    arguments = _sound_arguments(audio.Container.OGG, 10.0)
    arguments = [demuxer if argument == "ogg" else argument for argument in arguments]
    assert run_ffmpeg(arguments, sounds.playlists(neighbour, url)[name], LIMITS) == b""
    assert not calls


def test_a_movie_whose_sound_is_elsewhere_is_named(neighbour):
    with pytest.raises(AudioIsPlaylist):
        audio.decode(sounds.referring_mov(neighbour))


def _opus() -> bytes:
    return sounds.NOTE.read_bytes()


REFUSED = {
    "nothing": (lambda: b"", AudioEmpty),
    "a text": (lambda: b"Please call me back.\n" * 50, AudioFormatUnsupported),
    "a script": (lambda: b"#!/bin/sh\necho hello\n", AudioFormatUnsupported),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), AudioFormatUnsupported),
    "an archive": (lambda: b"PK\x03\x04" + bytes(200), AudioFormatUnsupported),
    "an AVI film": (lambda: b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(200), AudioFormatUnsupported),
    "chance": (lambda: b"\x01" + random.Random(1).randbytes(5000), AudioFormatUnsupported),
    "one byte": (lambda: b"O", AudioFormatUnsupported),
    "a head alone": (lambda: _opus()[:30], AudioDamaged),
    "a magic alone": (lambda: b"OggS", AudioDamaged),
    "a mark and a text": (lambda: b"OggS" + b"hello " * 500, AudioDamaged),
    "flipped bytes": (lambda: sounds.flipped(_opus()), AudioDamaged),
    "an MP4 without an index": (
        lambda: b"\0\0\0\x18ftypM4A " + bytes(12) + b"\0\0\x40\0mdat" + bytes(9000),
        AudioDamaged,
    ),
    "an index of millions of boxes": (
        lambda: sounds.mp4_of(sounds.box(b"trak", sounds.box(b"free") * 19_000) * 160),
        AudioDamaged,
    ),
    "millions of references": (
        lambda: sounds.mp4_of(sounds.box(b"dref", bytes(8) + sounds.box(b"url ", b"\0\0\0\1") * 12_000) * 160),
        AudioDamaged,
    ),
    "a moment": (lambda: sounds.silence_ogg(1)[:120], AudioDamaged),
    "ten hours of silence": (lambda: sounds.silence_ogg(36_000), AudioTooLong),
    "eleven minutes": (lambda: sounds.silence_ogg(660), AudioTooLong),
    "300 MB": (lambda: bytes(300 * 2**20), AudioTooLarge),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_has_its_own_error_at_once(name):
    make, error = REFUSED[name]
    data = make()
    started = time.process_time()
    with pytest.raises(error):
        audio.decode(data)
    assert time.process_time() - started < 1.0
    assert audio.decode(_opus()).seconds > 1


DECODE_AND_TELL_MEMORY = """
import resource, sys
from voice_app.audio import decode
from voice_app.errors import AudioTooLong
try:
    decode(sys.stdin.buffer.read())
except AudioTooLong:
    print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.parametrize("seconds", [36_000, 700])
def test_memory_stays_bounded(seconds):
    """In a process of its own, the decoder included; without limits ten hours take 1.6 GB.

    A program inherits the peak of the process that starts it, so a shell stands between it and the test run.
    """
    command = ["sh", "-c", '"$0" -W ignore -c "$1"; exit $?', sys.executable, DECODE_AND_TELL_MEMORY]
    done = subprocess.run(
        command, input=sounds.silence_ogg(seconds), capture_output=True, cwd=sounds.SAMPLES.parent, check=True
    )
    assert int(done.stdout) * 1024 < 400 * 2**20


def test_a_decoder_without_memory_ends_and_the_program_goes_on():
    with pytest.raises(AudioDamaged):
        audio.decode(_opus(), limits=audio.DecodeLimits(memory_bytes=32 * 2**20))
    assert audio.decode(_opus()).seconds > 1


def test_a_decoder_that_takes_too_long_is_ended():
    limits = audio.DecodeLimits(max_seconds=40_000, timeout_seconds=0.05)
    with pytest.raises(AudioDecodeTimedOut):
        audio.decode(sounds.silence_ogg(36_000), limits=limits)


def test_the_limit_in_bytes_is_told():
    with pytest.raises(AudioTooLarge) as caught:
        audio.decode(_opus(), limits=audio.DecodeLimits(max_bytes=2**10))
    assert caught.value.details == {"limit_bytes": 1024, "limit_megabytes": 0}


def test_nothing_of_the_environment_reaches_the_decoder(monkeypatch, tmp_path):
    report = tmp_path / "report.log"
    monkeypatch.setenv("FFREPORT", f"file={report}:level=48")
    audio.decode(_opus())
    assert not report.exists()


def test_many_at_once():
    results: list[float] = []
    threads = [threading.Thread(target=lambda: results.append(audio.decode(_opus()).seconds)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert len(results) == 8


def test_no_child_and_no_pipe_is_left():
    process = psutil.Process()
    before, children = process.num_fds(), set(process.children())
    audio.decode(_opus())
    with pytest.raises(AudioDamaged):
        audio.decode(sounds.flipped(_opus()))
    assert process.num_fds() <= before
    assert set(process.children()) <= children
