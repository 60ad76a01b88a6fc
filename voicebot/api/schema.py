"""The schema: how our models, tokens and errors appear in OpenAPI."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import BaseModel

from voicebot.api.problems import PROBLEM_TYPE, as_problem
from voicebot.api_errors import MediaTypeUnsupported, NotAcceptable
from voicebot.body_limit import RequestTooLarge
from voicebot.errors import ERROR_CODES, AppError, NotFound
from voicebot.messages import message_for

ALWAYS_POSSIBLE = (AppError.code, NotAcceptable.code)
BODY_ERRORS = (MediaTypeUnsupported.code, RequestTooLarge.code)
VOICE_FEATURES = [
    {
        "name": "real-time voice processing",
        "description": "Sound goes in while it is spoken; what was heard and done comes back.",
        "url": "/ws/voice/",
        "documentation": "/api/asyncapi/",
    },
    {
        "name": "intent recognition",
        "description": "What a sentence means, with dates, recurrences and confidence.",
        "url": "/api/v1/parse/",
        "documentation": "/docs#/voice/parse",
    },
    {
        "name": "WebSocket communication",
        "description": "Every change of a person's tasks and commands, as it happens.",
        "url": "/ws/tasks/",
        "documentation": "/api/asyncapi/",
    },
    {
        "name": "multi-language support",
        "description": "Commands in several languages, found from what is said or named by `language`.",
        "url": "/api/v1/voice/commands/",
        "documentation": "/docs#/voice/submit_voice_command",
    },
]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """API tokens."""

    target_class = "voicebot.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002  # its signature
        """Where the token goes."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <your token>`, made by you under “Tokens for programs” on the home page. Behind an "
            "operation stands which scopes it asks of the token; one of them is enough.",
        }


class ModelInBothDirections(PydanticExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """Pydantic models; what has a default may be left out of a request and is there in an answer."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """The model's JSON schema; models inside it become components."""
        model: type[BaseModel] = self.target
        mode = "validation" if direction == "request" else "serialization"
        schema: dict[str, Any] = model.model_json_schema(ref_template="#/components/schemas/{model}", mode=mode)  # type: ignore[arg-type]  # one of the two
        for name, part in schema.pop("$defs", {}).items():
            kind = ResolvedComponent.SCHEMA
            component = ResolvedComponent(name=name, type=kind, object=name, schema=part)  # type: ignore[no-untyped-call]  # untyped
            auto_schema.registry.register_on_missing(component)
        return schema


@cache
def schema_document() -> dict[str, Any]:
    """The whole schema; the same for everybody, made once in each process."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    return document


def add_errors(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Write every error of every operation into the schema, each with an example."""
    result["info"]["x-voice-features"] = VOICE_FEATURES
    components = result["components"]
    components["schemas"] |= {"Error": _ERROR, "Problem": _PROBLEM}
    used: set[str] = set()
    for path, operations in result["paths"].items():
        for operation in operations.values():
            codes = [*operation.pop("x-errors", ()), *ALWAYS_POSSIBLE]
            codes += BODY_ERRORS if "requestBody" in operation else ()
            codes += [NotFound.code] if "{" in path else []
            operation["responses"] |= _responses(codes)
            _write_scopes(operation)
            used |= set(codes)
    components["examples"] = {key: value for code in sorted(used) for key, value in _examples(code).items()}
    return result


def _write_scopes(operation: dict[str, Any]) -> None:
    """Say which scopes a token needs: as roles of the token's scheme, and in words."""
    scopes: list[str] = operation.get("x-scopes", [])
    if not scopes:
        return
    ways: list[dict[str, list[str]]] = operation["security"]
    others = [way for way in ways if TokenScheme.name not in way]
    operation["security"] = [{TokenScheme.name: [scope]} for scope in scopes] + others
    operation["description"] += " A token needs " + " or ".join(f"`{scope}`" for scope in scopes) + "."


def _responses(codes: list[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        by_status[ERROR_CODES[code].http_status].append(code)
    return {str(status): _response(status, found) for status, found in sorted(by_status.items())}


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    names = ", ".join(f"`{code}`" for code in codes)
    return {
        "description": f"{HTTPStatus(status).phrase}: {names}",
        "content": {
            media_type: {
                "schema": {"$ref": f"#/components/schemas/{component}"},
                "examples": {code: {"$ref": f"#/components/examples/{code}{suffix}"} for code in codes},
            }
            for media_type, component, suffix in (
                ("application/json", "Error", ""),
                (PROBLEM_TYPE, "Problem", "_as_problem"),
            )
        },
    }


def _examples(code: str) -> dict[str, Any]:
    body = {"error": {"code": code, "message": message_for(code), "fields": {}, "ref": "9f2c41aa"}}
    problem = as_problem(body, ERROR_CODES[code].http_status)
    return {code: {"value": body}, f"{code}_as_problem": {"value": problem}}


_MEMBERS: dict[str, Any] = {
    "code": {"type": "string", "description": "Stable; programs read this."},
    "message": {"type": "string", "description": "For people, in their language."},
    "fields": {"type": "object", "additionalProperties": True, "description": "What is wrong with which field."},
    "ref": {"type": "string", "description": "Leads to the line in the log."},
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "object", "required": [*_MEMBERS], "properties": _MEMBERS}},
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail", "instance", *_MEMBERS],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        **_MEMBERS,
    },
}
