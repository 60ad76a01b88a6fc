"""The agendas and reviews that a person asked to be sent by themselves."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.models.people import User


class Briefing(models.Model):
    """One day's agenda or review of one person: at most one of a kind a day, told once."""

    class Kind(models.TextChoices):
        """What it is."""

        MORNING = "morning", _("morning agenda")
        WEEK = "week", _("weekly review")

    class State(models.TextChoices):
        """Where it stands; what has ``passed`` was not asked for before its hour had come."""

        SENDING = "sending", _("sending")
        TOLD = "told", _("told")
        PASSED = "passed", _("passed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="briefings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    """On the person's calendar."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "day"], name="briefing_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.day}"
