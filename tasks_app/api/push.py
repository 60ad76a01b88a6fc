"""``me/push/``."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from pydantic import BaseModel, ConfigDict, Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of
from tasks_app.models.push import ENDPOINT_MAX_LENGTH
from tasks_app.push import keys, subscriptions
from tasks_app.push.errors import PushOff, PushSubscriptionInvalid, PushSubscriptionNotFound
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.outward.addresses import OutwardAddressRefused, OutwardUrlInvalid

_ID = "6f1c2c52-9d1e-4f0e-8a57-2f1f0b6b7c11"
_PUBLIC_KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
_EXAMPLE: dict[str, Any] = {"id": _ID}
_BODY: dict[str, Any] = {
    "endpoint": "https://push.example.org/send/3f0b",
    "keys": {"p256dh": _PUBLIC_KEY, "auth": "tBHItJI5svbpez7KI4CCXg"},
}


class PushKey(BaseModel):
    """What a browser is told when it subscribes."""

    public_key: str = Field(description="`applicationServerKey`, in URL-safe base64.")


class BrowserKeys(BaseModel):
    """Of `PushSubscription.toJSON()`."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=90)
    auth: str = Field(max_length=24)


class Browser(BaseModel):
    """A browser's push subscription, as `PushSubscription.toJSON()` gives it."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=ENDPOINT_MAX_LENGTH)
    keys: BrowserKeys


class BrowserKept(BaseModel):
    """The name under which it is switched off."""

    id: uuid.UUID


class PushView(ApiView):
    """``me/push/``."""

    @operation(
        "get_push_key",
        "me",
        Operation("The key of push notifications", PushKey, {"public_key": _PUBLIC_KEY}, errors=(PushOff,)),
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002  # DRF's signature
        """With it a browser subscribes to be told of reminders while no page is open."""
        return Response({"public_key": keys.public_key()})

    @operation(
        "add_push_subscription",
        "me",
        Operation(
            "Be told in a browser",
            BrowserKept,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=Browser,
            body_example=_BODY,
            errors=(PushOff, OutwardAddressRefused, OutwardUrlInvalid, PushSubscriptionInvalid),
        ),
    )
    def post(self, request: Request) -> Response:
        """The same browser again is the same subscription; one that was somebody else's is yours now."""
        browser = read_body(Browser, request)
        kept = subscriptions.subscribe(caller_of(request), browser.endpoint, browser.keys.p256dh, browser.keys.auth)
        return Response({"id": str(kept.pk)}, status=status.HTTP_201_CREATED)


class PushSubscriptionView(ApiView):
    """``me/push/{subscription_id}/``."""

    @operation(
        "delete_push_subscription",
        "me",
        Operation("Be told no more in a browser", BrowserKept, _EXAMPLE, errors=(PushSubscriptionNotFound,)),
    )
    def delete(self, request: Request, subscription_id: uuid.UUID) -> Response:
        """What waits for it is not sent."""
        subscriptions.unsubscribe(caller_of(request), subscription_id)
        return Response({"id": str(subscription_id)})


urlpatterns = [
    path("me/push/", PushView.as_view(), name="push-subscriptions"),
    path("me/push/<uuid:subscription_id>/", PushSubscriptionView.as_view(), name="push-subscription"),
]
