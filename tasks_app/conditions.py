"""What a list of tasks can be narrowed to: one function for each, used by parameters, by words and by speech."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from tasks_app.clock import localise
from tasks_app.intents import Priority
from tasks_app.models import Label, Project, Task
from tasks_app.serialization import priority_number

_ZONES_APART = dt.timedelta(days=2)
"""At most, between what day it is in one zone and in another."""


def is_open() -> Q:
    """Not done yet."""
    return Q(completed_at=None)


def is_overdue(now: dt.datetime, today: dt.date) -> Q:
    """Open, and due before today or today at a time that has passed."""
    # An index leads to these; the day of a moment may be another one elsewhere.
    near = Q(due_on__lte=today + _ZONES_APART)
    return near & (Q(due_on__lt=today) | Q(due_at__lt=now)) & is_open()


def is_due(first: dt.date | None, last: dt.date | None) -> Q:
    """Due on one of these days, both included; an open end is None."""
    condition = Q(due_on__isnull=False)
    if first:
        condition &= Q(due_on__gte=first)
    return condition & Q(due_on__lte=last) if last else condition


def is_in_project(name: str) -> Q:
    """In a project of that name, whatever its case; ``inbox`` is also what is in none."""
    named = Q(project_id__in=Project.objects.filter(name__iexact=name, deleted_at=None).values("id"))
    return named | Q(project=None) if name.casefold() == "inbox" else named


def has_label(*names: str) -> Q:
    """With a label of one of these names, whatever its case; without names with any."""
    through = Task.labels.through.objects.filter(task_id=OuterRef("pk"))
    labels = Label.objects.all()
    if names:
        wanted = Q()
        for name in names:
            wanted |= Q(name__iexact=name)
        labels = labels.filter(wanted)
    return Q(Exists(through.filter(label__in=labels)))


def has_priority(*words: Priority) -> Q:
    """With one of these; without any, one at all."""
    return Q(priority__in=[priority_number(word) for word in words]) if words else Q(priority__isnull=False)


def is_given_to(person_id: int | None) -> Q:
    """Somebody's to do; None is nobody's."""
    return Q(assignee_id=person_id)


def happened(column: str, first: dt.date | None, last: dt.date | None, zone: ZoneInfo) -> Q:
    """Made, changed or done on one of these days, both included.

    Args:
        column: ``created_at``, ``updated_at`` or ``completed_at``.
        first: None is from ever.
        last: None is until now.
        zone: Whose days.
    """
    condition = Q(**{f"{column}__isnull": False})
    if first:
        condition &= Q(**{f"{column}__gte": _midnight(first, zone)})
    if last:
        condition &= Q(**{f"{column}__lt": _midnight(last + dt.timedelta(days=1), zone)})
    return condition


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return localise(dt.datetime.combine(day, dt.time()), zone)
