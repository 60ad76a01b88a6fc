"""``manage.py transcribe`` prints what the engine heard, and why it heard nothing."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.voice_app.audio import sounds

pytestmark = pytest.mark.speech


def _run(*arguments: str) -> tuple[list[dict[str, object]], int]:
    out = io.StringIO()
    code = 0
    try:
        call_command("transcribe", *arguments, "--json", stdout=out)
    except CommandError as error:
        code = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def test_one_line_for_each_file():
    note = sounds.SAMPLES / "today.ogg"
    lines, code = _run(str(note), "--language", "en")
    assert code == 0
    assert lines[0]["text"] == "What do I have to do today?"
    assert lines[0]["file"] == str(note)
    assert lines[0]["engine"] == "whisper-tiny.en"
    assert lines[0]["seconds"] == pytest.approx(2.345, abs=0.1)
    assert lines[0]["elapsed"] > 0


def test_what_cannot_be_heard_is_named_and_the_rest_goes_on(tmp_path):
    text = tmp_path / "note.ogg"
    text.write_text("I am no sound")
    quiet = sounds.SAMPLES / "no-speech.ogg"
    lines, code = _run(str(text), str(tmp_path / "gone.ogg"), str(quiet), str(sounds.SAMPLES / "today.ogg"))
    assert code == 1
    assert [line.get("error") for line in lines] == ["audio_format_unsupported", "file_unreadable", "no_speech", None]
    assert lines[0]["message"]


def test_a_table_for_people():
    out = io.StringIO()
    call_command("transcribe", str(sounds.SAMPLES / "today.ogg"), "--language", "en", stdout=out)
    assert "today.ogg" in out.getvalue()
    assert "What do I have to do today?" in out.getvalue()
