"""Refuses at the door what PostgreSQL has no place for: the NUL character."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from voicebot.error_pages import error_response
from voicebot.errors import InputInvalid

_NUL = "\0"


class NulRefused:
    """Middleware: NUL in the path, the query or a cookie is 400 ``invalid_input``, whatever page it was for.

    What a body holds is checked where it is read: by the fields of forms and serializers, and by the commands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request, or answer 400."""
        return error_response(request, InputInvalid()) if _has_nul(request) else self._get_response(request)


def _has_nul(request: HttpRequest) -> bool:
    if _NUL in request.path or _NUL.encode() in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
        return True
    return any(_NUL in value for value in request.COOKIES.values())  # a quoted cookie may spell it \\000
