"""Utterances with their intents: read from labelled files, and made from the sentences beside this module."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from voice_app.understanding.lexicon import readings_of

GENERATED = "generated"
_SENTENCES = Path(__file__).with_name("sentences")
_SLOT = re.compile(r"\{(\w+)\}")
_MOST_OF_A_PATTERN = 14


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance and what it means."""

    text: str
    language: str
    intent: str
    accept: tuple[str, ...]
    """Other right answers."""
    source: str
    """Where it comes from; sources that share their makers count as one."""
    weight: float = 1.0

    def is_right(self, intent: str) -> bool:
        """Whether an answer counts as right."""
        return intent == self.intent or intent in self.accept


def read_labelled(paths: Iterable[Path], families: dict[str, str]) -> list[Example]:
    """The examples of files with one JSON object a line: ``text``, ``lang``, ``intent``, ``source``, ``accept``.

    Args:
        paths: The files.
        families: For sources that were made from each other, the name under which they are left out together.

    Raises:
        OSError: When a file cannot be read.
        ValueError: When a line is not such an object.
    """
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            try:
                source = str(row["source"]).split("/", maxsplit=1)[0]
                accept = tuple(row.get("accept", ()))
                family = families.get(source, source)
                found.append(Example(row["text"], row["lang"], row["intent"], accept, family))
            except KeyError as error:
                raise ValueError(f"{path}: a line lacks {error}") from error
    return found


def generate(*, weight: float) -> list[Example]:
    """The examples that the project's own sentences make; the same every time."""
    return [
        example
        for code in sorted(path.stem for path in _SENTENCES.glob("*.toml"))
        for example in _of_language(code, weight)
    ]


def _of_language(code: str, weight: float) -> Iterator[Example]:
    path = _SENTENCES / f"{code}.toml"
    if not path.exists():
        return
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    dice = random.Random(code)  # noqa: S311 - choices for training, not a secret
    for intent, patterns in tables["sentences"].items():
        for pattern in patterns:
            shapes = readings_of(pattern)
            wanted = min(_MOST_OF_A_PATTERN, 2 * len(shapes) if "{" in pattern else len(shapes))
            texts = {_filled(dice.choice(shapes), tables["slots"], dice) for _ in range(3 * wanted)}
            for text in sorted(texts)[:wanted]:
                yield Example(text, code, intent, (), GENERATED, weight)


def _filled(shape: str, slots: dict[str, list[str]], dice: random.Random) -> str:
    while (match := _SLOT.search(shape)) is not None:
        shape = shape[: match.start()] + dice.choice(slots[match[1]]) + shape[match.end() :]
    return " ".join(shape.split())
