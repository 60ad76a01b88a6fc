"""The task list as the page shows it: by what matters now, with days in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tasks_app import selectors
from tasks_app.agenda import day_of, is_overdue
from tasks_app.search import Marks, mark, search
from tasks_app.selectors import TaskFilters
from tasks_app.serialization import priority_word
from voicebot import dates

if TYPE_CHECKING:
    from tasks_app.models import Task, User

OPEN_LIMIT = 500
DONE_LIMIT = 10
DONE_FOR = dt.timedelta(days=7)
FOUND_LIMIT = 50
"""So many that a search found are shown, open and done."""
DAYS_BY_NAME = 7
"""So many days ahead a weekday's name is enough."""


@dataclass(frozen=True)
class TaskLine:
    """One task in the list."""

    task: Task
    due_text: str
    priority: str
    is_overdue: bool
    day: dt.date | None
    """On which it is due for the reader."""
    title_parts: tuple[tuple[str, bool], ...]
    """The title in pieces, each with whether it is a word of the search."""


@dataclass(frozen=True)
class TaskGroup:
    """Tasks under one heading."""

    key: str
    heading: str
    lines: tuple[TaskLine, ...]


def grouped_tasks(user: User, now: dt.datetime) -> list[TaskGroup]:
    """A person's open tasks and those done lately, without empty groups.

    Args:
        user: Whose.
        now: Aware; decides what today is in the person's zone.
    """
    zone = selectors.zone_of(user)
    now = now.astimezone(zone)
    tasks = list(selectors.list_tasks(user, filters=TaskFilters(), now=now, tz=zone)[:OPEN_LIMIT])
    done = selectors.list_tasks(user, filters=TaskFilters(status="completed"), now=now, tz=zone)
    done = done.filter(completed_at__gt=now - DONE_FOR)[:DONE_LIMIT]
    lines = [_line(task, now, zone) for task in tasks]
    groups = (
        TaskGroup("overdue", _("Overdue"), tuple(line for line in lines if line.is_overdue)),
        TaskGroup("today", _("Today"), tuple(line for line in lines if _is_today(line, now))),
        TaskGroup("upcoming", _("Upcoming"), tuple(line for line in lines if _is_later(line, now))),
        TaskGroup("no-date", _("No date"), tuple(line for line in lines if line.task.due_on is None)),
        TaskGroup("done", _("Done recently"), tuple(_line(task, now, zone) for task in done)),
    )
    return [group for group in groups if group.lines]


def found_tasks(user: User, text: str, now: dt.datetime) -> list[TaskGroup]:
    """What a search finds, best first: open tasks, then those that are done.

    Args:
        user: Who searches.
        text: Whatever was typed.
        now: Aware; decides what today is in the person's zone.
    """
    zone = selectors.zone_of(user)
    now = now.astimezone(zone)
    found = search(user, text, status="all")
    tasks = list(found.tasks.with_everything().order_by("-score", "-created_at", "-id")[:FOUND_LIMIT])
    marks = mark(found.wording, user.language, [{"title": task.title} for task in tasks])
    lines = [_line(task, now, zone, places.get("title", [])) for task, places in zip(tasks, marks, strict=True)]
    groups = (
        TaskGroup("found", _("Found"), tuple(line for line in lines if line.task.completed_at is None)),
        TaskGroup("found-done", _("Found among what is done"), tuple(line for line in lines if line.task.completed_at)),
    )
    return [group for group in groups if group.lines]


def day_text(day: dt.date, today: dt.date) -> str:
    """A day as people say it: today, tomorrow, a weekday of the coming week, else its date."""
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    distance = (day - today).days
    if distance in names:
        return names[distance]
    if 0 < distance < DAYS_BY_NAME:
        name = dates.weekday_text(day.weekday())
        return name[0].upper() + name[1:]
    is_this_year = day.year == today.year
    return dates.day_text(day, with_weekday=is_this_year, with_year=not is_this_year)


def _line(task: Task, now: dt.datetime, zone: ZoneInfo, marks: Marks | None = None) -> TaskLine:
    return TaskLine(
        task,
        _due_text(task, now, zone),
        priority_word(task.priority) or "",
        is_overdue(task, now, now.date()),
        day_of(task, zone),
        tuple(_parts_of(task.title, marks or [])),
    )


def _parts_of(title: str, marks: Marks) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in marks:
        yield from ((title[at:start], False), (title[start:end], True))
        at = end
    yield title[at:], False


def _due_text(task: Task, now: dt.datetime, zone: ZoneInfo) -> str:
    if task.due_on is None:
        return ""
    if task.due_at is None:
        return day_text(task.due_on, now.date())
    moment = task.due_at.astimezone(zone)
    return f"{day_text(moment.date(), now.date())} {moment:%H:%M}"


def _is_today(line: TaskLine, now: dt.datetime) -> bool:
    return not line.is_overdue and line.day == now.date()


def _is_later(line: TaskLine, now: dt.datetime) -> bool:
    return not line.is_overdue and line.day is not None and line.day > now.date()
