"""The description of the sockets is that of the code and of docs/protocol.md."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from tests.source_tree import ROOT
from voice_app.live import protocol

IN_TABLE = re.compile(r"^\| `([a-z.]+)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def messages() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text(encoding="utf-8"))
    return found["components"]["messages"]  # type: ignore[no-any-return]  # plain YAML


def test_it_is_served_to_everybody() -> None:
    answer = APIClient().get("/api/asyncapi/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["asyncapi"] == "3.0.0"


def test_it_names_what_the_protocol_document_names(messages: dict[str, Any]) -> None:
    document = (ROOT / "docs/protocol.md").read_text(encoding="utf-8").split("## When the connection breaks")[0]
    assert set(IN_TABLE.findall(document)) - {"type"} == messages.keys() - {"sound", "event"}


@pytest.mark.parametrize("model", get_args(protocol.Message), ids=lambda model: model.__name__)
def test_client_messages_have_the_fields_of_the_code(
    model: type[protocol.ClientMessage], messages: dict[str, Any]
) -> None:
    name = get_args(model.model_fields["type"].annotation)[0]
    payload = messages[name]["payload"]
    required = {field for field, info in model.model_fields.items() if info.is_required()}
    assert (payload["properties"].keys(), set(payload["required"])) == (model.model_fields.keys(), required)
    for example in messages[name]["examples"]:
        Draft202012Validator(payload).validate(example["payload"])
        model.model_validate(example["payload"])


def test_what_the_server_sends_is_as_described(messages: dict[str, Any]) -> None:
    outcome: dict[str, Any] = {
        "id": "5d1e0c77-9b1d-4a39-8c44-3b6b7d2f1e12",
        "transcription": "buy milk",
        "language": "en",
        "response": "Added.",
        "results": [],
        "change_set": None,
        "question": {"kind": "choice", "text": "Which?", "options": [], "expires_at": "2026-11-22T09:00:00+00:00"},
        "error": {"code": "no_speech", "message": "Nothing.", "ref": "9f2c41aa"},
    }
    for state in ("done", "waiting", "failed", "cancelled"):
        for message in protocol.messages_about({**outcome, "state": state}, is_heard_told=False):
            schema = {**messages[message["type"]]["payload"], "components": {}}
            schema["properties"] = {**schema["properties"], "seq": {"type": "integer"}}
            Draft202012Validator(schema).validate({**message, "seq": 1})
