"""Anthropic's messages API for tests: its wire format, and its refusals."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.outcomes import OutcomeServer, Received

KEY = "sk-ant-test-key-of-the-local-server"
MESSAGES = "/v1/messages"

_PARAMETERS = {
    "model", "messages", "max_tokens", "system", "tools", "tool_choice", "thinking", "output_config", "stop_sequences",
    "stream", "metadata",
}  # fmt: skip
_ROLES = {"user", "assistant"}
_TOOL_PARAMETERS = {"name", "description", "input_schema", "cache_control", "strict", "type"}
_REFUSES_FORCE = re.compile(r"claude-(sonnet-5-5|opus-5-5|fable-5-1)")
_THINKS_UNLESS_TOLD = re.compile(r"claude-(haiku-5-5|sonnet-5|opus-5)$")
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


class AnthropicServer(OutcomeServer):
    """Answers as Anthropic does; with ``wants_key=False`` as one of the servers that only speak like it."""

    text = '{"commands": []}'
    """The input of the tool that the model uses."""

    def __init__(self, *, wants_key: bool = True) -> None:
        super().__init__()
        self.wants_key = wants_key

    def problem_with(self, request: Received) -> str:
        if request.path != MESSAGES or request.method != "POST":
            return f"no such path: {request.method} {request.path}"
        if self.wants_key and request.headers.get("authorization") != f"Bearer {KEY}":
            return "no such key"
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", request.headers.get("anthropic-version", "")):
            return "anthropic-version is required"
        try:
            asked = request.json()
        except ValueError:
            return "the body is not JSON"
        return _problem_with_body(asked) or _problem_with_choice(asked)

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        asked = request.json()
        told = len(json.dumps(asked.get("system", ""))) // 4
        use = {"type": "tool_use", "id": "toolu_01", "name": asked["tools"][0]["name"], "input": json.loads(text)}
        return {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "content": [use],
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "usage": {
                "input_tokens": 30,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": told,
                "cache_creation": None,
                "output_tokens": 20,
                "server_tool_use": None,
                "service_tier": "standard",
            },
        }

    def error_answer(self, status: int, code: str) -> dict[str, Any]:
        """``code`` is the sentence, since Anthropic tells some things in no other way."""
        kind = _ERRORS.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": code or "It failed."}, "request_id": "req_01"}


def _problem_with_body(asked: dict[str, Any]) -> str:
    if unknown := set(asked) - _PARAMETERS:
        return f"unknown parameters: {sorted(unknown)}"
    if not isinstance(asked.get("model"), str) or not isinstance(asked.get("max_tokens"), int):
        return "model and max_tokens are required"
    if not asked.get("messages") or asked["messages"][-1]["role"] != "user":
        return "the last message is the user's"
    for message in asked["messages"]:
        if (
            set(message) != {"role", "content"}
            or message["role"] not in {"user", "assistant"}
            or not message["content"]
        ):
            return f"not a message: {message}"
    for tool in asked.get("tools", []):
        if set(tool) - _TOOL_PARAMETERS or tool["input_schema"].get("type") != "object":
            return f"not a tool: {sorted(tool)}"
    return ""


def _problem_with_choice(asked: dict[str, Any]) -> str:
    choice, thinking = asked.get("tool_choice", {"type": "auto"}), asked.get("thinking", {}).get("type")
    if choice["type"] in {"tool", "any"}:
        if _REFUSES_FORCE.match(asked["model"]):
            return "tool_choice forces tool use, which this model does not support"
        if thinking is None and _THINKS_UNLESS_TOLD.match(asked["model"]):
            return "thinking may not be enabled when tool_choice forces tool use"
        if choice["type"] == "tool" and choice["name"] not in {tool["name"] for tool in asked["tools"]}:
            return "tool_choice names a tool that there is not"
    if thinking == "between_tools" and asked["model"] != "claude-sonnet-5-5":
        return "thinking.type: between_tools is not known"
    if thinking == "disabled" and _REFUSES_FORCE.match(asked["model"]):
        return "thinking.type: disabled is not supported for this model"
    return ""
