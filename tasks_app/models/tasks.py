"""Tasks and what people say about them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tasks_app.commands import TITLE_MAX_LENGTH
from tasks_app.models.people import User
from tasks_app.models.projects import Label, Project
from tasks_app.models.rows import Versioned, place_at_end
from tasks_app.querysets import CommentQuerySet, TaskQuerySet

LAST_DAY = dt.date(9999, 12, 31)
LAST_PRIORITY = 9
DUE_OR_LAST = Coalesce("due_on", models.Value(LAST_DAY), output_field=models.DateField())
PRIORITY_OR_LAST = Coalesce("priority", models.Value(LAST_PRIORITY), output_field=models.IntegerField())
"""By what lists are ordered: what is not due, or has no priority, comes last. Never null, as pages need it."""


class Task(Versioned):
    """Something to do."""

    class Priority(models.IntegerChoices):
        """Stored as a number so that the database can order by it, most first."""

        URGENT = 1, _("urgent")
        HIGH = 2, _("high")
        MEDIUM = 3, _("medium")
        LOW = 4, _("low")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tasks")
    """Whose it is: the owner of its project, else the person in whose inbox it lies. Its labels are theirs."""
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    """None is the inbox."""
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    """The task of which this is a part; always in the same project."""
    position = models.FloatField(default=place_at_end)
    """Where it stands among the tasks of its list, lowest first."""
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    notes = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, null=True, blank=True)
    labels = models.ManyToManyField(Label, blank=True, related_name="tasks")
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_tasks")

    start_on = models.DateField(null=True, blank=True)
    """The day in ``zone`` from which it can be done; set whenever it has a start at all."""
    start_at = models.DateTimeField(null=True, blank=True)
    start_time = models.TimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    """The day it is due in ``zone``; set whenever it is due at all."""
    due_at = models.DateTimeField(null=True, blank=True)
    """The moment it is due, when a time was given."""
    due_time = models.TimeField(null=True, blank=True)
    """The time on the clock of ``zone`` that was meant; kept beside ``due_at``, which says another one on a day when
    the clocks skip it, so that the next occurrence is at the right time again."""
    end_on = models.DateField(null=True, blank=True)
    """The last day of a range that starts when it is due."""
    end_at = models.DateTimeField(null=True, blank=True)
    end_time = models.TimeField(null=True, blank=True)
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    """How long it takes."""
    zone = models.CharField(max_length=64, default="UTC")
    """The zone in which its days, times and recurrence are meant."""
    rrule = models.CharField(max_length=500, blank=True)
    """RFC 5545 recurrence rule without the ``RRULE:`` prefix."""
    repeats_after_completion = models.BooleanField(default=False)
    """Whether the rule counts from the day it was done, not from the day it was due."""
    snoozed_from_on = models.DateField(null=True, blank=True)
    """The day of the occurrence from which a recurring task was put off; its next one counts from there."""
    snoozed_from_time = models.TimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "due_at", "priority", "created_at"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=models.Q(completed_at=None, deleted_at=None), name="task_open"
            ),
            models.Index(fields=["owner", "-completed_at"], name="task_completed"),
            models.Index(fields=["project", "position"], condition=models.Q(deleted_at=None), name="task_in_its_list"),
            models.Index(fields=["owner", "created_at", "id"], condition=models.Q(deleted_at=None), name="task_by_age"),
            models.Index(
                fields=["owner", "updated_at", "id"], condition=models.Q(deleted_at=None), name="task_by_change"
            ),
            models.Index(fields=["owner", "title", "id"], condition=models.Q(deleted_at=None), name="task_by_title"),
            models.Index("owner", DUE_OR_LAST, "id", condition=models.Q(deleted_at=None), name="task_by_due"),
            models.Index("owner", PRIORITY_OR_LAST, "id", condition=models.Q(deleted_at=None), name="task_by_priority"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at=None) | models.Q(due_on__isnull=False), name="task_due_at_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TaskComment(Versioned):
    """What a person said about a task, for the others who see it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="comments")
    """None once their account is gone."""
    text = models.TextField()
    edited_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:80]
