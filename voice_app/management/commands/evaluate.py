"""Runs labelled utterances through the engines that understand, and prints one table."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from voice_app.evaluation.batches import BatchRun, PendingFile
from voice_app.evaluation.cases import Case, read_cases, spread
from voice_app.evaluation.results import Contender, Results, ResultsInUse, open_results
from voice_app.evaluation.running import Ending, ask_each
from voice_app.evaluation.table import HEADINGS, figures_of, lines_of, row_of
from voice_app.providers.base import Deadline, LanguageUnderstanding
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.llm.batch import BatchModel
from voice_app.providers.registry import LOCAL, Kind, find_engine, known_names, model_name
from voicebot.messages import message_of

UNFINISHED = 3
INTERRUPTED = 130
_LONG_SECONDS = 86_400.0
_BETWEEN_NEWS_SECONDS = 2.0


class Write(Protocol):
    """Where lines go."""

    def __call__(self, msg: str) -> None:
        """Print one."""
        ...


@dataclass(frozen=True)
class Run:
    """One engine's part of the work."""

    engine: LanguageUnderstanding
    batch: BatchModel | None
    """Where it is asked in one."""

    @property
    def contender(self) -> Contender:
        """As the results name it."""
        return self.engine.name, model_name(Kind.LANGUAGE, self.engine.name)

    @property
    def hindrance(self) -> str:
        """Why it cannot be asked; empty when it can."""
        return self.engine.availability().reason


class Command(BaseCommand):
    """``manage.py evaluate FILE... [--engine NAME...] [--batch] [--jsonl OUT]``."""

    help = (
        "Run labelled utterances (JSON lines: text, lang, intent, accept; or text, lang, reference, expect) through "
        "engines: accuracy, latency, tokens and cost in one table. With --jsonl a second run goes on where one stopped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("files", nargs="+", type=Path, help="labelled utterances, one JSON object a line")
        parser.add_argument(
            "--engine", nargs="+", default=[LOCAL], choices=known_names(Kind.LANGUAGE), help="who is asked (local)"
        )
        parser.add_argument("--limit", type=int, default=300, help="so many utterances, evenly spread; 0 is all (300)")
        parser.add_argument("--jsonl", type=Path, help="keep results here, and go on with those that are there")
        parser.add_argument("--again", action="store_true", help="ask again where a result is an error")
        parser.add_argument("--batch", action="store_true", help="half the price, within a day: openai and claude")
        parser.add_argument("--poll", type=float, default=30.0, help="seconds between two looks at a batch (30)")
        parser.add_argument(
            "--seconds", type=float, default=_LONG_SECONDS, help="stop after so long; run again to go on (a day)"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it; the exit status is 1 when an engine is off or stopped for good, 3 when there is more to do."""
        if options["batch"] and options["jsonl"] is None:
            raise CommandError("A batch may outlive this command: name a file for the results with --jsonl.")
        cases = _cases(options["files"], options["limit"])
        runs = [_run_of(name, in_batch=options["batch"]) for name in dict.fromkeys(options["engine"])]
        try:
            with open_results(options["jsonl"]) as results:
                self._evaluate(runs, cases, results, options)
        except ResultsInUse:
            raise CommandError(f"Another run writes to {options['jsonl']}.") from None
        except OSError as error:
            raise CommandError(f"{options['jsonl']} cannot be written: {error.strerror}.") from error

    def _evaluate(self, runs: Sequence[Run], cases: Sequence[Case], results: Results, options: dict[str, Any]) -> None:
        on = [run for run in runs if not run.hindrance]
        problems = [f"{run.engine.name} is off: {run.hindrance}" for run in runs if run.hindrance]
        deadline = Deadline.after(options["seconds"])
        is_whole = True
        try:
            for run in on:
                ending = _asked(run, cases, results, options, deadline, self.stderr.write)
                is_whole &= ending.is_whole
                if ending.error is not None:
                    problems.append(f"{run.engine.name} stopped: {ending.error.code}. {message_of(ending.error)}")
        except KeyboardInterrupt:
            self._print(on, cases, results)
            raise CommandError("Stopped. " + _way_on(options), returncode=INTERRUPTED) from None
        self._print(on, cases, results)
        if problems:
            raise CommandError("\n".join(problems), returncode=1)
        if not is_whole:
            raise CommandError("Not all is done. " + _way_on(options), returncode=UNFINISHED)

    def _print(self, runs: Sequence[Run], cases: Sequence[Case], results: Results) -> None:
        """The table of what there is, also when there is more to come."""
        rows = []
        for run in runs:
            kept = results.of(run.contender)
            rows.append(row_of(*run.contender, figures_of(kept[case.key] for case in cases if case.key in kept)))
        if rows:
            self.stdout.write("\n".join(lines_of(HEADINGS, rows)))


def _cases(files: Sequence[Path], limit: int) -> list[Case]:
    try:
        cases = spread(read_cases(files), max(0, limit))
    except (OSError, ValueError) as error:
        raise CommandError(f"The files cannot be read as labelled utterances: {error}") from error
    if not cases:
        raise CommandError("There are no utterances in the files.")
    return cases


def _run_of(name: str, *, in_batch: bool) -> Run:
    engine = find_engine(Kind.LANGUAGE, name)
    if not isinstance(engine, LanguageUnderstanding):
        raise TypeError(f"{name} does not understand text")
    return Run(engine, batch_model(name) if in_batch else None)


def batch_model(name: str) -> BatchModel | None:
    """The batches of an engine; None where it has none, so that it is asked one by one."""
    from voice_app.providers.llm.claude_batch import ClaudeBatch
    from voice_app.providers.llm.openai_batch import OpenAIBatch

    made: dict[str, Callable[[], BatchModel]] = {
        "openai": OpenAIBatch.from_settings,
        "claude": ClaudeBatch.from_settings,
    }
    return made[name]() if name in made else None


def _asked(
    run: Run, cases: Sequence[Case], results: Results, options: dict[str, Any], deadline: Deadline, write: Write
) -> Ending:
    kept = results.of(run.contender)
    left = [case for case in cases if case.key not in kept or (options["again"] and kept[case.key].error)]
    progress = _News(run.engine.name, write)
    if run.batch is not None and isinstance(run.engine, ModelUnderstanding):
        pending = PendingFile.beside(options["jsonl"])
        batch = BatchRun(run.batch, run.engine, results, pending, options["poll"], deadline, progress)
        return batch.run(cases, unanswered=left)
    seconds = settings.PROVIDER_TIMEOUT_SECONDS
    return ask_each(run.engine, run.contender, left, results, seconds=seconds, deadline=deadline, progress=progress)


def _way_on(options: dict[str, Any]) -> str:
    if options["jsonl"] is None:
        return "With --jsonl FILE a run can be continued."
    return "The same command goes on where this one stopped."


class _News:
    """Says how far an engine is, now and then."""

    def __init__(self, name: str, write: Write) -> None:
        self._name, self._write = name, write
        self._next_at = time.monotonic() + _BETWEEN_NEWS_SECONDS

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next_at:
            self._next_at = now + _BETWEEN_NEWS_SECONDS
            self._write(f"{self._name}: {done} of {total}")
