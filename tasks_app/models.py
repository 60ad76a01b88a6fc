"""People, projects, labels, tasks, reminders, and the record of every change."""

from __future__ import annotations

import uuid
import zoneinfo
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tasks_app.commands import NAME_MAX_LENGTH, TITLE_MAX_LENGTH
from tasks_app.context import Source
from tasks_app.querysets import ProjectQuerySet, TaskQuerySet

SOURCE_CHOICES = [(source.value, source.value) for source in Source]


def validate_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone; use a name such as Europe/Berlin."), params={"name": name}
        )


class User(AbstractUser):
    """A person, with what the meaning of their words depends on."""

    timezone = models.CharField(max_length=64, blank=True, validators=[validate_zone])
    """Empty until it is known; :meth:`tasks_app.selectors.zone_of` falls back to the server's."""
    language = models.CharField(max_length=8, blank=True)
    """ISO 639-1 code for answers and for speech; empty until set or detected once."""
    locale = models.CharField(max_length=16, default="en-GB")
    """Decides how numeric dates are read: ``en-US`` puts the month first."""
    week_starts_on = models.PositiveSmallIntegerField(default=0)
    """0 is Monday."""
    is_owner = models.BooleanField(default=False)
    """The person whom the start screen's sign-in link is for."""

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"),
        ]


class Versioned(models.Model):
    """A row with a public id and a version that every change raises, so that undo sees a conflict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it went to the trash."""

    class Meta:
        abstract = True


class Project(Versioned):
    """A list of tasks with a name."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    is_archived = models.BooleanField(default=False)

    objects: ClassVar = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=models.Q(deleted_at=None), name="project_name_unique_for_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    """A word that groups tasks across projects."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=NAME_MAX_LENGTH)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="label_name_unique_for_owner")]

    def __str__(self) -> str:
        return self.name


class Task(Versioned):
    """Something to do."""

    class Priority(models.IntegerChoices):
        """Stored as a number so that the database can order by it, most first."""

        URGENT = 1, _("urgent")
        HIGH = 2, _("high")
        MEDIUM = 3, _("medium")
        LOW = 4, _("low")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tasks")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    """None is the inbox."""
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    notes = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, null=True, blank=True)
    labels = models.ManyToManyField(Label, blank=True, related_name="tasks")
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_tasks")

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
    zone = models.CharField(max_length=64, default="UTC")
    """The zone in which its days, times and recurrence are meant."""
    rrule = models.CharField(max_length=500, blank=True)
    """RFC 5545 recurrence rule without the ``RRULE:`` prefix."""
    completed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "due_at", "priority", "created_at"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=models.Q(completed_at=None, deleted_at=None), name="task_open"
            ),
            models.Index(fields=["owner", "-completed_at"], name="task_completed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at=None) | models.Q(due_on__isnull=False), name="task_due_at_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """A moment at which a person is told of a task, delivered once."""

    class State(models.TextChoices):
        """Where its delivery stands."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders")
    before = models.DurationField(null=True, blank=True)
    """How long before the due moment; None for an absolute moment."""
    remind_at = models.DateTimeField(null=True, blank=True)
    """When to tell; for a relative one computed whenever the due moment changes."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["remind_at"]
        indexes = [models.Index(fields=["remind_at"], condition=~models.Q(state="sent"), name="reminder_waiting")]


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
