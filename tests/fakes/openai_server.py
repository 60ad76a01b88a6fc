"""OpenAI's API for tests: the wire format of chat completions and transcriptions, and its refusals."""

from __future__ import annotations

import io
import json
import wave
from collections import defaultdict
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.fakes.outcomes import OutcomeServer, Received

KEY = "sk-test-key-of-the-local-server"
CHAT = "/v1/chat/completions"
TRANSCRIPTION = "/v1/audio/transcriptions"
CHAT_MODELS = ("gpt-6-luna", "gpt-6-sol")
SPEECH_MODELS = ("gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1")

_CHAT_PARAMETERS = {
    "model", "messages", "response_format", "max_completion_tokens", "max_tokens", "reasoning_effort", "store",
    "prompt_cache_key", "tools", "tool_choice", "temperature", "stream",
}  # fmt: skip
_SPEECH_PARAMETERS = {
    "file", "model", "language", "languages[]", "keywords[]", "prompt", "response_format",
}  # fmt: skip
_ROLES = {"system", "developer", "user", "assistant"}
_MESSAGES = {
    401: "Incorrect API key provided.",
    404: "The model does not exist or you do not have access to it.",
    429: "Rate limit reached.",
}
_TYPES = {401: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error"}


class OpenAIServer(OutcomeServer):
    """Answers as OpenAI does; with ``wants_key=False`` as one of the servers that only speak like it."""

    text = '{"commands": []}'

    def __init__(self, *, wants_key: bool = True) -> None:
        super().__init__()
        self.wants_key = wants_key

    @property
    def base_url(self) -> str:
        """What ``OPENAI_BASE_URL`` is set to."""
        return f"{self.url}/v1"

    def problem_with(self, request: Received) -> str:
        authorization = request.headers.get("authorization", "")
        if not authorization.startswith("Bearer ") or (self.wants_key and authorization != f"Bearer {KEY}"):
            return "no such key"
        if request.method == "GET":
            return "" if request.path == "/v1/models" else f"no such path: {request.path}"
        known = {CHAT: _problem_with_chat, TRANSCRIPTION: _problem_with_transcription}.get(request.path)
        return known(request) if known else f"no such path: {request.path}"

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        if request.method == "GET":
            models = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in CHAT_MODELS]
            return {"object": "list", "data": models}
        return self._completion(request, text) if request.path == CHAT else self._transcription(request, text)

    def error_answer(self, status: int, code: str) -> dict[str, Any]:
        message, kind = _MESSAGES.get(status, "It failed."), _TYPES.get(status, "invalid_request_error")
        return {"error": {"message": message, "type": kind, "param": None, "code": code or None}}

    def _completion(self, request: Received, text: str) -> dict[str, Any]:
        asked = sum(len(message["content"]) // 4 for message in request.json()["messages"])
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": request.json()["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": 20,
                "total_tokens": asked + 20,
                "prompt_tokens_details": {"cached_tokens": asked // 2},
            },
        }

    def _transcription(self, request: Received, text: str) -> dict[str, Any]:
        fields = form_fields(request)
        model, languages = fields["model"][0].decode(), fields["languages[]"] or [b"en"]
        if model not in {"gpt-transcribe", "whisper-1"}:
            usage = {"type": "tokens", "input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
            return {"text": text, "usage": usage}
        answer: dict[str, Any] = {"text": text, "usage": {"type": "duration", "seconds": 2}}
        if model == "gpt-transcribe":
            answer["languages"] = [{"code": code.decode()} for code in languages]
        return answer


def form_fields(request: Received) -> dict[str, list[bytes]]:
    """The fields of a form, each with all its values; a file is its bytes."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    fields: dict[str, list[bytes]] = defaultdict(list)
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        fields[str(part.get_param("name", header="content-disposition"))].append(part.get_payload(decode=True))
    return fields


def _problem_with_chat(request: Received) -> str:
    try:
        asked = request.json()
    except ValueError:
        return "the body is not JSON"
    if unknown := set(asked) - _CHAT_PARAMETERS:
        return f"unknown parameters: {sorted(unknown)}"
    messages = asked.get("messages")
    if not isinstance(asked.get("model"), str) or not isinstance(messages, list) or not messages:
        return "model and messages are required"
    for message in messages:
        if set(message) != {"role", "content"} or message["role"] not in _ROLES:
            return f"not a message: {message}"
        if not isinstance(message["content"], str) or not message["content"]:
            return "a message without content"
    return _problem_with_shape(asked.get("response_format"))


def _problem_with_shape(response_format: object) -> str:
    if response_format is None:
        return ""
    if not isinstance(response_format, dict) or response_format.get("type") != "json_schema":
        return "response_format is no json_schema"
    shape = response_format["json_schema"]
    if not shape.get("name") or shape.get("strict") is not True:
        return "a strict schema has a name"
    return _problem_with_schema(shape["schema"])


def _problem_with_schema(schema: dict[str, Any]) -> str:
    """What the strict mode refuses: open objects, and properties that are not required."""
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            return f"an open object: {json.dumps(schema)[:80]}"
        if sorted(schema.get("required", [])) != sorted(schema.get("properties", {})):
            return f"properties that are not required: {json.dumps(schema)[:80]}"
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("$defs", {}).values()]
    inner += [schema["items"]] if "items" in schema else []
    return next((problem for part in inner if (problem := _problem_with_schema(part))), "")


def _problem_with_transcription(request: Received) -> str:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return "no form"
    fields = form_fields(request)
    if unknown := set(fields) - _SPEECH_PARAMETERS:
        return f"unknown fields: {sorted(unknown)}"
    if not fields["file"] or not fields["model"]:
        return "file and model are required"
    if fields["model"] != [b"gpt-transcribe"] and (fields["keywords[]"] or fields["languages[]"]):
        return "keywords and languages are for gpt-transcribe"
    try:
        with wave.open(io.BytesIO(fields["file"][0])) as sound:
            return "" if sound.getnframes() else "no sound in the file"
    except (wave.Error, EOFError):
        return "the file is no WAV"
