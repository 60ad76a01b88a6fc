"""What a browser or a program sees when an address is wrong or a page fails."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from voicebot.api.problems import PROBLEM_TYPE, as_problem, wants_problem
from voicebot.api_errors import error_body
from voicebot.errors import AppError, InputInvalid, NotAllowed, NotFound, RateLimited, new_reference
from voicebot.messages import message_of

API_PREFIX = "/api/"


class AppErrorPages:
    """Middleware: an expected error that a page raises becomes a page with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The error's page; what is not expected goes on to the handler of status 500."""
        return error_response(request, exception) if isinstance(exception, AppError) else None


def error_response(request: HttpRequest, error: AppError) -> HttpResponse:
    """The error in the form that the caller reads: JSON below ``/api/``, else a page."""
    if request.path.startswith(API_PREFIX):
        return json_error_response(request, error)
    page = render(request, "error.html", {"message": message_of(error)}, status=error.http_status)
    return _with_retry_after(page, error)


def json_error_response(request: HttpRequest, error: AppError) -> HttpResponse:
    """The error as JSON, whatever the address."""
    body = error_body(error, new_reference())
    if wants_problem(request):
        problem = as_problem(body, error.http_status)
        return _with_retry_after(JsonResponse(problem, status=error.http_status, content_type=PROBLEM_TYPE), error)
    return _with_retry_after(JsonResponse(body, status=error.http_status), error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Handler of status 400."""
    return _response(request, InputInvalid(), "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Handler of status 403."""
    return _response(request, NotAllowed(), "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Handler of status 404."""
    return _response(request, NotFound(), "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of status 500; its page needs neither database nor session."""
    if request.path.startswith(API_PREFIX):
        return error_response(request, AppError())
    return render(None, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Handler of a form without the right token, such as one from a page that was open for long."""
    return _response(request, NotAllowed(), "403_csrf.html")


def _with_retry_after(response: HttpResponse, error: AppError) -> HttpResponse:
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.details["retry_after"])
    return response


def _response(request: HttpRequest, error: AppError, template: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return error_response(request, error)
    return render(request, template, status=error.http_status)
