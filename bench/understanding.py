"""How well the local understanding does on labelled files, how fast, and what other libraries do where installed.

    python -m bench.understanding --data FOLDER [--least 20]

The folder holds ``intents*.jsonl`` (``text, lang, source, intent, accept?``) and ``dates*.jsonl`` (``text, lang,
source, reference, expect: {start, grain, rrule?}, accept?``). Every line is asked once in one process. For files that
the statistical model was trained on, intents are what it remembers; ``manage.py train_understanding --dry-run`` tells
what it does on sentences and sources that it has not seen. Then come the texts of 500 characters that make it work
hardest, each beside a short sentence in the same run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.time_libraries import Moment, installed_libraries
from tests.understanding.hostile import repetitions, rows_of_commands
from voice_app.evaluation.times import is_moment_right, is_rule_right
from voice_app.types import Utterance
from voice_app.understanding import interpret

Row = dict[str, Any]
_SAID_AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
_MILLION = 1_000_000
_SHORT = "remind me to call mum tomorrow at five"
_TURNS = 5


@dataclass
class Score:
    """What one group of rows came to."""

    rows: int = 0
    strict: int = 0
    accepted: int = 0
    idle: int = 0
    false_accepts: int = 0
    took: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """The figures as one line of a table."""
        shares = f"{100 * self.strict / self.rows:6.1f}  {100 * self.accepted / self.rows:6.1f}"
        wrong = f"{100 * self.false_accepts / self.idle:6.1f}" if self.idle else "     -"
        return f"{name:<44} {shares}  {wrong}  {statistics.median(self.took):8.0f}  {self.rows:6}"


def read(folder: Path, pattern: str) -> list[Row]:
    """The rows of all files of a kind."""
    lines = [line for path in sorted(folder.glob(pattern)) for line in path.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def groups_of(row: Row, kind: str) -> Iterator[str]:
    """The groups that a row counts in: its language, its source, its kind."""
    source = row["source"].split("/")[0]
    yield from (f"{row['lang']}", f"{row['lang']} {source}", f"{row['lang']} [{kind}]")


def measure_intents(rows: Iterable[Row]) -> dict[str, Score]:
    """Our own answers on rows with an intent."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        utterance = Utterance(text=row["text"], language=row["lang"], said_at=_SAID_AT, locale=None)
        started = time.perf_counter()
        intent = interpret(utterance).commands[0].intent.value
        took = (time.perf_counter() - started) * _MILLION
        accepted = intent == row["intent"] or intent in row.get("accept", ())
        for name in groups_of(row, row["intent"]):
            score = scores[name]
            score.rows += 1
            score.strict += intent == row["intent"]
            score.accepted += accepted
            score.idle += row["intent"] == "none"
            score.false_accepts += row["intent"] == "none" and not accepted
            score.took.append(took)
    return scores


def own_moment(text: str, language: str, said_at: dt.datetime) -> Moment:
    """What our engine computes for a text."""
    command = interpret(Utterance(text=text, language=language, said_at=said_at, locale=None)).commands[0]
    due = None if command.due is None else dt.datetime.fromisoformat(command.due).replace(tzinfo=None)
    return Moment(due, command.due_has_time, command.rrule)


def measure_dates(rows: Iterable[Row], ask: Callable[[str, str, dt.datetime], Moment]) -> dict[str, Score]:
    """The answers of an engine on rows with a moment or a rule."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        said_at = dt.datetime.fromisoformat(row["reference"]).replace(tzinfo=dt.UTC)
        started = time.perf_counter()
        moment = ask(row["text"], row["lang"], said_at)
        took = (time.perf_counter() - started) * _MILLION
        right = is_right(row, moment)
        kind = "recurrence" if "rrule" in row["expect"] else row.get("kind", "date")
        for name in groups_of(row, kind):
            score = scores[name]
            score.rows += 1
            score.strict += right
            score.accepted += right
            score.took.append(took)
    return scores


def is_right(row: Row, moment: Moment) -> bool:
    """Whether a moment is one of those that a row expects, as exactly as its grain asks."""
    expect = row["expect"]
    if "rrule" in expect:
        return is_rule_right(expect["rrule"], moment.rrule)
    found = moment.start.isoformat() if moment.start else None
    return is_moment_right((expect["start"], *row.get("accept", ())), expect.get("grain", "day"), found)


def show(title: str, scores: dict[str, Score], least: int) -> None:
    """Print a table; groups with few rows are left out."""
    print(f"\n{title:<44} strict  accept  falseacc  median us    rows")
    for name in sorted(scores):
        if scores[name].rows >= least:
            print(scores[name].line(name))


def measure_hostile(title: str, texts: Iterable[tuple[str, str]]) -> None:
    """Print the processor time of long texts, and how many short sentences would take as long."""
    took = sorted(_processor_ms(text, language) for text, language in texts)
    short = _processor_ms(_SHORT, "en")
    print(
        f"{title:<44} median {statistics.median(took):5.2f} ms, longest {took[-1]:5.2f} ms, "
        f"{took[-1] / short:.1f} times a short sentence ({short:.2f} ms)"
    )


def _processor_ms(text: str, language: str) -> float:
    """The shortest of some turns, so that what else the machine does counts little."""
    utterance = Utterance(text=text, language=language, said_at=_SAID_AT, locale=None)
    turns = []
    for _ in range(_TURNS):
        started = time.thread_time()
        interpret(utterance)
        turns.append((time.thread_time() - started) * 1000)
    return min(turns)


def main() -> None:
    """Measure all that the folder holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with intents*.jsonl and dates*.jsonl")
    parser.add_argument("--least", type=int, default=20, help="leave out groups with fewer rows")
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, one process")
    interpret(Utterance(text="warm up", language="en", said_at=_SAID_AT))
    intents, dates = read(options.data, "intents*.jsonl"), read(options.data, "dates*.jsonl")
    if intents:
        show("intents", measure_intents(intents), options.least)
    if dates:
        show("dates", measure_dates(dates, own_moment), options.least)
        for name, library in installed_libraries().items():
            known = [row for row in dates if row["lang"] in library.languages]
            show(f"dates, {name}", measure_dates(known, library.ask), options.least)
    print()
    measure_hostile("500 characters of one word again and again", repetitions().values())
    measure_hostile("500 characters of a dozen commands", rows_of_commands().values())


if __name__ == "__main__":
    main()
