"""``me/notifications/``: how a person wants to be told."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.urls import path
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of, locked_caller_of
from tasks_app.models import NotificationPreference
from tasks_app.reminders.errors import EmailUnavailable, QuietHoursIncomplete
from tasks_app.reminders.preferences import PreferenceChanges, change_preference, preference_of
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.versions import check_version, etag_of, version_of

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_EXAMPLE: dict[str, Any] = {
    "telegram": True,
    "web": True,
    "email": False,
    "push": True,
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "morning_agenda_at": "08:00",
    "weekly_review_on": 6,
    "weekly_review_at": "18:00",
}


class Notifications(BaseModel):
    """On which ways a person is told, and when not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    telegram: bool = Field(True, description="In every chat that you linked.")
    web: bool = Field(True, description="On the pages that you have open.")
    email: bool = Field(False, description="To the address of your account.")
    push: bool = Field(True, description="In the browsers that you allowed it, also while no page is open.")
    quiet_from: ClockTime | None = Field(None, description="On your clock; from here only what is urgent is told.")
    quiet_until: ClockTime | None = Field(None, description="At or before `quiet_from` it is a time of the next day.")
    morning_agenda_at: ClockTime | None = Field(
        None, description="On your clock: when the day's agenda comes into your chats; null when it does not."
    )
    weekly_review_on: int | None = Field(
        None, ge=0, le=6, description="When the review of your week comes, 0 is Monday; null when it does not."
    )
    weekly_review_at: ClockTime = Field("18:00", description="On your clock: at which hour of that day.")


class NotificationFields(Notifications):
    """What to change of it."""


class NotificationsView(ApiView):
    """``me/notifications/``."""

    @operation("get_notifications", "me", Operation("How you are told", Notifications, _EXAMPLE))
    def get(self, request: Request) -> Response:
        """What is missed comes together in one message, by itself. The `ETag` is for the `If-Match` of a change."""
        return _answer(preference_of(caller_of(request)))

    @operation(
        "update_notifications",
        "me",
        Operation(
            "Change how you are told",
            Notifications,
            _EXAMPLE,
            body=NotificationFields,
            body_example={"quiet_from": "22:00", "quiet_until": "07:00"},
            errors=(QuietHoursIncomplete, EmailUnavailable),
            checks_version=True,
        ),
    )
    @transaction.atomic
    def patch(self, request: Request) -> Response:
        """Only the fields that are given are touched; quiet hours need both ends, or neither."""
        given = read_body(NotificationFields, request).model_dump(exclude_unset=True)
        person = locked_caller_of(request)
        check_version(request, version_of(_to_json(preference_of(person))))
        return _answer(change_preference(person, PreferenceChanges.model_validate(given)))


def _answer(preference: NotificationPreference) -> Response:
    body = _to_json(preference)
    return Response(body, headers={"ETag": etag_of(version_of(body))})


def _to_json(preference: NotificationPreference) -> dict[str, Any]:
    clocks = ("quiet_from", "quiet_until", "morning_agenda_at", "weekly_review_at")
    times = {name: getattr(preference, name) for name in clocks}
    return {
        **{name: getattr(preference, name) for name in ("telegram", "web", "email", "push", "weekly_review_on")},
        **{name: time.strftime("%H:%M") if time else None for name, time in times.items()},
    }


urlpatterns = [path("me/notifications/", NotificationsView.as_view(), name="notifications")]
