"""``webhooks/``."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, Literal

from django.db import transaction
from django.urls import path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of
from tasks_app.models import Webhook, WebhookDelivery
from tasks_app.webhooks import registry
from tasks_app.webhooks.catalogue import Event
from tasks_app.webhooks.errors import TooManyWebhooks, WebhookNotFound, WebhookOff
from tasks_app.webhooks.signing import secret_of
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import NEWEST_FIRST, Orders, answer_page
from voicebot.api.versions import check_version, etag_of
from voicebot.outward.addresses import URL_MAX_LENGTH, OutwardAddressRefused, OutwardUrlInvalid

ORDERS = Orders({"created_at": ("created_at", "id")})
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Events = Annotated[
    list[Event | Literal["*"]],
    Field(min_length=1, max_length=50, description="Names of events; `*` is all of them, also those to come."),
]
Url = Annotated[str, StringConstraints(min_length=1, max_length=URL_MAX_LENGTH)]


class NewWebhook(BaseModel):
    """A webhook to be."""

    model_config = ConfigDict(extra="forbid")

    url: Url = Field(description="Begins with `https://` and leads to the internet.")
    events: Events
    description: Line = ""
    is_active: bool = True


class WebhookFields(BaseModel):
    """What of a webhook is to change."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = Field(None, description="Begins with `https://` and leads to the internet.")
    events: Events | None = None
    description: Line | None = None
    is_active: bool | None = None


class WebhookShape(BaseModel):
    """An address of your own to which events are sent."""

    model_config = ConfigDict(title="Webhook")

    id: uuid.UUID
    url: str
    description: str
    events: list[str]
    is_active: bool
    off_reason: Literal["gone", "failing"] | None = Field(description="Why it was switched off without your asking.")
    failing_since: AwareDatetime | None = Field(description="null when the last attempt went well.")
    last_attempt_at: AwareDatetime | None
    old_secret_until: AwareDatetime | None = Field(description="Until then the secret before is signed with, too.")
    created_at: AwareDatetime
    version: int


class WebhookWithSecret(WebhookShape):
    """A webhook, with its secret, which is shown this once."""

    model_config = ConfigDict(title="WebhookWithSecret")

    secret: str


class Delivery(BaseModel):
    """One event on its way to one webhook."""

    id: uuid.UUID = Field(description="The `webhook-id` of each attempt.")
    event: str
    state: Literal["pending", "sending", "delivered", "failed"]
    attempts: int
    next_attempt_at: AwareDatetime | None = Field(description="null when nothing more is tried.")
    last_attempt_at: AwareDatetime | None
    delivered_at: AwareDatetime | None
    response_status: int | None
    response_start: str = Field(description="The first bytes of the answer.")
    error: str | None = Field(description="The code of what went wrong last.")
    created_at: AwareDatetime
    payload: dict[str, Any] = Field(description="What is sent.")


_AT = "2026-11-22T09:00:00+00:00"
_WEBHOOK: dict[str, Any] = {
    "id": "6a9d3c1e-2b4f-4e60-9a7c-8d1e2f3a4b16",
    "url": "https://receiver.example.org/tasks",
    "description": "Dashboard in the hall",
    "events": ["task.created", "task.completed"],
    "is_active": True,
    "off_reason": None,
    "failing_since": None,
    "last_attempt_at": None,
    "old_secret_until": None,
    "created_at": _AT,
    "version": 1,
}
_WITH_SECRET = {**_WEBHOOK, "secret": "whsec_…"}
_DELIVERY: dict[str, Any] = {
    "id": "7bae4d2f-3c50-4f71-8b8d-9e2f3a4b5c17",
    "event": "webhook.test",
    "state": "delivered",
    "attempts": 1,
    "next_attempt_at": None,
    "last_attempt_at": _AT,
    "delivered_at": _AT,
    "response_status": 204,
    "response_start": "",
    "error": None,
    "created_at": _AT,
    "payload": {
        "id": "7bae4d2f-3c50-4f71-8b8d-9e2f3a4b5c17",
        "event": "webhook.test",
        "occurred_at": _AT,
        "source": "api",
        "actor": {"user_id": 3, "username": "anna"},
        "change_set": None,
        "object": {"webhook_id": _WEBHOOK["id"]},
        "before": None,
        "after": None,
    },
}
_BODY = {"url": _WEBHOOK["url"], "events": _WEBHOOK["events"], "description": _WEBHOOK["description"]}
_REFUSALS = (OutwardUrlInvalid, OutwardAddressRefused)


def webhook_to_json(webhook: Webhook) -> dict[str, Any]:
    """A webhook as its owner sees it, without its secret."""
    return {
        "id": str(webhook.pk),
        "url": webhook.url,
        "description": webhook.description,
        "events": webhook.events,
        "is_active": webhook.is_active,
        "off_reason": webhook.off_reason or None,
        "failing_since": _moment(webhook.failing_since),
        "last_attempt_at": _moment(webhook.last_attempt_at),
        "old_secret_until": _moment(webhook.old_until),
        "created_at": _moment(webhook.created_at),
        "version": webhook.version,
    }


def delivery_to_json(delivery: WebhookDelivery) -> dict[str, Any]:
    """A delivery as the webhook's owner sees it."""
    is_open = delivery.state in {WebhookDelivery.State.PENDING, WebhookDelivery.State.SENDING}
    return {
        "id": str(delivery.pk),
        "event": delivery.event,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": _moment(delivery.next_attempt_at) if is_open else None,
        "last_attempt_at": _moment(delivery.last_attempt_at),
        "delivered_at": _moment(delivery.delivered_at),
        "response_status": delivery.response_status,
        "response_start": delivery.response_start,
        "error": delivery.error_code or None,
        "created_at": _moment(delivery.created_at),
        "payload": json.loads(delivery.body),
    }


def _moment(moment: Any) -> str | None:  # noqa: ANN401  # a datetime or nothing
    return moment.isoformat() if moment else None


def _answer(webhook: Webhook, *, code: int = status.HTTP_200_OK, with_secret: bool = False) -> Response:
    body = webhook_to_json(webhook) | ({"secret": secret_of(webhook)} if with_secret else {})
    return Response(body, status=code, headers={"ETag": etag_of(webhook.version)})


class WebhookListView(ApiView):
    """``webhooks/``."""

    @operation("list_webhooks", "webhooks", Operation("Your webhooks", WebhookShape, _WEBHOOK, orders=ORDERS))
    def get(self, request: Request) -> Response:
        """Oldest first."""
        return answer_page(request, registry.webhooks_of(caller_of(request)), webhook_to_json, orders=ORDERS)

    @operation(
        "create_webhook",
        "webhooks",
        Operation(
            "Add a webhook",
            WebhookWithSecret,
            _WITH_SECRET,
            status=status.HTTP_201_CREATED,
            body=NewWebhook,
            body_example=_BODY,
            errors=(*_REFUSALS, TooManyWebhooks),
        ),
    )
    def post(self, request: Request) -> Response:
        """This answer is the only time that the secret is shown."""
        body = read_body(NewWebhook, request)
        webhook = registry.create_webhook(caller_of(request), **body.model_dump())
        response = _answer(webhook, code=status.HTTP_201_CREATED, with_secret=True)
        response["Location"] = f"{request.path}{webhook.pk}/"
        return response


class WebhookView(ApiView):
    """``webhooks/{webhook_id}/``."""

    @operation("get_webhook", "webhooks", Operation("One webhook", WebhookShape, _WEBHOOK, errors=(WebhookNotFound,)))
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Its `ETag` is for the `If-Match` of a change."""
        return _answer(registry.get_webhook(caller_of(request), webhook_id))

    @operation(
        "update_webhook",
        "webhooks",
        Operation(
            "Change a webhook",
            WebhookShape,
            _WEBHOOK,
            body=WebhookFields,
            body_example={"is_active": True},
            errors=(WebhookNotFound, *_REFUSALS),
            checks_version=True,
        ),
    )
    def patch(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Only the fields that are given are touched. Switching it on sends what still waits."""
        with transaction.atomic():
            webhook = registry.lock_webhook(caller_of(request), webhook_id)
            check_version(request, webhook.version)
            body = read_body(WebhookFields, request)
            registry.change_webhook(webhook, body.model_dump(exclude_none=True))
        return _answer(webhook)

    @operation(
        "delete_webhook",
        "webhooks",
        Operation(
            "Delete a webhook", status=status.HTTP_204_NO_CONTENT, errors=(WebhookNotFound,), checks_version=True
        ),
    )
    def delete(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """With all its deliveries; this cannot be undone."""
        with transaction.atomic():
            webhook = registry.lock_webhook(caller_of(request), webhook_id)
            check_version(request, webhook.version)
            webhook.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecretView(ApiView):
    """``webhooks/{webhook_id}/secret/``."""

    @operation(
        "rotate_webhook_secret",
        "webhooks",
        Operation("Make a new secret", WebhookWithSecret, _WITH_SECRET, errors=(WebhookNotFound,)),
    )
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """What is sent in the next 24 hours is signed with the old one as well."""
        with transaction.atomic():
            webhook = registry.lock_webhook(caller_of(request), webhook_id)
            registry.rotate_secret(webhook)
        return _answer(webhook, with_secret=True)


class WebhookTestView(ApiView):
    """``webhooks/{webhook_id}/test/``."""

    @operation(
        "test_webhook",
        "webhooks",
        Operation(
            "Send a test event",
            Delivery,
            _DELIVERY,
            status=status.HTTP_202_ACCEPTED,
            errors=(WebhookNotFound, WebhookOff),
        ),
    )
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """`webhook.test` goes out soon, whichever events it wants; look at the delivery for what came of it."""
        delivery = registry.send_test(caller_of(request), webhook_id)
        return Response(delivery_to_json(delivery), status=status.HTTP_202_ACCEPTED)


class DeliveryListView(ApiView):
    """``webhooks/{webhook_id}/deliveries/``."""

    @operation(
        "list_webhook_deliveries",
        "webhooks",
        Operation("What a webhook was told", Delivery, _DELIVERY, orders=NEWEST_FIRST, errors=(WebhookNotFound,)),
    )
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """And what is to be told; kept for 30 days."""
        return answer_page(request, registry.deliveries_of(caller_of(request), webhook_id), delivery_to_json)


class DeliveryView(ApiView):
    """``webhooks/{webhook_id}/deliveries/{delivery_id}/``."""

    @operation(
        "get_webhook_delivery",
        "webhooks",
        Operation("One delivery", Delivery, _DELIVERY, errors=(WebhookNotFound,)),
    )
    def get(self, request: Request, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> Response:
        """With what was sent and how it was answered."""
        return Response(delivery_to_json(registry.get_delivery(caller_of(request), webhook_id, delivery_id)))


class RedeliveryView(ApiView):
    """``webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver/``."""

    @operation(
        "redeliver_webhook_delivery",
        "webhooks",
        Operation(
            "Send a delivery again",
            Delivery,
            _DELIVERY,
            status=status.HTTP_202_ACCEPTED,
            errors=(WebhookNotFound, WebhookOff),
        ),
    )
    def post(self, request: Request, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> Response:
        """Soon, under the same `webhook-id`, and tried for another 24 hours."""
        delivery = registry.redeliver(caller_of(request), webhook_id, delivery_id)
        return Response(delivery_to_json(delivery), status=status.HTTP_202_ACCEPTED)


_ONE = "webhooks/<uuid:webhook_id>/"
_DELIVERIES = f"{_ONE}deliveries/"

urlpatterns = [
    path("webhooks/", WebhookListView.as_view(), name="webhooks"),
    path(_ONE, WebhookView.as_view(), name="webhook"),
    path(f"{_ONE}secret/", WebhookSecretView.as_view(), name="webhook-secret"),
    path(f"{_ONE}test/", WebhookTestView.as_view(), name="webhook-test"),
    path(_DELIVERIES, DeliveryListView.as_view(), name="webhook-deliveries"),
    path(f"{_DELIVERIES}<uuid:delivery_id>/", DeliveryView.as_view(), name="webhook-delivery"),
    path(f"{_DELIVERIES}<uuid:delivery_id>/redeliver/", RedeliveryView.as_view(), name="webhook-redelivery"),
]
