"""Ollama's chat for tests: one line of JSON, whatever was asked for."""

from __future__ import annotations

from typing import Any

from tests.fakes.outcomes import OutcomeServer, Received

CHAT = "/api/chat"
_PARAMETERS = {"model", "messages", "format", "options", "stream", "tools", "think", "keep_alive"}


class OllamaServer(OutcomeServer):
    """Answers as Ollama does; it wants no key."""

    text = '{"commands": []}'

    def problem_with(self, request: Received) -> str:
        if request.path != CHAT:
            return f"no such path: {request.path}"
        try:
            asked = request.json()
        except ValueError:
            return "the body is not JSON"
        if unknown := set(asked) - _PARAMETERS:
            return f"unknown parameters: {sorted(unknown)}"
        return "" if asked.get("model") and asked.get("messages") else "model and messages are required"

    def good_answer(self, request: Received, text: str) -> dict[str, Any]:
        asked = request.json()
        return {
            "model": asked["model"],
            "created_at": "2026-11-22T09:00:00.000000Z",
            "message": {"role": "assistant", "content": text},
            "done": True,
            "done_reason": "stop",
            "total_duration": 1_000_000,
            "load_duration": 1_000,
            "prompt_eval_count": sum(len(message["content"]) // 4 for message in asked["messages"]),
            "prompt_eval_duration": 1_000,
            "eval_count": 20,
            "eval_duration": 1_000,
        }

    def error_answer(self, status: int, code: str) -> dict[str, Any]:
        return {"error": code or "it failed"}
