"""What people take out: the address of their calendar, and files with their tasks."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.models.people import User


class CalendarFeed(models.Model):
    """The private address at which other calendars read a person's tasks; without a row there is none."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed")
    address_id = models.UUIDField(default=uuid.uuid4, unique=True)
    """A new one is a new address; the secret is made from it and the installation's key, and stored nowhere."""
    as_todos = models.BooleanField(default=False)
    """Whether tasks are VTODOs, which task lists show and most calendars do not, instead of events."""
    has_alarms = models.BooleanField(default=False)
    """Whether the calendar is to ring at the reminders, too."""
    created_at = models.DateTimeField(auto_now_add=True)
    etag = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was last given out."""
    changed_at = models.DateTimeField(null=True, blank=True)
    """When that was first seen to be different."""
    read_at = models.DateTimeField(null=True, blank=True)
    """When a calendar last asked, to the hour."""


class Export(models.Model):
    """A file with all that is a person's own, kept for a while."""

    class State(models.TextChoices):
        """Whether it can be fetched."""

        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    """Bytes."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "-created_at"], name="export_newest")]


class ExportPart(models.Model):
    """A piece of a file, so that neither its writer nor its reader ever holds the whole."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    ordinal = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["export", "ordinal"], name="export_part_once")]
