"""The batches of OpenAI and of Anthropic for tests: what is handed in, how far it is, and its lines at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tests.fakes.anthropic_server import MESSAGES, AnthropicServer
from tests.fakes.openai_server import CHAT, OpenAIServer, form_fields
from tests.fakes.outcomes import Outcome, OutcomeServer, Received

_FILES, _BATCHES = "/v1/files", "/v1/batches"
_CLAUDE_BATCHES = f"{MESSAGES}/batches"
_KEY = re.compile(r"[\w-]{1,64}")


class Fate(StrEnum):
    """What becomes of one line."""

    ANSWERED = "answered"
    FAILED = "failed"
    OVERLOADED = "overloaded"
    EXPIRED = "expired"
    LOST = "in no file"
    GARBLED = "no JSON"


@dataclass
class BatchPlan:
    """What becomes of the batches of a server."""

    looks_until_ended: int = 0
    """How often it is still at work."""
    fates: dict[int, Fate] = field(default_factory=dict)
    """By the number of the line, from 0; all others are answered."""
    is_refused: bool = False
    """Whether OpenAI finds its file wrong."""


@dataclass
class Batch:
    """One that was handed in."""

    id: str
    lines: list[dict[str, Any]]
    looks: int = 0


class _Batches(OutcomeServer):
    """What both providers have in common."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.plan = BatchPlan()
        self.batches: dict[str, Batch] = {}

    def handle(self, request: Received) -> tuple[Outcome, bytes]:
        """A file has a line for each of its parts."""
        outcome, body = super().handle(request)
        told = json.loads(body) if outcome.status == 200 and outcome.raw is None else {}
        if "lines" in told:
            return outcome, "".join(f"{line}\n" for line in told["lines"]).encode()
        return outcome, body

    def _new(self, lines: list[dict[str, Any]], prefix: str) -> Batch:
        batch = Batch(f"{prefix}{len(self.batches) + 1}", lines)
        self.batches[batch.id] = batch
        return batch

    def _is_ended(self, batch: Batch) -> bool:
        return batch.looks > self.plan.looks_until_ended

    def _fate(self, number: int) -> Fate:
        return self.plan.fates.get(number, Fate.ANSWERED)

    def _lines(self, batch: Batch, line_of: Callable[[dict[str, Any], Fate], dict[str, Any]]) -> list[str]:
        """The last comes first, since no order is promised."""
        fates = [(line, self._fate(number)) for number, line in enumerate(batch.lines)]
        told = [(line, fate) for line, fate in reversed(fates) if fate is not Fate.LOST]
        return ["{" if fate is Fate.GARBLED else json.dumps(line_of(line, fate)) for line, fate in told]


class OpenAIBatches(_Batches, OpenAIServer):
    """OpenAI with files and batches."""

    def __init__(self, *, wants_key: bool = True) -> None:
        super().__init__(wants_key=wants_key)
        self.files: dict[str, list[dict[str, Any]]] = {}

    def problem_with(self, request: Received) -> str:
        usual = super().problem_with(request)
        if not usual.startswith("no such path"):
            return usual
        if request.path == _FILES:
            return self._problem_with_file(request)
        if request.path == _BATCHES:
            asked = request.json()
            if asked.get("endpoint") != CHAT or asked.get("completion_window") != "24h":
                return "endpoint and completion_window are required"
            return "" if asked.get("input_file_id") in self.files else "no such file"
        return "" if self._batch_of(request) else usual

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        if request.path == _FILES:
            name = f"file-{len(self.files) + 1}"
            self.files[name] = _lines_of(form_fields(request)["file"][0])
            return {"id": name, "object": "file", "purpose": "batch", "bytes": 1, "created_at": 1, "filename": "r"}
        if request.path == _BATCHES:
            return self._told(self._new(self.files[request.json()["input_file_id"]], "batch_"))
        batch = self._batch_of(request)
        if batch is None:
            return super().good_answer(request, text)
        if request.path.startswith(_FILES):
            wants_errors = "-errors/" in request.path
            lines = self._lines(batch, lambda line, fate: self._line(request, line, fate, text))
            return {"lines": [line for line in lines if ('"response": null' in line) == wants_errors]}
        batch.looks += 1
        return self._told(batch)

    def _problem_with_file(self, request: Received) -> str:
        fields = form_fields(request)
        if fields["purpose"] != [b"batch"]:
            return "a purpose is required"
        for line in _lines_of(fields["file"][0]):
            if set(line) != {"custom_id", "method", "url", "body"} or (line["method"], line["url"]) != ("POST", CHAT):
                return f"not a line: {sorted(line)}"
            single = replace(request, path=CHAT, body=json.dumps(line["body"]).encode())
            if problem := super().problem_with(single):
                return problem
        return ""

    def _batch_of(self, request: Received) -> Batch | None:
        found = re.fullmatch(r"/v1/(?:batches/(batch_\d+)|files/(batch_\d+)-(?:answers|errors)/content)", request.path)
        return self.batches.get(found[1] or found[2]) if found else None

    def _told(self, batch: Batch) -> dict[str, Any]:
        is_ended, fates = self._is_ended(batch), [self._fate(number) for number in range(len(batch.lines))]
        status = "completed" if is_ended else "in_progress"
        if is_ended and Fate.EXPIRED in fates:
            status = "expired"
        failed = sum(fate is not Fate.ANSWERED for fate in fates)
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": CHAT,
            "completion_window": "24h",
            "created_at": 1,
            "input_file_id": "file-1",
            "status": "failed" if self.plan.is_refused else status,
            "output_file_id": f"{batch.id}-answers" if is_ended else None,
            "error_file_id": f"{batch.id}-errors" if is_ended and failed else None,
            "request_counts": {
                "total": len(batch.lines),
                "completed": len(batch.lines) - failed if is_ended else 0,
                "failed": failed if is_ended else 0,
            },
        }

    def _line(self, request: Received, line: dict[str, Any], fate: Fate, text: str) -> dict[str, Any]:
        told: dict[str, Any] = {"id": "batch_req_1", "custom_id": line["custom_id"], "response": None, "error": None}
        if fate is Fate.EXPIRED:
            return told | {"error": {"code": "batch_expired", "message": "It took too long."}}
        if fate is Fate.FAILED:
            return told | {"error": {"code": "server_error", "message": "It failed."}}
        single = replace(request, path=CHAT, method="POST", body=json.dumps(line["body"]).encode())
        status = 503 if fate is Fate.OVERLOADED else 200
        body = super().good_answer(single, text) if status == 200 else self.error_answer(status, "")
        return told | {"response": {"status_code": status, "request_id": "req_1", "body": body}}


class AnthropicBatches(_Batches, AnthropicServer):
    """Anthropic with message batches."""

    def __init__(self, *, wants_key: bool = True) -> None:
        super().__init__(wants_key=wants_key)

    def problem_with(self, request: Received) -> str:
        usual = super().problem_with(request)
        if not usual.startswith("no such path"):
            return usual
        if request.path != _CLAUDE_BATCHES:
            return "" if self._batch_of(request) else usual
        for line in request.json()["requests"]:
            if set(line) != {"custom_id", "params"} or not _KEY.fullmatch(line["custom_id"]):
                return f"not a line: {sorted(line)}"
            single = replace(request, path=MESSAGES, body=json.dumps(line["params"]).encode())
            if problem := super().problem_with(single):
                return problem
        return ""

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        if request.path == _CLAUDE_BATCHES:
            return self._told(self._new(request.json()["requests"], "msgbatch_"))
        batch = self._batch_of(request)
        if batch is None:
            return super().good_answer(request, text)
        if request.path.endswith("/results"):
            return {"lines": self._lines(batch, lambda line, fate: self._line(request, line, fate, text))}
        batch.looks += 1
        return self._told(batch)

    def _batch_of(self, request: Received) -> Batch | None:
        found = re.fullmatch(rf"{_CLAUDE_BATCHES}/(msgbatch_\d+)(?:/results)?", request.path)
        return self.batches.get(found[1]) if found else None

    def _told(self, batch: Batch) -> dict[str, Any]:
        is_ended = self._is_ended(batch)
        counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
        counts["succeeded" if is_ended else "processing"] = len(batch.lines)
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if is_ended else "in_progress",
            "request_counts": counts,
            "created_at": "2026-11-22T10:00:00Z",
            "expires_at": "2026-11-23T10:00:00Z",
            "results_url": "https://elsewhere.example/results" if is_ended else None,
        }

    def _line(self, request: Received, line: dict[str, Any], fate: Fate, text: str) -> dict[str, Any]:
        if fate is Fate.EXPIRED:
            result: dict[str, Any] = {"type": "expired"}
        elif fate is not Fate.ANSWERED:
            result = {"type": "errored", "error": self.error_answer(529 if fate is Fate.OVERLOADED else 500, "")}
        else:
            single = replace(request, path=MESSAGES, method="POST", body=json.dumps(line["params"]).encode())
            result = {"type": "succeeded", "message": super().good_answer(single, text)}
        return {"custom_id": line["custom_id"], "result": result}


def _lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]
