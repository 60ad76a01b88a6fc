"""Errors in the form of RFC 9457 for callers who ask for it, else in our own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

PROBLEM_TYPE = "application/problem+json"


class ProblemsAccepted(DefaultContentNegotiation):
    """Who accepts problems and nothing else gets JSON where there is none."""

    def get_accept_list(self, request: Request) -> list[str]:
        """What the caller accepts, with JSON in the place of problems."""
        accepted = request.META.get("HTTP_ACCEPT", "*/*").split(",")
        return ["application/json" if wants_problem_type(each) else each.strip() for each in accepted]


def wants_problem_type(accept: str) -> bool:
    """Whether one part of an ``Accept`` names the type of problems."""
    kind, *parameters = (part.strip().lower() for part in accept.split(";"))
    return kind == PROBLEM_TYPE and "q=0" not in parameters


def wants_problem(request: HttpRequest | Request) -> bool:
    """Whether the caller reads errors as problems."""
    return any(wants_problem_type(part) for part in request.headers.get("Accept", "").split(","))


def as_problem(body: dict[str, Any], status: int) -> dict[str, Any]:
    """Our own shape of an error in the members of RFC 9457, ours beside them."""
    error = body["error"]
    return {
        "type": f"urn:error:{error['code']}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error["message"],
        "instance": f"urn:ref:{error['ref']}",
        **error,
    }
