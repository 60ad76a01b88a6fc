"""The building blocks of every read; who may see what is part of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from tasks_app.models import User


class ProjectQuerySet(models.QuerySet[Any]):
    """Reads of projects."""

    def visible_to(self, user: User) -> Self:
        """Those that this person may see and that are not in the trash."""
        return self.filter(owner=user, deleted_at=None)


class TaskQuerySet(models.QuerySet[Any]):
    """Reads of tasks."""

    def visible_to(self, user: User) -> Self:
        """Those that this person may see and that are not in the trash."""
        return self.filter(owner=user, deleted_at=None)

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(completed_at=None)

    def due_between(self, first: dt.date, last: dt.date) -> Self:
        """Due on one of these days, both included."""
        return self.filter(due_on__gte=first, due_on__lte=last)

    def overdue(self, now: dt.datetime, today: dt.date) -> Self:
        """Due before today, or today at a time that has passed.

        Args:
            now: Aware moment.
            today: The person's day at that moment.
        """
        return self.filter(models.Q(due_on__lt=today) | models.Q(due_at__lt=now)).filter(completed_at=None)

    def with_everything(self) -> Self:
        """With all that a task's JSON shows, in a fixed number of queries."""
        return self.select_related("project").prefetch_related("labels", "reminders")
