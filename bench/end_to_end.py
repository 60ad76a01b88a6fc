"""From a voice to the right command: what the recogniser's mistakes cost, on recordings whose words are known.

Usage, from the project's root:
    .venv/bin/python -m bench.end_to_end --data DIR [--limit 200]

``DIR`` holds ``manifest.jsonl``, one recording a line: ``{"ogg": path, "text": words, "lang": code, "id": name}``;
lines whose ``text_kind`` is not ``exact`` are left out. The right command is what the engine makes of the true words;
the answer is what it makes of the words that the recogniser gave. Only utterances that ask for something count.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SAID_AT = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ALIKE = 85
"""Percent of letters in order from which two titles name the same thing: one misheard word in a long one."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder with manifest.jsonl")
    parser.add_argument("--limit", type=int, default=0, help="only so many recordings")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")
    import django

    django.setup()
    figures: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row in list(recordings(options.data))[: options.limit or None]:
        compared = compare(options.data, row)
        if compared:
            figures[f"{row['lang']} {row['id'].split('-')[0]}"].append(compared)
            figures["all"].append(compared)
    report(figures)


def recordings(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of the manifest whose words are known."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("text_kind", "exact") == "exact" and row.get("text"):
            yield row


def compare(folder: Path, row: dict[str, Any]) -> dict[str, float] | None:
    """What was right for one recording; None when its true words ask for nothing."""
    wanted = understood(row["text"], row["lang"])
    if wanted[0]["intent"] == "none":
        return None
    began = time.perf_counter()
    text = heard(folder / row["ogg"], row["lang"])
    got = understood(text, row["lang"]) if text else []
    seconds = time.perf_counter() - began
    pairs = list(zip(wanted, got, strict=False))
    is_complete = len(wanted) == len(got)
    right = {
        "intent": is_complete and all(one["intent"] == other["intent"] for one, other in pairs),
        "time": is_complete and all(when(one) == when(other) for one, other in pairs),
        "words": is_complete and all(alike(one, other) for one, other in pairs),
    }
    return {**{name: float(value) for name, value in right.items()}, "all": float(all(right.values())), "s": seconds}


def heard(path: Path, language: str) -> str:
    """The recogniser's words; empty when it heard none."""
    from voice_app import audio
    from voice_app.asking.hearing import hear
    from voice_app.providers.base import Deadline
    from voice_app.providers.registry import speech_engines
    from voicebot.errors import AppError

    clip = audio.decode(path.read_bytes())
    try:
        return hear(speech_engines(), clip, language=language, hints=(), deadline=Deadline.after(60.0)).text
    except AppError:
        return ""


def understood(text: str, language: str) -> list[dict[str, Any]]:
    """The commands of a text."""
    from voice_app.types import Utterance
    from voice_app.understanding import interpret

    commands = interpret(Utterance(text=text, language=language, said_at=SAID_AT)).commands
    return [command.model_dump(mode="json") for command in commands]


def when(command: dict[str, Any]) -> tuple[Any, ...]:
    """All that a command says of time."""
    return command["due"], command["end"], command["rrule"], tuple(command["remind"])


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two commands name the same thing, give or take a misheard word."""
    from rapidfuzz import fuzz

    names = [" ".join(filter(None, (c["title"], c["task"], c["project"]))).casefold() for c in (one, other)]
    return names[0] == names[1] or fuzz.ratio(*names) >= ALIKE


def report(figures: dict[str, list[dict[str, float]]]) -> None:
    """A table by language and kind of recording."""
    print(f"{'':20s}{'n':>5s}{'intent':>9s}{'time':>9s}{'words':>9s}{'all right':>11s}{'median s':>10s}")
    for name, rows in sorted(figures.items()):
        shares = [100 * statistics.mean(row[key] for row in rows) for key in ("intent", "time", "words", "all")]
        seconds = statistics.median(row["s"] for row in rows)
        print(f"{name:20s}{len(rows):5d}" + "".join(f"{share:8.1f}%" for share in shares) + f"{seconds:12.2f}")


if __name__ == "__main__":
    main()
