"""``auth/sessions/``: the browsers in which a person is signed in."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.accounts import devices
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.models import SignedInDevice
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation
from voicebot.errors import NotFound

_DEVICE: dict[str, Any] = {
    "id": 12,
    "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "address": "203.0.113.7",
    "signed_in_at": "2026-11-20T08:00:00+00:00",
    "last_seen_at": "2026-11-22T16:20:00+00:00",
    "is_this_one": False,
}


class DeviceListView(ApiView):
    """``auth/sessions/``."""

    @operation("list_sessions", "auth", Operation("Where you are signed in", shapes.Devices, {"results": [_DEVICE]}))
    def get(self, request: Request) -> Response:
        """Browsers with a session that lasts, the one that was seen last first."""
        return Response({"results": [_to_json(each, request) for each in devices.devices_of(caller_of(request))]})


class DeviceView(ApiView):
    """``auth/sessions/{device_id}/``."""

    @operation(
        "end_session", "auth", Operation("Sign a browser out", status=status.HTTP_204_NO_CONTENT, errors=(NotFound,))
    )
    def delete(self, request: Request, device_id: int) -> Response:
        """Its pages ask to sign in again, and what it has open closes within seconds."""
        user = caller_of(request)
        if device_id not in {device.pk for device in devices.devices_of(user)}:
            raise NotFound
        devices.sign_out_device(user, device_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _to_json(device: SignedInDevice, request: Request) -> dict[str, Any]:
    present = None if request.auth else request.session.session_key
    return {
        "id": device.pk,
        "agent": device.agent,
        "address": device.address,
        "signed_in_at": device.signed_in_at.isoformat(),
        "last_seen_at": device.last_seen_at.isoformat(),
        "is_this_one": device.session_key == present,
    }


urlpatterns = [
    path("auth/sessions/", DeviceListView.as_view(), name="sessions"),
    path("auth/sessions/<int:device_id>/", DeviceView.as_view(), name="session"),
]
