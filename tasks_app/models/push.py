"""The browsers in which people want to be told, and what is on its way there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks_app.models.people import User

ENDPOINT_MAX_LENGTH = 1000


class PushSubscription(models.Model):
    """One browser of a person, at the push service of its maker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=ENDPOINT_MAX_LENGTH, unique=True)
    """The push service's address for this browser; whoever knows it can write to the service, so it is a secret."""
    p256dh = models.CharField(max_length=90)
    """The browser's public key, an uncompressed point of P-256 in URL-safe base64."""
    auth = models.CharField(max_length=24)
    """The secret that it shares with us: 16 bytes in URL-safe base64."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]


class OutboundPush(models.Model):
    """A notification on its way to one browser."""

    class State(models.TextChoices):
        """Where it stands."""

        PENDING = "pending", _("pending")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("delivery uncertain")
        """It may have arrived, was sent once more all the same, and may have arrived then."""
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="pushes")
    dedupe_key = models.CharField(max_length=120, unique=True)
    """What it is about, such as ``notice:<id>:<subscription>``: one for each."""
    payload = models.JSONField()
    """What the service worker shows; its ``tag`` makes a repeated one take the place of the first."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    """Those that surely failed."""
    may_be_repeated = models.BooleanField(default=False)
    """Whether it was sent again after an attempt of which nobody knows how it ended."""
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when its job may wait in the queue, or the worker that took it may be at work on it."""
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["pending", "sending"]), name="push_unfinished"
            )
        ]
