"""Labelled utterances: what was said, and which answers are right."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tasks_app.intents import Intent
from voice_app.evaluation.times import is_moment_right, is_rule_right
from voice_app.types import Understanding, Utterance

SAID_AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
"""Of utterances that do not say when they were said."""
_KEY_CHARACTERS = 24

T = TypeVar("T")


class Expected(BaseModel):
    """The moment or the rule of the first command."""

    model_config = ConfigDict(frozen=True)

    start: str | None = None
    """ISO date or datetime."""
    grain: str = "day"
    rrule: str | None = None


class Labelled(BaseModel):
    """One line of a file; what else it holds is not looked at."""

    model_config = ConfigDict(frozen=True)

    text: str
    lang: str | None = None
    intent: Intent | None = None
    accept: tuple[str, ...] = ()
    """Other right intents; other right moments in a line with a moment."""
    reference: dt.datetime | None = None
    """When it was said; in UTC where it has no offset."""
    expect: Expected | None = None


@dataclass(frozen=True)
class Case:
    """An utterance with its label."""

    line: Labelled

    @cached_property
    def key(self) -> str:
        """Tells it from all others and tells nobody what was said."""
        told = json.dumps([self.line.text, self.line.lang, self.utterance.said_at.isoformat()])
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:_KEY_CHARACTERS]

    @cached_property
    def utterance(self) -> Utterance:
        """As an engine is given it: of nobody, with no names of their own."""
        said_at = self.line.reference or SAID_AT
        said_at = said_at if said_at.tzinfo else said_at.replace(tzinfo=dt.UTC)
        return Utterance(self.line.text, self.line.lang, said_at, locale=None)

    def judge(self, understanding: Understanding) -> tuple[bool, bool]:
        """Whether the first command is the one that the label names, and whether it is any right one."""
        first, line = understanding.commands[0], self.line
        strict = line.intent is None or first.intent is line.intent
        accepted = strict or (line.expect is None and first.intent.value in line.accept)
        if line.expect is None:
            return strict, accepted
        if line.expect.rrule is not None:
            is_right = is_rule_right(line.expect.rrule, first.rrule)
            return strict and is_right, accepted and is_right
        wanted = [line.expect.start] if line.expect.start else []
        is_first = is_moment_right(wanted, line.expect.grain, first.due)
        is_any = is_first or is_moment_right(line.accept, line.expect.grain, first.due)
        return strict and is_first, accepted and is_any


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """The utterances of files with one JSON object a line; one that stands there twice counts once.

    Raises:
        OSError: When a file cannot be read.
        ValueError: When a line is no labelled utterance; the text names it and holds nothing of it.
    """
    found: dict[str, Case] = {}
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                case = _read(line, f"{path}, line {number}")
                found.setdefault(case.key, case)
    return list(found.values())


def spread(items: Sequence[T], limit: int) -> list[T]:
    """At most so many of them, evenly from beginning to end, so that a sorted file gives some of all; 0 is all."""
    if not limit or len(items) <= limit:
        return list(items)
    return [items[place * len(items) // limit] for place in range(limit)]


def _read(line: str, where: str) -> Case:
    try:
        labelled = Labelled.model_validate_json(line)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) or "JSON" for problem in error.errors()[:3])
        raise ValueError(f"{where}: wrong or missing: {places}") from None
    if labelled.intent is None and labelled.expect is None:
        raise ValueError(f"{where}: neither intent nor expect")
    return Case(labelled)
