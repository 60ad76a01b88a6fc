"""Files that people bring in, and what became of each row of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.context import Source
from tasks_app.models.changes import SOURCE_CHOICES
from tasks_app.models.people import User

FILE_NAME_MAX_LENGTH = 200
TITLE_SHOWN_LENGTH = 200


class TaskImport(models.Model):
    """One file of tasks on its way in."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("not started")
        """Shown to the person, who has not said yet that it is to be done."""
        WAITING = "waiting", _("waiting")
        READING = "reading", _("being read")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        """Nothing of it was brought in."""
        CANCELLED = "cancelled", _("cancelled")

    WORKING_STATES: ClassVar[tuple[str, ...]] = (State.WAITING, State.READING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Also the cause of its changes, so that carrying it out again does nothing."""
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=16, choices=SOURCE_CHOICES, default=Source.WEB)
    file_name = models.CharField(max_length=FILE_NAME_MAX_LENGTH, blank=True)
    file_format = models.CharField(max_length=24)
    """A :class:`tasks_app.transfer.incoming.FileFormat`."""
    content = models.BinaryField(default=bytes)
    """The file; emptied at the end."""
    zone = models.CharField(max_length=64)
    """The person's zone when they gave the file: times in it without one are meant there."""
    given_at = models.DateTimeField()
    """When they gave it: words such as "tomorrow" count from here, however late it is read."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    """How many were looked at; the tasks themselves appear all at once, at the end."""
    made = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    error_details = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often a worker began."""
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="import_newest"),
            models.Index(
                fields=["created_at"], condition=models.Q(state__in=["waiting", "reading"]), name="import_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """The line of the report on one row of a file."""

    class Outcome(models.TextChoices):
        """What became of it."""

        MADE = "made", _("made")
        SKIPPED = "skipped", _("already there")
        PROBLEM = "problem", _("not brought in")

    task_import = models.ForeignKey(TaskImport, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    """Which it is in the file, from 1."""
    title = models.CharField(max_length=TITLE_SHOWN_LENGTH, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=64, blank=True)
    """Why it is not there; for one that is made, what of it could not be kept."""
    details = models.JSONField(default=dict, blank=True)
    task_id = models.UUIDField(null=True, blank=True)
    """The task that it became, or that was there already."""

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["task_import", "row"], name="import_report")]
