"""The shape of a model's answer: closed, bounded, and the same for every provider's strict mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from tasks_app.intents import Intent
from voice_app.providers.llm.proposal import MAX_COMMANDS, Proposal, answer_schema

STRICT_KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description"}
"""What OpenAI's structured outputs and Claude's strict tools both take."""
MOST_UNIONS = 16
"""Claude's bound on values of two types in one request."""
MOST_LEVELS, MOST_CHARACTERS = 10, 15_000
FULL: dict[str, Any] = {
    "intent": "update_task", "title": None, "task": "rent", "project": None, "labels": [], "assignee": None,
    "priority": "high", "priority_words": "high", "when": None, "repeat": None, "remind": None,
    "filters": {"status": None, "overdue": False, "all": False, "that": True, "nth": [1], "first": 0, "last": 0,
                "when": None, "project": None, "spared": []},
    "turn": None, "same_time": False,
}  # fmt: skip


def schemas(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all that it holds."""
    yield node
    parts = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    for part in [*parts, *([node["items"]] if "items" in node else [])]:
        yield from schemas(part)


def levels(node: dict[str, Any]) -> int:
    parts = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    inner = max((levels(part) for part in [*parts, *([node["items"]] if "items" in node else [])]), default=0)
    return inner + (node.get("type") == "object")


def test_it_is_a_json_schema_that_knows_our_intents() -> None:
    schema = answer_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    command = schema["properties"]["commands"]["items"]
    assert command["properties"]["intent"]["enum"] == [intent.value for intent in Intent]


def test_it_keeps_to_the_rules_of_the_strict_modes() -> None:
    schema = answer_schema()
    assert schema["type"] == "object"
    for part in schemas(schema):
        assert part.keys() <= STRICT_KEYWORDS
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
        else:
            assert "type" in part or "anyOf" in part
    assert sum("anyOf" in part for part in schemas(schema)) <= MOST_UNIONS
    assert levels(schema) <= MOST_LEVELS
    assert len(json.dumps(schema)) < MOST_CHARACTERS


def test_no_field_has_a_place_for_an_id_or_a_date() -> None:
    names = {name for part in schemas(answer_schema()) for name in part.get("properties", {})}
    assert not {name for name in names if "id" in name.split("_") or name in {"due", "end", "rrule", "user", "date"}}


def test_each_caller_has_a_copy_of_its_own() -> None:
    answer_schema()["properties"].clear()
    assert answer_schema()["properties"]


def test_what_the_schema_allows_the_model_reads() -> None:
    answer = {"commands": [FULL]}
    jsonschema.validate(answer, answer_schema())
    assert Proposal.model_validate(answer).model_dump(mode="json") == answer


def test_a_server_that_leaves_out_what_is_empty_is_read_all_the_same() -> None:
    proposal = Proposal.model_validate_json('{"commands": [{"intent": "none"}]}')
    assert proposal.commands[0].intent is Intent.NONE


@pytest.mark.parametrize(
    "change",
    [
        {"intent": "drop_database"},
        {"user_id": 1},
        {"task_id": "00000000-0000-0000-0000-000000000000"},
        {"title": "x" * 501},
        {"title": ["x"]},
        {"labels": ["x"] * 9},
        {"turn": 0},
        {"priority": "now"},
        {"filters": {"nth": [0]}},
        {"filters": {"nth": [10**30]}},
        {"filters": {"owner": "everybody"}},
        {"filters": {"status": "deleted"}},
    ],
)
def test_any_other_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Proposal.model_validate({"commands": [{"intent": "none", **change}]})


@pytest.mark.parametrize("commands", [[], [FULL] * (MAX_COMMANDS + 1)])
def test_there_is_at_least_one_command_and_not_too_many(commands: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        Proposal.model_validate({"commands": commands})
