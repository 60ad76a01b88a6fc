"""The record of every change."""

from __future__ import annotations

from django.db import models

from tasks_app.context import Source
from tasks_app.models.people import User

SOURCE_CHOICES = [(source.value, source.value) for source in Source]


class ChangeSet(models.Model):
    """All changes of one utterance, one request or one press of a button: one unit to undo.

    Its id is the id of its cause, so that carrying the same cause out again finds it and stops.
    """

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="change_sets")
    source = models.CharField(max_length=16, choices=SOURCE_CHOICES)
    created_at = models.DateTimeField(auto_now_add=True)
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by")
    """The set that this one reverts."""
    results = models.JSONField(default=list)
    """What each command did, as it was told to the person, for when the same cause comes again."""

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="change_set_newest")]


class Change(models.Model):
    """One row before and after one action."""

    class Kind(models.TextChoices):
        """What kind of row."""

        TASK = "task"
        PROJECT = "project"
        MEMBER = "member"
        LABEL = "label"
        COMMENT = "comment"

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="changes")
    ordinal = models.PositiveIntegerField()
    """The n-th action of its set."""
    action = models.CharField(max_length=32)
    """The command that caused it, such as ``complete_task``."""
    kind = models.CharField(max_length=16, choices=Kind.choices)
    row_id = models.UUIDField(db_index=True)
    before = models.JSONField(null=True)
    """The row's fields before; None when it did not exist."""
    after = models.JSONField()
    version_after = models.PositiveIntegerField()
    """The row's version when this change was made; another one later means that undoing conflicts."""

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["change_set", "ordinal"], name="change_once_in_its_set")]
