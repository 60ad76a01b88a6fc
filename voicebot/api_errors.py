"""The one shape of every error that the REST API gives."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as ValueNotValid
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from voicebot.api.problems import PROBLEM_TYPE, as_problem, wants_problem
from voicebot.errors import AppError, InputInvalid, NotAllowed, NotFound, NotSignedIn, RateLimited, new_reference
from voicebot.messages import message_of

log = structlog.get_logger(__name__)


class MethodNotAllowed(AppError):
    """The address is right and does not do that."""

    code = "method_not_allowed"
    http_status = 405
    category = InputInvalid.category


class MediaTypeUnsupported(AppError):
    """The body is of a kind that this address does not take."""

    code = "media_type_unsupported"
    http_status = 415
    category = InputInvalid.category


class NotAcceptable(AppError):
    """The caller accepts no form that this address gives."""

    code = "not_acceptable"
    http_status = 406
    category = InputInvalid.category


def error_body(error: AppError, reference: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """``{"error": {"code", "message", "fields", "ref"}}``, the sentence in the active language."""
    return {"error": {"code": error.code, "message": message_of(error), "fields": fields or {}, "ref": reference}}


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever a view raised into a response; the transaction is rolled back.

    An unexpected exception is logged with a reference, and only the reference is told.
    """
    set_rollback()
    error, fields = _translate(exc)
    reference = new_reference()
    if error.http_status >= 500:  # noqa: PLR2004  # HTTP's own boundary
        log.error("request_failed", ref=reference, code=error.code, exc_info=exc, view=type(context["view"]).__name__)
    response = _response(context.get("request"), error, error_body(error, reference, fields))
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.details["retry_after"])
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = "Token"
    return response


def _response(request: Request | None, error: AppError, body: dict[str, Any]) -> Response:
    if request is not None and wants_problem(request):
        return Response(as_problem(body, error.http_status), status=error.http_status, content_type=PROBLEM_TYPE)
    return Response(body, status=error.http_status)


_TRANSLATIONS: tuple[tuple[type[Exception], type[AppError]], ...] = (
    (exceptions.ValidationError, InputInvalid),
    (exceptions.ParseError, InputInvalid),
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, NotAllowed),
    (PermissionDenied, NotAllowed),
    (exceptions.NotFound, NotFound),
    (Http404, NotFound),
    (SuspiciousOperation, InputInvalid),
    (ValueNotValid, InputInvalid),  # such as a cursor that was written by hand
    (RecursionError, InputInvalid),
    (exceptions.MethodNotAllowed, MethodNotAllowed),
    (exceptions.UnsupportedMediaType, MediaTypeUnsupported),
    (exceptions.NotAcceptable, NotAcceptable),
)


def _translate(exc: Exception) -> tuple[AppError, dict[str, Any]]:
    if isinstance(exc, AppError):
        return exc, {}
    if isinstance(exc, exceptions.Throttled):
        return RateLimited(retry_after=int(getattr(exc, "wait", None) or 1)), {}
    for raised, error in _TRANSLATIONS:
        if isinstance(exc, raised):
            return error(), _fields_of(exc)
    return AppError(), {}


def _fields_of(exc: Exception) -> dict[str, Any]:
    """What is wrong with which field, as DRF found it; ``""`` stands for the whole body."""
    if not isinstance(exc, exceptions.ValidationError | exceptions.ParseError):
        return {}
    details = exc.get_full_details()
    return details if isinstance(details, dict) and "message" not in details else {"": details}
