"""Every accepted container gives its sound, whole or in part."""

from __future__ import annotations

import numpy as np
import pytest

from tests.voice_app.audio import sounds
from voice_app import audio
from voice_app.audio.mp4 import move_index_to_front
from voice_app.types import SAMPLE_RATE


@pytest.fixture(scope="module")
def note():
    return audio.decode(sounds.NOTE.read_bytes())


def _loudness(clip, seconds=0.1):
    frame = int(seconds * SAMPLE_RATE)
    whole = clip.samples[: len(clip.samples) // frame * frame].reshape(-1, frame)
    return np.sqrt((whole**2).mean(axis=1))


def _assert_same_sound(clip, original):
    assert clip.seconds == pytest.approx(original.seconds, abs=0.25)
    assert clip.samples.dtype == np.float32
    assert np.isfinite(clip.samples).all()
    assert np.abs(clip.samples).max() <= 1.0
    ours, theirs = _loudness(clip), _loudness(original)
    length = min(len(ours), len(theirs))
    likeness = max(
        np.corrcoef(ours[max(0, lag) : length + min(0, lag)], theirs[max(0, -lag) : length - max(0, lag)])[0, 1]
        for lag in (-1, 0, 1)
    )
    assert likeness > 0.9


@pytest.mark.parametrize("name", sounds.CONTAINERS)
def test_reads_every_container(name, note, tmp_path):
    suffix, options = sounds.CONTAINERS[name]
    _assert_same_sound(audio.decode(sounds.convert(tmp_path, suffix, options)), note)


def test_reads_the_sound_of_a_video_note(note, tmp_path):
    _assert_same_sound(audio.decode(sounds.video_note(tmp_path)), note)


def test_an_index_at_the_end_gives_the_same_samples(tmp_path):
    last = sounds.convert(tmp_path, "m4a", ["-c:a", "aac"])
    first = sounds.convert(tmp_path, "m4a", ["-c:a", "aac", "-movflags", "+faststart"])
    assert last.index(b"moov") > last.index(b"mdat")
    assert np.array_equal(audio.decode(last).samples, audio.decode(first).samples)


def test_an_index_at_the_front_stays_where_it_is(tmp_path):
    first = sounds.convert(tmp_path, "m4a", ["-c:a", "aac", "-movflags", "+faststart"])
    assert move_index_to_front(first) is first


@pytest.mark.parametrize("cut", [8, 30, 200, 3000])
def test_a_cut_index_is_survived(cut, tmp_path):
    data = sounds.convert(tmp_path, "m4a", ["-c:a", "aac"])
    start = data.index(b"moov") - 4
    assert isinstance(move_index_to_front(data[: start + cut]), bytes)


@pytest.mark.parametrize("name", ["telegram voice", "browser webm without duration", "mp3 with tag", "wav", "flac"])
def test_half_a_file_gives_its_first_half(name, note, tmp_path):
    suffix, options = sounds.CONTAINERS[name]
    data = sounds.convert(tmp_path, suffix, options)
    clip = audio.decode(data[: len(data) // 2])
    assert note.seconds * 0.2 < clip.seconds < note.seconds * 0.8


def test_what_a_wav_says_of_its_size_is_not_believed(note, tmp_path):
    data = bytearray(sounds.convert(tmp_path, "wav", ["-c:a", "pcm_s16le"]))
    place = data.index(b"data") + 4
    data[place : place + 4] = b"\xf0\xff\xff\x7f"
    _assert_same_sound(audio.decode(bytes(data)), note)


def test_a_note_just_within_the_limit_is_taken(note):
    limits = audio.DecodeLimits(max_seconds=note.seconds + 0.5)
    assert audio.decode(sounds.NOTE.read_bytes(), limits=limits).seconds == note.seconds


def test_levels():
    clips = sounds.noise_clips()
    assert audio.level_dbfs(clips["tone"]) == pytest.approx(-13.5, abs=0.5)
    assert audio.level_dbfs(clips["silence"]) == float("-inf")
    assert audio.is_near_silent(clips["silence"])
    assert not audio.is_near_silent(clips["tone"])
