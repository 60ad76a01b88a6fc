"""What a speaker says in these tests, and commands as the tables write them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from voice_app.types import SpokenCommand, Understanding, Utterance, Vocabulary
from voice_app.understanding import interpret

TABLES = Path(__file__).parent / "tables"
SAID_AT = dt.datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/London"))
VOCABULARY = Vocabulary(
    projects=("Groceries", "Work", "Garden"),
    labels=("errand", "home"),
    people=("Anna", "Ben"),
    tasks=("Call the dentist", "Finish the report"),
)
READS_ONLY = {"list_tasks", "agenda", "none", "undo", "help"}
"""For these the filters say when; due only repeats them."""


def understand(text: str, language: str | None = "en") -> Understanding:
    """What the engine makes of a text, said by a speaker with some names of their own."""
    return interpret(Utterance(text=text, language=language, said_at=SAID_AT, vocabulary=VOCABULARY))


def told(command: SpokenCommand) -> str:
    """A command as the tables write it: ``intent | field=value | +filter=value``."""
    fields = command.model_dump(mode="json", exclude_defaults=True)
    intent = fields.pop("intent")
    filters = fields.pop("filters", None) or {}
    left_out = {"said", "due_has_time"} | ({"due", "end"} if intent in READS_ONLY else set())
    shown = [f"{name}={_value(value)}" for name, value in fields.items() if name not in left_out]
    return " | ".join([intent, *shown, *(f"+{name}={_value(value)}" for name, value in filters.items())])


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value).replace(":00+00:00", "")


def read_table(name: str) -> list[tuple[str, list[str]]]:
    """The rows of a table: what is said, and the commands that stand indented below it."""
    rows: list[tuple[str, list[str]]] = []
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            rows[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            rows.append((line, []))
    return rows
