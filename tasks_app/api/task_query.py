"""The parameters by which ``tasks/`` is narrowed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from django.db.models import Q
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from tasks_app import conditions, selectors
from tasks_app.errors import PersonNotFound
from tasks_app.filter_words import MAX_LENGTH, read_filter
from tasks_app.intents import Priority
from tasks_app.models import User
from tasks_app.querysets import TaskQuerySet
from tasks_app.selectors import TaskFilters

MAX_NAMES = 20
_NO_NUL = r"^[^\x00]*$"
_Text = Annotated[str, Field(pattern=_NO_NUL, max_length=200)]
_DayOrMoment = AwareDatetime | dt.date


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]


def _check_names(text: str) -> str:
    if not 1 <= len(_names(text)) <= MAX_NAMES:
        raise ValueError(f"give 1 to {MAX_NAMES} names, separated by commas")
    return text


def _check_priorities(text: str) -> str:
    if unknown := set(_names(_check_names(text))) - set(Priority):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; use {', '.join(Priority)}")
    return text


def _check_assignee(text: str) -> str:
    if text not in {"me", "none"} and not (text.isascii() and text.isdigit() and len(text) < len("1000000000")):
        raise ValueError("use me, none or the id of a person")
    return text


class TaskQuery(BaseModel):
    """What to list; what is not given does not restrict, and all that is given has to hold."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["open", "completed", "all"] | None = Field(
        default=None, description="`open` without it, `all` where `filter` says `open` or `done` itself."
    )
    due: Literal["none", "any"] | dt.date | None = Field(default=None, description="The day; `none`, or `any` day.")
    due_from: dt.date | None = Field(default=None, description="First day.")
    due_to: dt.date | None = Field(default=None, description="Last day, included.")
    due_after: dt.date | None = Field(default=None, description="The day before the first.")
    due_before: dt.date | None = Field(default=None, description="The day after the last.")
    overdue: bool = Field(default=False, description="Only what is late.")
    project_id: uuid.UUID | None = None
    project: _Text | None = Field(default=None, description="A project's name; `inbox` is also what is in none.")
    parent_id: uuid.UUID | None = Field(default=None, description="Only the parts of this task.")
    label: Annotated[_Text, AfterValidator(_check_names)] | None = Field(
        default=None, description="The name of a label, or several, separated by commas: with one of these."
    )
    priority: Annotated[_Text, AfterValidator(_check_priorities)] | None = Field(
        default=None, description="`urgent`, `high`, `medium`, `low`, or several, separated by commas."
    )
    assignee: Annotated[_Text, AfterValidator(_check_assignee)] | None = Field(
        default=None, description="`me`, `none`, or the id of a person."
    )
    created_since: _DayOrMoment | None = Field(default=None, description="A day, or a moment with its offset.")
    updated_since: _DayOrMoment | None = Field(default=None, description="A day, or a moment with its offset.")
    completed_since: _DayOrMoment | None = Field(default=None, description="A day, or a moment with its offset.")
    text: _Text | None = Field(
        default=None, description="Words that it has in title, notes, comments, project or labels, in whatever form."
    )
    filter: Annotated[str, Field(pattern=_NO_NUL, max_length=MAX_LENGTH)] | None = Field(
        default=None, description="In words, such as `overdue and urgent in Home`; see the documentation."
    )


def tasks_wanted(user: User, query: TaskQuery, *, now: dt.datetime, tz: ZoneInfo) -> list[TaskQuerySet]:
    """The person's tasks that a query asks for, in parts by their owner; all that JSON needs is fetched.

    Raises:
        FilterInvalid: The filter in words cannot be read.
        PersonNotFound: Nobody whom the person may see has the id of ``assignee``.
    """
    more = Q()
    for condition in _conditions(user, query, tz):
        more &= condition
    status = query.status or "open"
    if query.filter is not None:
        in_words = read_filter(query.filter, user=user, now=now, tz=tz)
        more &= in_words.condition
        if in_words.speaks_of_done and query.status is None:
            status = "all"
    filters = TaskFilters(
        status=status,
        due_from=query.due_from,
        due_to=query.due_to,
        overdue=query.overdue,
        project_id=query.project_id,
        project=query.project,
        text=query.text,
        more=more,
    )
    parts = selectors.select_tasks_apart(user, filters=filters, now=now, tz=tz)
    return [part.for_json() for part in parts]


def _conditions(user: User, query: TaskQuery, tz: ZoneInfo) -> Iterator[Q]:
    yield from _about_due(query)
    if query.parent_id:
        yield Q(parent_id=query.parent_id)
    if query.label:
        yield conditions.has_label(*_names(query.label))
    if query.priority:
        yield conditions.has_priority(*(Priority(name) for name in _names(query.priority)))
    if query.assignee:
        yield conditions.is_given_to(_person(user, query.assignee))
    for column in ("created", "updated", "completed"):
        since = getattr(query, f"{column}_since")
        if isinstance(since, dt.datetime):
            yield Q(**{f"{column}_at__gte": since})
        elif since:
            yield conditions.happened(f"{column}_at", since, None, tz)


def _about_due(query: TaskQuery) -> Iterator[Q]:
    if isinstance(query.due, dt.date):
        yield conditions.is_due(query.due, query.due)
    elif query.due:
        yield Q(due_on__isnull=query.due == "none")
    if query.due_after:
        yield Q(due_on__gt=query.due_after)
    if query.due_before:
        yield Q(due_on__lt=query.due_before)


def _person(user: User, name: str) -> int | None:
    if name in {"me", "none"}:
        return user.pk if name == "me" else None
    person_id = int(name)
    if not any(person.pk == person_id for person in selectors.list_people(user)):
        raise PersonNotFound
    return person_id
