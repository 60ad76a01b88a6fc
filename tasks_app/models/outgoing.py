"""What the rows have in common that are sent to somebody outside; :mod:`tasks_app.outbox` takes and settles them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """Something on its way to a person."""

    class State(models.TextChoices):
        """Where it stands."""

        PENDING = "pending", _("pending")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("delivery uncertain")
        """It may have arrived, was sent once more all the same, and may have arrived then."""
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(max_length=120, unique=True)
    """What it is about, such as ``notice:<id>``: one for each."""
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
        abstract = True
        ordering = ["created_at"]


def unfinished_index(name: str) -> models.Index:
    """For the look for rows that should have been sent by now."""
    return models.Index(fields=["next_attempt_at"], condition=Q(state__in=["pending", "sending"]), name=name)
