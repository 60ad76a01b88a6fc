"""Asks a provider about labelled utterances in one batch, which may outlive the command that handed it in."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from voice_app.evaluation.cases import Case
from voice_app.evaluation.results import Contender, Results, result_of
from voice_app.evaluation.running import Ending, Progress
from voice_app.providers.base import Deadline, Understood
from voice_app.providers.errors import (
    ProviderAnswerUnusable,
    ProviderError,
    ProviderModelMissing,
    ProviderRequestRefused,
)
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.llm.batch import (
    MAX_BATCH_REQUESTS,
    BatchAnswer,
    BatchModel,
    BatchProgress,
    BatchRequest,
    BatchState,
)
from voice_app.providers.llm.prompts import first_messages
from voice_app.providers.llm.proposal import answer_schema
from voicebot.errors import AppError

SUBMIT_SECONDS = 300.0
LOOK_SECONDS = 30.0
FETCH_SECONDS = 600.0


class Pending(BaseModel):
    """A batch that was handed in."""

    model_config = ConfigDict(frozen=True)

    id: str
    keys: tuple[str, ...]
    """Of the utterances in it."""


@dataclass(frozen=True)
class PendingFile:
    """Which batches are under way, beside the file of the results."""

    path: Path

    @classmethod
    def beside(cls, results: Path) -> PendingFile:
        """That of a file of results."""
        return cls(results.with_name(f"{results.name}.batches"))

    def find(self, contender: Contender) -> Pending | None:
        """The batch of an engine and model."""
        return self._read().get(_name(contender))

    def keep(self, contender: Contender, pending: Pending | None) -> None:
        """Remember a batch, or forget it; what the file says is whole at any moment."""
        known = self._read()
        known.pop(_name(contender), None)
        if pending is not None:
            known[_name(contender)] = pending
        if not known:
            self.path.unlink(missing_ok=True)
            return
        fresh = self.path.with_name(f"{self.path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({name: batch.model_dump() for name, batch in known.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def _read(self) -> dict[str, Pending]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return {name: Pending.model_validate(batch) for name, batch in told.items()}
        except (FileNotFoundError, ValueError, ValidationError, AttributeError):
            return {}


def _name(contender: Contender) -> str:
    return ":".join(contender)


@dataclass(frozen=True)
class BatchRun:
    """One engine's way through a batch.

    Args:
        model: Whose batch.
        reader: Turns answers into commands; one that would need a second round counts as none.
        results: Where the results go.
        pending: Where the batch is remembered.
        poll_seconds: Between two looks.
        deadline: When this command stops waiting; the batch goes on.
        progress: Told after each look.
    """

    model: BatchModel
    reader: ModelUnderstanding
    results: Results
    pending: PendingFile
    poll_seconds: float
    deadline: Deadline
    progress: Progress

    @property
    def _contender(self) -> Contender:
        return self.model.name, self.model.model

    def run(self, cases: Sequence[Case], *, unanswered: Sequence[Case]) -> Ending:
        """Hand in what has no answer, unless a batch is under way; wait for it and keep what it tells.

        Args:
            cases: All that may be in a batch that is under way.
            unanswered: Those to hand in.
        """
        try:
            batch = self.pending.find(self._contender)
            if batch is None and unanswered:
                batch = self._submit(unanswered[:MAX_BATCH_REQUESTS])
            if batch is None:
                return Ending(is_whole=True)
            state = self._wait(batch)
            if state is BatchState.ENDED:
                self._collect(batch, {case.key: case for case in cases})
        except ProviderModelMissing as error:
            self.pending.keep(self._contender, None)
            return Ending(is_whole=False, error=error)
        except ProviderError as error:
            return Ending(is_whole=False, error=error)
        if state is BatchState.REFUSED:
            self.pending.keep(self._contender, None)
            return Ending(is_whole=False, error=ProviderRequestRefused(provider=self.model.name))
        kept = self.results.of(self._contender)
        return Ending(is_whole=state is BatchState.ENDED and all(case.key in kept for case in cases))

    def _submit(self, cases: Sequence[Case]) -> Pending:
        requests = [BatchRequest(case.key, tuple(first_messages(case.utterance))) for case in cases]
        deadline = Deadline.after(SUBMIT_SECONDS)
        batch_id = self.model.submit(requests, schema=answer_schema(), deadline=deadline)
        batch = Pending(id=batch_id, keys=tuple(case.key for case in cases))
        self.pending.keep(self._contender, batch)
        return batch

    def _wait(self, batch: Pending) -> BatchState:
        while True:
            told = self._look(batch)
            self.progress(told.done, told.total or len(batch.keys))
            if told.state is not BatchState.RUNNING or not self.deadline.remaining_seconds:
                return told.state
            time.sleep(min(self.poll_seconds, self.deadline.remaining_seconds))

    def _look(self, batch: Pending) -> BatchProgress:
        """How far it is; a provider that cannot say so just now is asked again."""
        try:
            return self.model.progress(batch.id, deadline=Deadline.after(LOOK_SECONDS))
        except ProviderError as error:
            if error.needs_operator:
                raise
            return BatchProgress(BatchState.RUNNING)

    def _collect(self, batch: Pending, cases: dict[str, Case]) -> None:
        missing = set(batch.keys)
        for answer in self.model.results(batch.id, deadline=Deadline.after(FETCH_SECONDS)):
            if answer.key in missing and answer.key in cases:
                case = cases[answer.key]
                self.results.add(result_of(case, self._contender, self._outcome(case, answer), seconds=None))
                missing.discard(answer.key)
        for key in sorted(missing & cases.keys()):
            failure = ProviderError(provider=self.model.name)
            self.results.add(result_of(cases[key], self._contender, failure, seconds=None))
        self.pending.keep(self._contender, None)

    def _outcome(self, case: Case, answer: BatchAnswer) -> Understood | AppError:
        if answer.completion is None:
            return answer.error or ProviderError(provider=self.model.name)
        found = self.reader.understand_again(case.utterance, answer.completion.text)
        if found is not None:
            return Understood(found.understanding, answer.completion.usage)
        failure = ProviderAnswerUnusable(provider=self.model.name)
        failure.usage = answer.completion.usage
        return failure
