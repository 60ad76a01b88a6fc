"""Examples as the model sees them at work: each goes through the same rules as what people say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from voice_app.types import Utterance
from voice_app.understanding.engine import read_clauses
from voice_app.understanding.evidence import Evidence, evidence_of
from voice_app.understanding.frames import FrameReading, read_frame
from voice_app.understanding.training.examples import Example
from voice_app.understanding.units import symbols

_SAID_AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Row:
    """An example with its features."""

    example: Example
    evidence: Evidence
    frame: FrameReading
    settled: str | None = None
    """The intent of a set phrase, which is never asked of the model."""


def rows_of(examples: Iterable[Example]) -> list[Row]:
    """The features of the first clause of each example."""
    found = []
    for example in examples:
        utterance = Utterance(text=example.text, language=example.language, said_at=_SAID_AT, locale=None)
        settled, clauses = read_clauses(utterance)
        if not clauses:
            continue
        line = symbols(clauses[0].units)
        frame = read_frame(line)
        intent = settled.intent.value if settled is not None else None
        found.append(Row(example, evidence_of(clauses[0], line, frame.name), frame, intent))
    return found
