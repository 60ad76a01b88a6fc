"""Reads of the domain; each gives a person only what they may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q

from tasks_app import conditions
from tasks_app.clock import day_in, wire_form
from tasks_app.errors import LabelNotFound, ProjectNotFound, TaskNotFound
from tasks_app.intents import Priority
from tasks_app.matching import Candidate
from tasks_app.models import Label, Project, SearchEntry, Task, User
from tasks_app.querysets import LabelQuerySet, ProjectQuerySet, TaskQuerySet
from tasks_app.search import entry_condition
from tasks_app.sharing import get_assignee, list_people
from voicebot.errors import NotAllowed
from voicebot.languages import language_to_answer_in

__all__ = [
    "OwnNames",
    "TaskFilters",
    "find_project",
    "get_assignee",
    "get_label",
    "get_project",
    "get_task",
    "get_task_for_json",
    "get_user_language",
    "list_labels",
    "list_parts",
    "list_people",
    "list_projects",
    "list_tasks",
    "project_candidates",
    "select_tasks",
    "select_tasks_apart",
    "task_candidates",
    "vocabulary_of",
    "zone_of",
]

CANDIDATES_LIMIT = 2000
"""A phrase is looked for among so many tasks, those touched last."""
_PROJECTS_LIMIT, _LABELS_LIMIT, _PEOPLE_LIMIT, _TITLES_LIMIT = 40, 40, 20, 60


@dataclass(frozen=True)
class TaskFilters:
    """What to list; what is not given does not restrict."""

    status: Literal["open", "completed", "all"] = "open"
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    """Days of the reader, both included."""
    overdue: bool = False
    project_id: UUID | None = None
    project: str | None = None
    """A project's name, whatever its case; ``inbox`` is also what is in no project."""
    label: str | None = None
    priority: Priority | None = None
    text: str | None = None
    """Words that it has, in whatever form and place; see :mod:`tasks_app.search`."""
    more: Q = field(default_factory=Q)
    """Whatever else it has to fulfil; from :mod:`tasks_app.conditions`."""


@dataclass(frozen=True)
class OwnNames:
    """The names that a person uses, newest or most used first."""

    projects: tuple[str, ...]
    labels: tuple[str, ...]
    people: tuple[str, ...]
    tasks: tuple[str, ...]


def get_task(user: User, task_id: UUID, *, for_update: bool = False, to_edit: bool = False) -> Task:
    """One task.

    Raises:
        TaskNotFound: There is none that the person may see.
        NotAllowed: They may see it and not change it, and ``to_edit`` asks for that.
    """
    tasks: TaskQuerySet = Task.objects.visible_to(user).select_related("project")
    if for_update:
        tasks = tasks.select_for_update(of=("self",))
    task: Task | None = tasks.filter(id=task_id).first()
    if task is None:
        raise TaskNotFound
    if to_edit and task.owner_id != user.pk and not Task.objects.editable_by(user).filter(id=task_id).exists():
        raise NotAllowed
    return task


def get_project(
    user: User, project_id: UUID, *, for_update: bool = False, to_edit: bool = False, to_manage: bool = False
) -> Project:
    """One project.

    Args:
        user: Who looks.
        project_id: Which.
        for_update: Whether to lock it until the transaction ends.
        to_edit: Whether its tasks are to be changed.
        to_manage: Whether it, or who is in it, is to be changed.

    Raises:
        ProjectNotFound: There is none that the person may see.
        NotAllowed: They may see it, and not do that.
    """
    projects: ProjectQuerySet = Project.objects.visible_to(user)
    if for_update:
        projects = projects.select_for_update()
    project: Project | None = projects.filter(id=project_id).first()
    if project is None:
        raise ProjectNotFound
    if project.owner_id != user.pk and (to_edit or to_manage):
        allowed = Project.objects.managed_by(user) if to_manage else Project.objects.editable_by(user)
        if not allowed.filter(id=project_id).exists():
            raise NotAllowed
    return project


def list_tasks(user: User, *, filters: TaskFilters, now: dt.datetime, tz: ZoneInfo) -> TaskQuerySet:
    """Tasks in the order in which they are due, completed ones last completed first; all that JSON needs is fetched."""
    tasks = select_tasks(user, filters=filters, now=now, tz=tz).with_everything()
    return tasks.order_by("-completed_at", "id") if filters.status == "completed" else tasks


def select_tasks(user: User, *, filters: TaskFilters, now: dt.datetime, tz: ZoneInfo) -> TaskQuerySet:
    """The same tasks in no order, with nothing beside them."""
    tasks: TaskQuerySet = Task.objects.seen_by(user)
    for condition in _conditions(user, filters, now, tz):
        tasks = tasks.filter(condition)
    return tasks


def select_tasks_apart(user: User, *, filters: TaskFilters, now: dt.datetime, tz: ZoneInfo) -> list[TaskQuerySet]:
    """The same in the parts of :meth:`~tasks_app.querysets.TaskQuerySet.apart`, for long lists in any order."""
    parts: list[TaskQuerySet] = Task.objects.apart(user, filters.project_id)
    narrowing = reduce(and_, _conditions(user, filters, now, tz))
    return [part.filter(narrowing) for part in parts]


def get_task_for_json(user: User, task_id: UUID) -> Task:
    """One task with all that its JSON shows, in one query.

    Raises:
        TaskNotFound: There is none that the person may see.
    """
    task: Task | None = Task.objects.visible_to(user).for_json().filter(id=task_id).first()
    if task is None:
        raise TaskNotFound
    return task


def _conditions(user: User, filters: TaskFilters, now: dt.datetime, tz: ZoneInfo) -> Iterator[Q]:
    if filters.status != "all":
        yield Q(completed_at__isnull=filters.status == "open")
    if filters.overdue:
        yield conditions.is_overdue(now, day_in(tz, now))
    if filters.due_from or filters.due_to:
        yield conditions.is_due(filters.due_from, filters.due_to)
    if filters.project_id:
        yield Q(project_id=filters.project_id)
    if filters.project:
        yield conditions.is_in_project(filters.project)
    if filters.label:
        yield conditions.has_label(filters.label)
    if filters.priority:
        yield conditions.has_priority(filters.priority)
    if filters.text:
        entries = SearchEntry.objects.filter(entry_condition(user, filters.text))
        yield Q(Exists(entries.filter(task_id=OuterRef("pk"))))
    yield filters.more


def list_projects(user: User, *, with_archived: bool = False) -> ProjectQuerySet:
    """The person's projects by name, each with ``open_task_count``."""
    is_open = Q(tasks__completed_at=None, tasks__deleted_at=None, tasks__isnull=False)
    projects: ProjectQuerySet = Project.objects.visible_to(user).annotate(open_task_count=Count("tasks", is_open))
    return projects if with_archived else projects.filter(is_archived=False)


def get_label(user: User, label_id: UUID, *, for_update: bool = False) -> Label:
    """One of the person's labels.

    Raises:
        LabelNotFound: They have no such.
    """
    labels: LabelQuerySet = Label.objects.visible_to(user)
    label: Label | None = (labels.select_for_update() if for_update else labels).filter(id=label_id).first()
    if label is None:
        raise LabelNotFound
    return label


def list_labels(user: User) -> LabelQuerySet:
    """The person's labels by name, each with ``open_task_count``."""
    is_open = Q(tasks__completed_at=None, tasks__deleted_at=None, tasks__isnull=False)
    labels: LabelQuerySet = Label.objects.visible_to(user).annotate(open_task_count=Count("tasks", is_open))
    return labels


def list_parts(user: User, task: Task) -> TaskQuerySet:
    """The parts of a task, in the order in which people put them; all that JSON needs is fetched."""
    parts: TaskQuerySet = Task.objects.visible_to(user).filter(parent=task).with_everything().in_list_order()
    return parts


def find_project(user: User, name: str) -> Project | None:
    """The project of exactly this name, whatever its case."""
    project: Project | None = Project.objects.visible_to(user).filter(name__iexact=name.strip()).first()
    return project


def project_candidates(user: User) -> list[Candidate]:
    """The person's projects, for :mod:`tasks_app.matching`; touched last first."""
    projects = Project.objects.visible_to(user).order_by("-updated_at")[:CANDIDATES_LIMIT]
    return [Candidate(id=project.id, title=project.name, order=rank) for rank, project in enumerate(projects)]


def task_candidates(user: User, *, status: Literal["open", "completed", "all"] = "open") -> list[Candidate]:
    """The person's tasks, for :mod:`tasks_app.matching`; touched last first."""
    tasks = Task.objects.visible_to(user)
    if status != "all":
        tasks = tasks.filter(completed_at__isnull=status == "open")
    rows = tasks.order_by("-updated_at").values_list("id", "title", "due_on", "due_at", "zone")[:CANDIDATES_LIMIT]
    return [
        Candidate(id=id_, title=title, due=wire_form(due_on, due_at, zone), order=rank)
        for rank, (id_, title, due_on, due_at, zone) in enumerate(rows)
    ]


def vocabulary_of(user: User) -> OwnNames:
    """The person's own names, for hints to a recogniser and for matching; bounded."""
    projects = Project.objects.visible_to(user).filter(is_archived=False)
    projects = projects.annotate(last_used_at=Max("tasks__updated_at"))
    labels = Label.objects.filter(owner=user).annotate(uses=Count("tasks"))
    titles = Task.objects.visible_to(user).open().order_by("-updated_at").values_list("title", flat=True)
    newest_first = F("last_used_at").desc(nulls_last=True)
    return OwnNames(
        projects=tuple(projects.order_by(newest_first, "-created_at").values_list("name", flat=True)[:_PROJECTS_LIMIT]),
        labels=tuple(labels.order_by("-uses", "name").values_list("name", flat=True)[:_LABELS_LIMIT]),
        people=tuple(name for person in list_people(user) if (name := person.get_full_name()))[:_PEOPLE_LIMIT],
        tasks=tuple(dict.fromkeys(titles[:_TITLES_LIMIT])),
    )


def zone_of(user: User) -> ZoneInfo:
    """The person's time zone, or the server's while theirs is unknown."""
    return ZoneInfo(user.timezone or settings.TIME_ZONE)


def get_user_language(user: User) -> str:
    """ISO 639-1 code of the language to answer the person in."""
    return language_to_answer_in(user.language)
