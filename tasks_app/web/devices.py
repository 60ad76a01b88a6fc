"""Notes which browsers are in use."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from tasks_app.accounts.devices import note_device


class DeviceSeen:
    """Middleware: a session that was used for a request was seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request first: only then is it known whether it needed its session."""
        response = self._get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            note_device(request)
        return response
