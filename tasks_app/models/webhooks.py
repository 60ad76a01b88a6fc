"""Where people want to be told of events by HTTP, and what was told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks_app.models.people import User
from voicebot.outward.addresses import URL_MAX_LENGTH


def new_seed() -> str:
    """What a webhook's secret is made from."""
    return secrets.token_hex(32)


class Webhook(models.Model):
    """An address of a person's own to which events are sent."""

    class Off(models.TextChoices):
        """Why it was switched off without being asked."""

        GONE = "gone", _("the receiver said that it is gone")
        FAILING = "failing", _("the receiver failed for days")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=URL_MAX_LENGTH)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list)
    """Names of events, or ``*`` alone."""
    is_active = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=10, choices=Off.choices, blank=True)
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    old_seed = models.CharField(max_length=64, blank=True, editable=False)
    """Of the secret before; what is sent is signed with both until :attr:`old_until`."""
    old_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    """Attempts in a row that failed."""
    failing_since = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True, blank=True)
    """Nothing is sent before, so that a receiver that is down is left alone."""
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.description or f"webhook {self.pk}"

    def wants(self, event: str) -> bool:
        """Whether it is sent events of that name."""
        return "*" in self.events or event in self.events


def secret_bytes(seed: str) -> bytes:
    """The 32 bytes that the receiver holds; the row alone does not give them away, the master key makes them."""
    master = base64.urlsafe_b64decode(settings.ENCRYPTION_KEY)
    return hmac.digest(master, b"tasks_app.webhook:" + bytes.fromhex(seed), hashlib.sha256)


class WebhookDelivery(models.Model):
    """One event on its way to one webhook; its id is the ``webhook-id`` of each attempt."""

    class State(models.TextChoices):
        """Where it stands."""

        PENDING = "pending", _("pending")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    cause = models.CharField(max_length=120)
    """What it tells of, such as ``change:<set>:<ordinal>``: one delivery for each."""
    body = models.TextField()
    """The JSON, as it is signed and sent."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    """Those that were begun."""
    give_up_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    response_start = models.TextField(blank=True)
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "cause"], name="webhook_told_once_of_each_cause")]
        indexes = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhook_delivery_newest"),
            models.Index(
                fields=["webhook", "created_at"],
                condition=Q(state__in=["pending", "sending"]),
                name="webhook_delivery_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
