"""Whom a reminder tells: the one who has the task to do, else the one whose it is."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Coalesce

from tasks_app.models import User

PERSON_ID = Coalesce("task__assignee_id", "task__owner_id")
"""For a query of reminders."""


def tells(user: User) -> Q:
    """The reminders that tell this person."""
    return Q(task__assignee=user) | Q(task__assignee=None, task__owner=user)
