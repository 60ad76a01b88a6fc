"""What is believed of a model's answer: the table in ``grounding.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tasks_app.intents import Intent
from voice_app.providers.llm.grounding import AGREED, DOUBTFUL, GROUNDED, UNASKED, Grounding, Grounds, ground
from voice_app.providers.llm.proposal import Proposal
from voice_app.providers.llm.said import Heard, alike
from voice_app.types import SpokenCommand, Turn, Utterance, Vocabulary

TABLE = tomllib.loads((Path(__file__).parent / "grounding.toml").read_text(encoding="utf-8"))
NAMES = Vocabulary(**{kind: tuple(names) for kind, names in TABLE["names"].items()})
SUNDAY = dt.datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
EARLIER = Turn(
    text="remind me to see the dentist on Monday at nine",
    said_at=SUNDAY - dt.timedelta(minutes=1),
    commands=(
        SpokenCommand(
            intent=Intent.CREATE_TASK, title="see the dentist", due="2026-11-23T09:00:00+01:00", due_has_time=True
        ),
    ),
    touched=("see the dentist",),
)


def grounded(said: str, *answer: dict[str, Any], lang: str | None = "en", after: tuple[Turn, ...] = ()) -> Grounding:
    """What becomes of an answer to something said on that Sunday."""
    utterance = Utterance(said, lang, SUNDAY, vocabulary=NAMES, conversation=after)
    return ground(Proposal.model_validate({"commands": answer}), Grounds.of(utterance), engine="openai")


@pytest.mark.parametrize("case", TABLE["case"], ids=[f"{case['said']} {case['answer']}" for case in TABLE["case"]])
def test_an_answer_is_believed_as_far_as_it_was_said(case: dict[str, Any]) -> None:
    result = grounded(
        case["said"], *case["answer"], lang=case.get("lang", "en"), after=(EARLIER,) if case.get("after") else ()
    )

    for found, named in ((result.problems, "refused"), (result.doubts, "doubted")):
        wanted = case.get(named, [])
        assert len(found) == len(wanted), found
        assert all(one.startswith(start) for one, start in zip(found, wanted, strict=True)), found
    if "want" not in case:
        assert result.understanding is None
        return
    assert result.understanding is not None
    assert result.understanding.needs == case.get("needs", result.understanding.needs)
    commands = [command.model_dump(mode="json") for command in result.understanding.commands]
    assert len(commands) == len(case["want"])
    for command, want in zip(commands, case["want"], strict=True):
        assert {name: command[name] or "" for name in want} == want


def test_every_field_keeps_the_words_it_came_from() -> None:
    result = grounded(
        "put the report on my work list for tomorrow, urgent",
        {
            "intent": "create_task",
            "title": "the report",
            "project": "Work",
            "when": "for tomorrow",
            "priority": "urgent",
            "priority_words": "urgent",
        },
    )
    assert result.understanding is not None
    said = result.understanding.commands[0].said
    assert said == {"title": "the report", "project": "Work", "due": "for tomorrow", "priority": "urgent"} | {
        "project": said["project"]
    }
    assert "work" in said["project"].lower()


@pytest.mark.parametrize(
    ("said", "answer", "confidence"),
    [
        ("call mum tomorrow", {"intent": "create_task", "title": "call mum", "when": "tomorrow"}, AGREED),
        ("so, tomorrow, mum", {"intent": "create_task", "title": "mum", "when": "tomorrow"}, None),
        ("milk and rent", {"intent": "complete_task", "task": "rent"}, UNASKED),
        ("call mum tomorrow", {"intent": "create_task", "title": "call mum"}, DOUBTFUL),
    ],
)
def test_confidence_says_how_far_it_was_said(said: str, answer: dict[str, Any], confidence: float | None) -> None:
    understanding = grounded(said, answer).understanding
    assert understanding is not None
    assert understanding.confidence in ((confidence,) if confidence else (AGREED, GROUNDED))


def test_the_engine_and_the_words_are_named() -> None:
    understanding = grounded("call mum", {"intent": "create_task", "title": "call mum"}).understanding
    assert understanding is not None
    assert (understanding.engine, understanding.text, understanding.language) == ("openai", "call mum", "en")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("anrufen", "anzurufen", True),
        ("mail", "male", True),
        ("buy", "by", True),
        ("pay", "paying", True),
        ("3", "2", False),
        ("13", "3", False),
        ("bill", "kill", False),
        ("delete", "repeat", False),
        ("rent", "milk", False),
    ],
)
def test_words_are_alike_when_they_are_forms_of_one_or_heard_alike(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is alike(other, one) is expected


def test_a_phrase_much_longer_than_the_text_was_not_said() -> None:
    assert Heard("milk").find("milk " * 50).missing
