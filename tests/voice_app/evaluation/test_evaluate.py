"""``manage.py evaluate``: one table, runs that go on where one stopped, and batches that outlive the command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.fakes.anthropic_server import KEY as CLAUDE_KEY
from tests.fakes.batches import AnthropicBatches, BatchPlan, Fate, OpenAIBatches
from tests.fakes.openai_server import KEY as OPENAI_KEY
from tests.fakes.outcomes import Outcome

SAID = ("buy milk", "show my tasks", "what is the weather", "undo that")
LABELS = ("create_task", "list_tasks", "none", "undo")
NOTHING = '{"commands": [{"intent": "none"}]}'

Evaluate: TypeAlias = Callable[..., tuple[str, int]]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    rows = [{"text": text, "lang": "en", "intent": label} for text, label in zip(SAID, LABELS, strict=True)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture
def evaluate(cases: Path, capsys: pytest.CaptureFixture[str]) -> Evaluate:
    def run(*options: object) -> tuple[str, int]:
        try:
            call_command("evaluate", str(cases), *map(str, options))
        except CommandError as error:
            return f"{capsys.readouterr().out}{error}", error.returncode
        return capsys.readouterr().out, 0

    return run


@pytest.fixture
def openai(settings: Settings) -> Iterator[OpenAIBatches]:
    with OpenAIBatches() as server:
        server.text = NOTHING
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = OPENAI_KEY, server.base_url
        settings.OPENAI_LLM_MODEL = "gpt-6-luna"
        yield server


@pytest.fixture
def claude(settings: Settings) -> Iterator[AnthropicBatches]:
    with AnthropicBatches() as server:
        server.text = NOTHING
        settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = CLAUDE_KEY, server.url
        settings.ANTHROPIC_MODEL = "claude-sonnet-5-5"
        yield server


def row(table: str, engine: str) -> dict[str, str]:
    """A line of the table by its headings; errors may hold spaces."""
    headings, *lines = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines() if "  " in line]
    return dict(zip(headings, next(line for line in lines if line[0] == engine), strict=True))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_local_engine_is_measured_without_anything_else(evaluate: Evaluate) -> None:
    table, status = evaluate()
    found = row(table, "local")
    assert (status, found["n"], found["answered"], found["USD"]) == (0, "4", "100.0", "0.0000")
    assert found["accepted"] == "100.0"


def test_an_engine_that_is_off_is_told_and_the_others_are_measured(evaluate: Evaluate, settings: Settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "", "https://api.openai.com/v1"
    table, status = evaluate("--engine", "local", "openai")
    assert (status, row(table, "local")["n"]) == (1, "4")
    assert "openai is off: OPENAI_API_KEY is not set" in table


def test_engines_stand_in_one_table(evaluate: Evaluate, openai: OpenAIBatches, claude: AnthropicBatches) -> None:
    claude.next(Outcome(status=500), Outcome(raw=b"{}"))
    table, status = evaluate("--engine", "local", "openai", "claude")
    assert status == 0
    assert (row(table, "openai")["strict"], row(table, "openai")["answered"]) == ("25.0", "100.0")
    assert (row(table, "claude")["answered"], row(table, "claude")["model"]) == ("50.0", "claude-sonnet-5-5")
    assert row(table, "claude")["errors"] == "provider_failed 1, provider_answer_unusable 1"
    assert float(row(table, "claude")["USD"]) > 0
    assert len(openai.received) == 4


def test_a_second_run_asks_only_what_is_left(evaluate: Evaluate, openai: OpenAIBatches, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    openai.next(Outcome(), Outcome(status=500), Outcome(), Outcome(status=401))
    table, status = evaluate("--engine", "openai", "--jsonl", out)
    assert (status, len(lines(out))) == (1, 3)
    assert "openai stopped: provider_key_refused" in table
    with out.open("a") as file:
        file.write('{"key": "cut sh')  # as a kill leaves it
    table, status = evaluate("--engine", "openai", "--jsonl", out)
    assert (status, row(table, "openai")["n"], len(openai.received)) == (0, "4", 5)
    table, status = evaluate("--engine", "openai", "--jsonl", out, "--again")
    assert (status, row(table, "openai")["answered"], len(openai.received)) == (0, "100.0", 6)
    assert not any(text in out.read_text() for text in SAID)


def test_out_of_time_is_told_and_the_rest_is_done_next_time(evaluate: Evaluate, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    told, status = evaluate("--jsonl", out, "--seconds", 0)
    assert (status, "goes on where this one stopped" in told) == (3, True)
    assert evaluate("--jsonl", out)[1] == 0


def test_a_pause_that_the_provider_asks_for_is_kept(evaluate: Evaluate, openai: OpenAIBatches) -> None:
    openai.next(Outcome(status=429, headers={"Retry-After": "0.01"}))
    assert row(evaluate("--engine", "openai")[0], "openai")["answered"] == "100.0"
    openai.next(Outcome(status=429, headers={"Retry-After": "900"}))
    told, status = evaluate("--engine", "openai")
    assert (status, "openai stopped: provider_rate_limited" in told) == (1, True)


@pytest.mark.parametrize("engine", ["openai", "claude"])
def test_a_batch_outlives_the_command(
    evaluate: Evaluate, openai: OpenAIBatches, claude: AnthropicBatches, tmp_path: Path, engine: str
) -> None:
    server, out = {"openai": openai, "claude": claude}[engine], tmp_path / "out.jsonl"
    server.plan = BatchPlan(looks_until_ended=2, fates={0: Fate.FAILED, 1: Fate.EXPIRED, 3: Fate.LOST})
    options = ("--engine", engine, "--batch", "--jsonl", out, "--poll", 0)
    assert evaluate(*options, "--seconds", 0)[1] == 3
    assert not lines(out)
    table, status = evaluate(*options)
    found = row(table, engine)
    assert (status, found["n"], found["strict"], found["answered"], found["p50 ms"]) == (0, "4", "25.0", "25.0", "-")
    assert found["errors"] == "provider_failed 2, provider_timed_out 1"
    assert len(server.batches) == 1
    assert not server.problems
    server.plan = BatchPlan()
    assert row(evaluate(*options, "--again")[0], engine)["answered"] == "100.0"
    assert [len(batch.lines) for batch in server.batches.values()] == [4, 3]
    assert list(tmp_path.glob("out*")) == [out]


def test_interruption_while_a_batch_is_handed_in_leaves_its_id(
    evaluate: Evaluate, openai: OpenAIBatches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai.plan = BatchPlan(looks_until_ended=1)
    options = ("--engine", "openai", "--batch", "--jsonl", tmp_path / "out.jsonl")

    def press_ctrl_c(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", press_ctrl_c)
    told, status = evaluate(*options)
    assert (status, "goes on where this one stopped" in told) == (130, True)
    assert evaluate(*options)[1] == 0
    assert len(openai.batches) == 1


def test_a_batch_that_is_refused_or_gone_is_forgotten(
    evaluate: Evaluate, openai: OpenAIBatches, tmp_path: Path
) -> None:
    options = ("--engine", "openai", "--batch", "--jsonl", tmp_path / "out.jsonl", "--poll", 0)
    openai.plan = BatchPlan(is_refused=True)
    assert "openai stopped: provider_request_refused" in evaluate(*options)[0]
    openai.plan = BatchPlan(looks_until_ended=9)
    assert evaluate(*options, "--seconds", 0)[1] == 3
    openai.next(Outcome(status=404))
    assert evaluate(*options)[1] == 1
    openai.plan = BatchPlan()
    openai.next(Outcome(), Outcome(), Outcome(status=503))  # the first look fails
    assert evaluate(*options)[1] == 0
    assert len(openai.batches) == 3


def test_a_batch_wants_a_file_and_a_file_has_one_run(evaluate: Evaluate, tmp_path: Path) -> None:
    from voice_app.evaluation.results import open_results

    assert "--jsonl" in evaluate("--batch")[0]
    with open_results(tmp_path / "out.jsonl"):
        assert "Another run writes" in evaluate("--jsonl", tmp_path / "out.jsonl")[0]


@pytest.mark.parametrize("line", ["no JSON", "{}", '{"text": "buy milk", "intent": "fly"}', '{"text": "buy milk"}'])
def test_a_line_that_is_no_label_is_named(evaluate: Evaluate, cases: Path, line: str) -> None:
    cases.write_text(f"{line}\n")
    told, status = evaluate()
    assert (status, "line 1" in told, "milk" in told) == (1, True, False)
