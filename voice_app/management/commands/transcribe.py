"""What is heard in sound files: audio to text alone, with no database."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voice_app.asking.hearing import hear
from voice_app.audio import DecodeLimits, decode
from voice_app.errors import AudioTooLarge
from voice_app.providers.base import Deadline
from voice_app.providers.registry import speech_engines
from voicebot.errors import AppError
from voicebot.messages import message_of

_DEADLINE_SECONDS = 600.0


class Command(BaseCommand):
    """``manage.py transcribe FILE... [--language en] [--json]``."""

    help = "Print what is said in sound files. Exit code 1 when any of them cannot be heard."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="OGG, WebM, MP3, M4A, WAV and others")
        parser.add_argument("--language", help="ISO 639-1 code of what is spoken; detected when left out")
        parser.add_argument("--hint", action="append", default=[], help="a name that may be said; can be repeated")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it."""
        limits = DecodeLimits.from_settings()
        failures = 0
        for path in options["files"]:
            line = _transcribe(path, limits, options["language"], options["hint"])
            failures += "error" in line
            self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else _row(line))
            self.stdout.flush()
        if failures:
            raise CommandError(f"{failures} of {len(options['files'])} could not be heard.", returncode=1)


def _transcribe(path: Path, limits: DecodeLimits, language: str | None, hints: list[str]) -> dict[str, Any]:
    """One line of the answer; ``elapsed`` is seconds from reading the file to its text."""
    started = time.perf_counter()
    line: dict[str, Any] = {"file": str(path), "text": "", "seconds": None, "elapsed": 0.0, "engine": None}
    try:
        clip = decode(_read(path, limits), limits=limits)
        line["seconds"] = round(clip.seconds, 3)
        deadline = Deadline.after(_DEADLINE_SECONDS)
        heard = hear(speech_engines(), clip, language=language, hints=hints, deadline=deadline)
        line |= {
            "text": heard.text,
            "engine": heard.engine,
            "language": heard.language,
            "confidence": heard.confidence,
        }
    except AppError as error:
        line |= {"error": error.code, "message": message_of(error)}
    except OSError as error:
        line |= {"error": "file_unreadable", "message": f"{path}: {error.strerror}."}
    line["elapsed"] = round(time.perf_counter() - started, 3)
    return line


def _read(path: Path, limits: DecodeLimits) -> bytes:
    """The file's bytes, unless there are too many to look at."""
    with path.open("rb") as file:
        data = file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise AudioTooLarge(limit_bytes=limits.max_bytes, limit_megabytes=limits.max_bytes // 2**20)
    return data


def _row(line: dict[str, Any]) -> str:
    length = "" if line["seconds"] is None else f"{line['seconds']:.1f} s"
    said = line.get("message") or line["text"]
    return f"{Path(line['file']).name:<28} {length:>8} {line['elapsed']:>7.2f} s  {line['engine'] or '-':<18} {said}"
