"""The browsers in which people want to be told, and what is on its way there."""

from __future__ import annotations

import uuid

from django.db import models

from tasks_app.models.outgoing import Outgoing, unfinished_index
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


class OutboundPush(Outgoing):
    """A notification on its way to one browser."""

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="pushes")
    payload = models.JSONField()
    """What the service worker shows; its ``tag`` makes a repeated one take the place of the first."""

    class Meta(Outgoing.Meta):
        abstract = False
        indexes = [unfinished_index("push_unfinished")]
