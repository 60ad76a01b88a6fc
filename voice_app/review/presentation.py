"""A command's timeline and meaning as an administrator reads them; values for templates, no HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from voice_app.models import StageRecord

WIDTH = 1000.0
"""Units across a timeline's drawing."""
THINNEST = 4.0
"""So that a stage of no time still is seen."""


@dataclass(frozen=True)
class StageBar:
    """One stage on its attempt's timeline; numbers for the drawing are text, free of any locale."""

    record: StageRecord
    milliseconds: str
    x: str
    width: str


@dataclass(frozen=True)
class Attempt:
    """The stages of one attempt, on one scale."""

    number: int
    milliseconds: str
    bars: tuple[StageBar, ...]


@dataclass(frozen=True)
class Field:
    """One thing that was understood, with the words that it came from."""

    name: str
    value: str
    said: str


@dataclass(frozen=True)
class MeaningRow:
    """One command of an utterance."""

    intent: str
    fields: tuple[Field, ...]


def build_attempts(records: Iterable[StageRecord]) -> list[Attempt]:
    """The timelines, oldest first; each attempt has a scale of its own, since hours may lie between two."""
    ordered = sorted(records, key=lambda record: (record.attempt, record.started_at, record.pk))
    return [_build_attempt(number, list(group)) for number, group in groupby(ordered, key=lambda row: row.attempt)]


def _build_attempt(number: int, records: list[StageRecord]) -> Attempt:
    begin = records[0].started_at
    offsets = [(record.started_at - begin).total_seconds() for record in records]
    total = max(offset + record.seconds for offset, record in zip(offsets, records, strict=True))
    scale = WIDTH / total if total > 0 else 0.0
    bars = []
    for offset, record in zip(offsets, records, strict=True):
        width = min(WIDTH, max(THINNEST, record.seconds * scale))
        x = min(offset * scale, WIDTH - width)
        bars.append(StageBar(record, _milliseconds(record.seconds), f"{x:.1f}", f"{width:.1f}"))
    return Attempt(number, _milliseconds(total), tuple(bars))


def build_meaning(entities: dict[str, Any]) -> list[MeaningRow]:
    """The understood commands, each as its fields that are set."""
    rows = []
    for command in entities.get("commands", []):
        said = command.get("said", {})
        fields = [
            Field(name, _as_text(value), said.get(name, ""))
            for name, value in command.items()
            if name not in {"intent", "said"} and _is_set(value)
        ]
        rows.append(MeaningRow(command.get("intent", ""), tuple(fields)))
    return rows


def build_results(results: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """What each command did, as names and values, those that are set."""
    return [[(name, _as_text(value)) for name, value in result.items() if _is_set(value)] for result in results]


def _is_set(value: object) -> bool:
    return value not in (None, "", [], {}, False)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}"
