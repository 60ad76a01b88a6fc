"""Labels: which answers are right, and which utterances are asked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tasks_app.intents import Intent
from voice_app.evaluation.cases import read_cases, spread
from voice_app.evaluation.results import Result
from voice_app.evaluation.table import figures_of, lines_of
from voice_app.types import SpokenCommand, Understanding


def judged(tmp_path: Path, label: dict[str, object], **command: object) -> tuple[bool, bool]:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"text": "call Anna", "lang": "en"} | label))
    first = SpokenCommand.model_validate({"intent": "create_task"} | command)
    understanding = Understanding(text="call Anna", language="en", engine="local", confidence=0.9, commands=(first,))
    return read_cases([path])[0].judge(understanding)


RULE = {"expect": {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU"}}
DAY = {"expect": {"start": "2026-11-24T00:00:00", "grain": "day"}, "reference": "2026-11-22T10:00:00"}


@pytest.mark.parametrize(
    ("label", "command", "verdict"),
    [
        ({"intent": "create_task"}, {}, (True, True)),
        ({"intent": "update_task", "accept": ["create_task"]}, {}, (False, True)),
        ({"intent": "update_task"}, {}, (False, False)),
        (DAY, {"due": "2026-11-24"}, (True, True)),
        (DAY, {"due": "2026-11-24T17:00:00+01:00", "due_has_time": True}, (True, True)),
        (DAY, {"due": "2026-11-25"}, (False, False)),
        (DAY, {}, (False, False)),
        (DAY | {"accept": ["2026-11-25T00:00:00"]}, {"due": "2026-11-25"}, (False, True)),
        ({"expect": {"start": "2026-11-23T00:00:00", "grain": "week"}}, {"due": "2026-11-29"}, (True, True)),
        ({"expect": {"start": "2026-11-01T00:00:00", "grain": "month"}}, {"due": "2026-12-01"}, (False, False)),
        (RULE, {"rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,MO;WKST=SU"}, (True, True)),
        (RULE, {"rrule": "FREQ=DAILY"}, (False, False)),
    ],
)
def test_an_answer_is_judged_by_its_label(
    tmp_path: Path, label: dict[str, object], command: dict[str, object], verdict: tuple[bool, bool]
) -> None:
    assert judged(tmp_path, label, **command) == verdict


def test_what_stands_twice_is_asked_once(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    row = {"text": "buy milk", "lang": "en", "intent": Intent.CREATE_TASK, "source": "ours"}
    later = row | {"reference": "2026-11-23T10:00:00+01:00"}
    path.write_text("\n".join(map(json.dumps, (row, row, later))) + "\n\n")
    first, second = read_cases([path, path])
    assert first.key != second.key
    assert second.utterance.said_at == dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def test_a_few_are_taken_evenly() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread(range(3), 0) == spread(range(3), 5) == [0, 1, 2]


def test_figures_count_what_was_not_answered_as_wrong() -> None:
    good = Result(key="1", engine="a", strict=True, accepted=True, answered_by="a", seconds=0.01, cost_usd=0.5)
    bad = Result(key="2", engine="a", error="provider_failed", seconds=0.03, input_tokens=7)
    figures = figures_of([good, bad])
    assert (figures.strict, figures.answered, figures.median_seconds, figures.slow_seconds) == (50, 50, 0.02, 0.03)
    assert (figures.cost_usd, figures.input_tokens, figures.errors) == (0.5, 7, {"provider_failed": 1})
    assert figures_of([]).median_seconds is None


def test_a_table_has_straight_columns() -> None:
    assert lines_of(("engine", "n"), [("local", "4"), ("a", "300")]) == ["engine    n", "local     4", "a       300"]
