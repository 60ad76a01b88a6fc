"""What engines made of labelled utterances, kept line by line so that a run that ended early goes on."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from voice_app.evaluation.cases import Case
from voice_app.providers.attempts import spent_in_vain
from voice_app.providers.base import Understood
from voice_app.types import Usage
from voicebot.errors import AppError

Contender: TypeAlias = tuple[str, str]
"""Engine and model."""


class Result(BaseModel):
    """One answer of one engine; it holds nothing of what was said or answered."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Of the utterance."""
    engine: str
    model: str = ""
    answered_by: str = ""
    """The engine whose answer it is, where a chain was asked; empty without an answer."""
    strict: bool = False
    accepted: bool = False
    confidence: float | None = None
    error: str = ""
    """Code, where there was no answer."""
    seconds: float | None = None
    """Until the answer came; None in a batch."""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    @property
    def contender(self) -> Contender:
        """Whose result it is."""
        return self.engine, self.model


def result_of(
    case: Case,
    contender: Contender,
    outcome: Understood | AppError,
    *,
    seconds: float | None,
    spent: Usage | None = None,
) -> Result:
    """The result of one asking.

    Args:
        case: What was asked.
        contender: Who was asked.
        outcome: The answer, or why there is none.
        seconds: Until then; None in a batch.
        spent: What it took in all, where that is not what the outcome tells.
    """
    engine, model = contender
    usage = spent or (spent_in_vain(outcome) if isinstance(outcome, AppError) else outcome.usage)
    result = Result(
        key=case.key,
        engine=engine,
        model=model,
        seconds=seconds,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=usage.cost_usd,
    )
    if isinstance(outcome, AppError):
        return result.model_copy(update={"error": outcome.code})
    strict, accepted = case.judge(outcome.understanding)
    told = {"strict": strict, "accepted": accepted, "confidence": outcome.understanding.confidence}
    return result.model_copy(update=told | {"answered_by": outcome.understanding.engine})


class ResultsInUse(Exception):
    """Another run writes to the same file."""


@dataclass
class Results:
    """The results of this run and of those before it; the latest of an utterance counts."""

    _file: BinaryIO | None = None
    _kept: dict[tuple[Contender, str], Result] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Keep one; it is in the file before this returns."""
        self._kept[result.contender, result.key] = result
        if self._file is not None:
            self._file.write(result.model_dump_json().encode() + b"\n")
            self._file.flush()

    def of(self, contender: Contender) -> Mapping[str, Result]:
        """The results of one engine and model by the keys of the utterances."""
        return {key: result for (owner, key), result in self._kept.items() if owner == contender}


def read_results(path: Path) -> Iterator[Result]:
    """The results in a file; a line that a kill cut short is passed over.

    Raises:
        OSError: When it cannot be read.
    """
    with path.open("rb") as file:
        yield from _results(file)


@contextmanager
def open_results(path: Path | None) -> Iterator[Results]:
    """Results that are kept in a file, with those that are in it already; in memory only without one.

    Raises:
        OSError: When the file cannot be written.
        ResultsInUse: Another run has it.
    """
    if path is None:
        yield Results()
        return
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ResultsInUse from None
        file.seek(0)
        kept = {(result.contender, result.key): result for result in _results(file)}
        if _is_cut_short(file):
            file.write(b"\n")
        yield Results(file, kept)


def _results(file: BinaryIO) -> Iterator[Result]:
    for line in file:
        try:
            yield Result.model_validate_json(line)
        except ValidationError:
            continue


def _is_cut_short(file: BinaryIO) -> bool:
    if not file.seek(0, 2):
        return False
    file.seek(-1, 2)
    return file.read(1) != b"\n"
