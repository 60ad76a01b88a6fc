"""What a person has got done: by day, by door and by project, and how long without a day off; five queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from tasks_app.clock import day_in, days_from, start_of_day
from tasks_app.context import Source
from tasks_app.models import Change, Project, Task, User

MAX_DAYS = 366
STREAK_DAYS = 3660
DOORS = ("voice", "chat", "web", "api")
_DONE, _CREATED = "complete_task", "create_task"
_DOOR_OF = {Source.TELEGRAM: "chat", Source.WEB: "web"}

FindSpoken = Callable[[OuterRef], QuerySet[Any]]
_SPOKEN: list[FindSpoken] = []


@dataclass(frozen=True)
class DayCount:
    """One day, or the week that begins on it."""

    day: dt.date
    done: int
    created: int


@dataclass(frozen=True)
class ProjectCount:
    """One project; without an id it is the inbox."""

    project_id: UUID | None
    name: str
    open: int
    overdue: int
    done: int


@dataclass(frozen=True)
class Statistics:
    """What a person did in some days up to today, and what is open now."""

    days: tuple[DayCount, ...]
    """Every day, the oldest first."""
    weeks: tuple[DayCount, ...]
    open: int
    overdue: int
    streak: int
    """Days in a row with something done, up to today, or to yesterday while today has nothing yet."""
    longest_streak: int
    doors: dict[str, int]
    """What was done through each of :data:`DOORS`."""
    projects: tuple[ProjectCount, ...]

    @property
    def done(self) -> int:
        """In all days."""
        return sum(day.done for day in self.days)

    @property
    def created(self) -> int:
        """In all days."""
        return sum(day.created for day in self.days)


def register_spoken(find: FindSpoken) -> None:
    """Let a layer above say which changes were spoken.

    Args:
        find: From a reference to the id of a cause: rows, if that cause was a recording.
    """
    if find not in _SPOKEN:
        _SPOKEN.append(find)


def get_statistics(user: User, zone: ZoneInfo, *, now: dt.datetime, days: int) -> Statistics:
    """Count what the person did themselves; what was undone does not count, a recurring task counts each time.

    Args:
        user: Whose.
        zone: Decides which day it was.
        now: Aware.
        days: How many, today included; at most :data:`MAX_DAYS`.
    """
    today = day_in(zone, now)
    first = days_from(today, 1 - days)
    recent = _changes(user).filter(change_set__created_at__gte=start_of_day(zone, first))
    done, created, doors = Counter[dt.date](), Counter[dt.date](), Counter(dict.fromkeys(DOORS, 0))
    for row in _by_day_and_door(recent, zone):
        (done if row["action"] == _DONE else created)[row["day"]] += row["count"]
        if row["action"] == _DONE:
            doors[row["door"]] += row["count"]
    counts = tuple(DayCount(day, done[day], created[day]) for day in (days_from(first, n) for n in range(days)))
    projects = _by_project(user, recent, now, today)
    streak, longest = _streaks(user, zone, today)
    return Statistics(
        days=counts,
        weeks=_weeks(counts, user.week_starts_on),
        open=sum(project.open for project in projects),
        overdue=sum(project.overdue for project in projects),
        streak=streak,
        longest_streak=longest,
        doors=dict(doors),
        projects=projects,
    )


def _changes(user: User) -> QuerySet[Change]:
    kept = Change.objects.filter(change_set__owner=user, change_set__undoes=None, change_set__undone_by=None)
    return kept.filter(kind=Change.Kind.TASK, action__in=(_DONE, _CREATED)).order_by()


def _by_day_and_door(changes: QuerySet[Change], zone: ZoneInfo) -> list[dict[str, Any]]:
    spoken = [When(Exists(find(OuterRef("change_set_id"))), then=Value("voice")) for find in _SPOKEN]
    others = [When(change_set__source=source, then=Value(door)) for source, door in _DOOR_OF.items()]
    door = Case(*spoken, *others, default=Value("api"), output_field=CharField())
    day = TruncDate("change_set__created_at", tzinfo=zone)
    rows = changes.annotate(day=day, door=door).values("day", "door", "action").annotate(count=Count("pk"))
    return [dict(row) for row in rows]


def _by_project(user: User, recent: QuerySet[Change], now: dt.datetime, today: dt.date) -> tuple[ProjectCount, ...]:
    late = Q(due_at__lt=now) | Q(due_at=None, due_on__lt=today)
    open_rows = Task.objects.visible_to(user).open().order_by().values("project_id")
    states = {
        row["project_id"]: (row["open"], row["late"])
        for row in open_rows.annotate(open=Count("pk"), late=Count("pk", filter=late))
    }
    place = KeyTextTransform("project", "after")
    done_rows = recent.filter(action=_DONE).annotate(place=place).values("place").annotate(count=Count("pk"))
    done = {UUID(row["place"]) if row["place"] else None: row["count"] for row in done_rows}
    ids = (states.keys() | done.keys()) - {None}
    names = dict(Project.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "name"))
    found = [
        ProjectCount(id_, names.get(id_, ""), *states.get(id_, (0, 0)), done.get(id_, 0))
        for id_ in states.keys() | done.keys()
        if id_ is None or id_ in names
    ]
    return tuple(sorted(found, key=lambda each: (-each.done, -each.open, each.name)))


def _streaks(user: User, zone: ZoneInfo, today: dt.date) -> tuple[int, int]:
    day = TruncDate(F("change_set__created_at"), tzinfo=zone)
    since = start_of_day(zone, days_from(today, -STREAK_DAYS))
    done = _changes(user).filter(action=_DONE, change_set__created_at__gte=since)
    dates = done.annotate(day=day).values_list("day", flat=True).distinct().order_by("day")
    run = longest = 0
    last: dt.date | None = None
    for date in dates:
        run = run + 1 if last is not None and (date - last).days == 1 else 1
        longest, last = max(longest, run), date
    is_going_on = last is not None and (today - last).days <= 1
    return run if is_going_on else 0, longest


def _weeks(days: tuple[DayCount, ...], week_starts_on: int) -> tuple[DayCount, ...]:
    weeks: dict[dt.date, list[DayCount]] = {}
    for day in days:
        weeks.setdefault(days_from(day.day, -((day.day.weekday() - week_starts_on) % 7)), []).append(day)
    return tuple(
        DayCount(start, sum(day.done for day in held), sum(day.created for day in held))
        for start, held in weeks.items()
    )
