"""``me/``."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.models import User
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation

_EXAMPLE: dict[str, Any] = {
    "id": 3,
    "username": "anna",
    "name": "Anna",
    "email": "anna@example.org",
    "timezone": "Europe/Berlin",
    "language": "en",
    "locale": "en-GB",
    "week_starts_on": 0,
}


class MeView(ApiView):
    """``me/``."""

    @operation("get_me", "me", Operation("Who you are", shapes.Me, _EXAMPLE))
    def get(self, request: Request) -> Response:
        """With what the meaning of your words depends on."""
        return Response(user_to_json(caller_of(request)))


def user_to_json(user: User) -> dict[str, Any]:
    """A person as they see themselves."""
    return {
        "id": user.pk,
        "username": user.get_username(),
        "name": user.get_full_name(),
        "email": user.email,
        "timezone": user.timezone,
        "language": user.language,
        "locale": user.locale,
        "week_starts_on": user.week_starts_on,
    }


urlpatterns = [path("me/", MeView.as_view(), name="me")]
