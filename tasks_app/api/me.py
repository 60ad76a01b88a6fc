"""``me/``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.accounts.profile import ProfileChanges, change_profile
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of, locked_caller_of
from tasks_app.models import User
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.versions import check_version, etag_of, version_of

_EXAMPLE: dict[str, Any] = {
    "id": 3,
    "username": "anna",
    "name": "Anna",
    "email": "anna@example.org",
    "timezone": "Europe/Berlin",
    "language": "en",
    "locale": "en-GB",
    "week_starts_on": 0,
    "confirmation": "when_unsure",
    "keep_recordings_days": None,
    "shares_with_services": True,
    "sharing_decided_at": None,
}


class MeView(ApiView):
    """``me/``."""

    @operation("get_me", "me", Operation("Who you are", shapes.Me, _EXAMPLE))
    def get(self, request: Request) -> Response:
        """With what the meaning of your words depends on; its `ETag` is for the `If-Match` of a change."""
        return _answer(caller_of(request))

    @operation(
        "update_me",
        "me",
        Operation(
            "Change your profile",
            shapes.Me,
            _EXAMPLE,
            body=ProfileChanges,
            body_example={"timezone": "Europe/Berlin", "confirmation": "before_deleting"},
            checks_version=True,
        ),
    )
    @transaction.atomic
    def patch(self, request: Request) -> Response:
        """Only the fields that are given are touched."""
        changes, person = read_body(ProfileChanges, request), locked_caller_of(request)
        check_version(request, version_of(user_to_json(person)))
        return _answer(change_profile(person, changes))


def _answer(user: User) -> Response:
    body = user_to_json(user)
    return Response(body, headers={"ETag": etag_of(version_of(body))})


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
        "confirmation": user.confirmation,
        "keep_recordings_days": user.keep_recordings_days,
        "shares_with_services": user.shares_with_services,
        "sharing_decided_at": user.sharing_decided_at.isoformat() if user.sharing_decided_at else None,
    }


urlpatterns = [path("me/", MeView.as_view(), name="me")]
