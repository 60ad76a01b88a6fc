"""The moments at which people are told of a task."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.commands import BeforeStart, RemindAt
from tasks_app.models.notices import Notice
from tasks_app.models.tasks import Task


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
    """How long before the due moment; None when it does not count from there."""
    before_start = models.DurationField(null=True, blank=True)
    """How long before the start; None when it does not count from there."""
    remind_at = models.DateTimeField(null=True, blank=True)
    """When to tell; for a relative one computed whenever due moment or start changes."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""
    sent_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    """The end of the quiet hours in which it came due."""
    dismissed_at = models.DateTimeField(null=True, blank=True)
    """When the person was done with it; it is not told any more until its moment changes."""
    notice = models.ForeignKey(Notice, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders")
    """With what the person was told of it, when that was kept."""

    class Meta:
        ordering = ["remind_at"]
        indexes = [models.Index(fields=["remind_at"], condition=~models.Q(state="sent"), name="reminder_waiting")]

    @property
    def when(self) -> RemindAt | None:
        """What was asked for, whatever moment that is at present; None only of one without any."""
        if self.before_start is not None:
            return BeforeStart(before_start=self.before_start)
        return self.remind_at if self.before is None else self.before

    @property
    def is_relative(self) -> bool:
        """Whether its moment follows the times of its task."""
        return not isinstance(self.when, dt.datetime | None)
