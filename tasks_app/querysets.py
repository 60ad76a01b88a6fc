"""The building blocks of every read; who may see and who may change what is part of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from tasks_app.clock import days_from, start_of_day

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from tasks_app.models import User

_EDITORS = ("editor", "owner")
_ZONES_APART = 2
"""By so many days the days of two zones differ at most at one moment."""
_OWNERS_APART = 4
"""What more owners than these share with one person is one part."""


class _IsOneOf(models.Func):
    """``column = ANY(array)``: the array is made once for a query, and an index on the column can be used."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class _SharedRows(models.QuerySet[Any]):
    """Rows that are a person's own, or that lie in a project which somebody shares with them."""

    project_column = "project_id"

    def visible_to(self, user: User) -> Self:
        """Those that this person may see and that are not in the trash."""
        return self.of(user).filter(deleted_at=None)

    def editable_by(self, user: User) -> Self:
        """Those of them that this person may change."""
        return self.of(user, _EDITORS).filter(deleted_at=None)

    def of(self, user: User, roles: tuple[str, ...] = ()) -> Self:
        """Those that this person may see, in the trash or not.

        Args:
            user: Who looks.
            roles: When given, only what they own or have in one of these roles.
        """
        shared = apps.get_model("tasks_app", "ProjectMember").objects.present().filter(user=user)
        if roles:
            shared = shared.filter(role__in=roles)
        ids = ArraySubquery(shared.order_by().values("project_id"))
        return self.filter(Q(owner=user) | Q(_IsOneOf(models.F(self.project_column), ids)))


class ProjectQuerySet(_SharedRows):
    """Reads of projects."""

    project_column = "id"

    def managed_by(self, user: User) -> Self:
        """Those whose name, state and members this person may change."""
        return self.of(user, ("owner",)).filter(deleted_at=None)


class MemberQuerySet(models.QuerySet[Any]):
    """Reads of who is in a project."""

    def present(self) -> Self:
        """Those who agreed to be in it, and still are."""
        return self.filter(deleted_at=None, joined_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """The members, and those invited, of the projects that this person may see."""
        projects = apps.get_model("tasks_app", "Project").objects.visible_to(user)
        return self.filter(deleted_at=None, project__in=projects)


class LabelQuerySet(models.QuerySet[Any]):
    """Reads of labels."""

    def visible_to(self, user: User) -> Self:
        """The person's own."""
        return self.filter(owner=user, deleted_at=None)


class LivingLabelManager(models.Manager[Any]):
    """Leaves the deleted ones out, also where a task reads its labels."""

    def get_queryset(self) -> LabelQuerySet:
        """Those that are there."""
        return LabelQuerySet(self.model, using=self._db).filter(deleted_at=None)

    def visible_to(self, user: User) -> LabelQuerySet:
        """The person's own."""
        return self.get_queryset().visible_to(user)


class TaskQuerySet(_SharedRows):
    """Reads of tasks."""

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(completed_at=None)

    def due_between(self, first: dt.date | None, last: dt.date | None, zone: ZoneInfo) -> Self:
        """Due on one of these days, both included; None leaves that end open.

        A moment counts to the day on which it falls in the reader's zone, a day without a time to itself.

        Args:
            first: First day.
            last: Last day.
            zone: The reader's.
        """
        condition = Q()
        if first:
            since = start_of_day(zone, first)
            condition &= Q(due_on__gte=days_from(first, -_ZONES_APART))  # the index on it finds the place
            condition &= Q(due_at=None, due_on__gte=first) | Q(due_at__gte=since)
        if last:
            until = start_of_day(zone, days_from(last, 1))
            condition &= Q(due_on__lte=days_from(last, _ZONES_APART))
            condition &= Q(due_at=None, due_on__lte=last) | Q(due_at__lt=until)
        return self.filter(condition)

    def overdue(self, now: dt.datetime, today: dt.date) -> Self:
        """Due at a moment that has passed, or without a time on a day before today.

        Args:
            now: Aware moment.
            today: The person's day at that moment.
        """
        return self.filter(Q(due_at__lt=now) | Q(due_at=None, due_on__lt=today)).filter(completed_at=None)

    def in_list_order(self) -> Self:
        """In the order in which people put them."""
        return self.order_by("position", "created_at")

    def seen_by(self, user: User) -> Self:
        """Those that this person may see, as :meth:`visible_to`, for long lists; one query more.

        Where nobody shares anything with them, all is their own, and an index on the owner leads through it in order.
        """
        members = apps.get_model("tasks_app", "ProjectMember").objects.present()
        if members.filter(user=user).exclude(project__owner=user).exists():
            return self.visible_to(user)
        return self.filter(owner=user, deleted_at=None)

    def apart(self, user: User, project_id: UUID | None = None) -> list[Self]:
        """Those that this person may see in parts by their owner, each task in one of them; one query more.

        An index that begins with the owner leads through each part in any order, which no index does for all of them.

        Args:
            user: Who looks.
            project_id: When given, what is in this project alone.
        """
        members = apps.get_model("tasks_app", "ProjectMember").objects.present().filter(user=user)
        shared: dict[int, list[UUID]] = defaultdict(list)
        for owner_id, shared_id in members.exclude(project__owner=user).values_list("project__owner", "project"):
            if project_id in {None, shared_id}:
                shared[owner_id].append(shared_id)
        present = self.filter(deleted_at=None)
        own = present.filter(owner=user)
        if project_id is not None:
            others = [present.filter(owner=owner, project=project_id) for owner in shared]
            return others or [own.filter(project=project_id)]
        if len(shared) > _OWNERS_APART:
            return [own, present.filter(project__in=[each for ids in shared.values() for each in ids])]
        return [own, *(present.filter(owner=owner, project__in=ids) for owner, ids in shared.items())]

    def for_json(self) -> Self:
        """With all that a task's JSON shows, in the same query and without an object for each part."""
        labels = apps.get_model("tasks_app", "Label").objects.filter(tasks=models.OuterRef("pk"))
        reminders = apps.get_model("tasks_app", "Reminder").objects.filter(task=models.OuterRef("pk"))
        return self.annotate(
            project_name=models.F("project__name"),
            label_names=ArraySubquery(labels.order_by("name").values("name")),
            reminded_at=ArraySubquery(
                reminders.filter(remind_at__isnull=False).order_by("remind_at").values("remind_at")
            ),
        )

    def with_everything(self) -> Self:
        """With all that a task's JSON shows as objects, in a fixed number of queries."""
        return self.select_related("project").prefetch_related("labels", "reminders")


class CommentQuerySet(models.QuerySet[Any]):
    """Reads of comments."""

    def visible_to(self, user: User) -> Self:
        """Those on tasks that this person may see, without the deleted ones."""
        tasks = apps.get_model("tasks_app", "Task").objects.visible_to(user)
        return self.filter(deleted_at=None, task__in=tasks)
