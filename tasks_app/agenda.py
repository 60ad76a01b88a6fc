"""What is due on some days, what is late, and what a person is told of: the same for API, speech and page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q

from tasks_app import selectors
from tasks_app.clock import day_in, days_from, localise, start_of_day, wire_form
from tasks_app.models import Reminder, Task, User
from tasks_app.recurrence import occurrences_between, parse_recurrence
from tasks_app.reminders.people import tells
from tasks_app.selectors import TaskFilters

MAX_DAYS = 62
MOST_TASKS = 1000
RECURRING_LIMIT = 1000
REMINDERS_LIMIT = 200
STEPS_LIMIT = 20_000
"""So many occurrences of rules are looked at for one agenda."""
STEPS_FOR_EACH = 2_000
_COMES_AGAIN = ~Q(rrule="") & Q(repeats_after_completion=False)
_NO_PRIORITY = 9
_NO_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class AgendaEntry:
    """A task on a day."""

    task: Task
    day: dt.date
    """In the reader's zone."""
    at: dt.datetime | None
    """The moment, when it has a time."""
    is_occurrence: bool
    """Whether it is a time to come of a task that now stands at an earlier one."""
    is_overdue: bool

    @property
    def due(self) -> str:
        """As in a task's JSON."""
        return wire_form(self.day, self.at, self.task.zone) or ""


@dataclass(frozen=True)
class AgendaDay:
    """One day."""

    day: dt.date
    entries: tuple[AgendaEntry, ...]
    """Those with a time first, by time; then the others by priority."""


@dataclass(frozen=True)
class Agenda:
    """A stretch of days."""

    today: dt.date
    overdue: tuple[Task, ...]
    """Late tasks of earlier days than the first one; those of the days themselves stand there."""
    days: tuple[AgendaDay, ...]
    """Every day of the stretch, also those with nothing."""
    reminders: tuple[Reminder, ...]
    """Those that come within the days, earliest first; each with its task."""
    is_complete: bool
    """False when there was more than is looked at."""

    @property
    def entries(self) -> Iterator[AgendaEntry]:
        """Those of all days, in order."""
        return (entry for day in self.days for entry in day.entries)


def day_of(task: Task, zone: ZoneInfo) -> dt.date | None:
    """The day on which a task is due for a reader: that of its moment on their clock, else the day that was given."""
    return day_in(zone, task.due_at) if task.due_at else task.due_on


def is_overdue(task: Task, now: dt.datetime, today: dt.date) -> bool:
    """Whether a task is late: its moment has passed, or its day when it has no time; as ``TaskQuerySet.overdue``."""
    if task.completed_at or task.due_on is None:
        return False
    return task.due_at < now if task.due_at else task.due_on < today


def get_agenda(
    user: User,
    first: dt.date,
    last: dt.date,
    zone: ZoneInfo,
    *,
    now: dt.datetime,
    narrowing: TaskFilters | None = None,
    with_reminders: bool = True,
    limit: int = MOST_TASKS,
) -> Agenda:
    """What a person has before them; six queries at most, however much it is.

    Args:
        user: Who looks.
        first: First day.
        last: Last day, included; at most :data:`MAX_DAYS` in all.
        zone: Decides which day it is.
        now: Aware; decides what is late.
        narrowing: Which tasks alone; its days and status count for nothing.
        with_reminders: Whether these are wanted.
        limit: So many tasks at most: late ones up to a half of them, then day by day.
    """
    today = day_in(zone, now)
    tasks = selectors.select_tasks(user, filters=narrowing or TaskFilters(), now=now, tz=zone).for_json()
    before, most_late = min(start_of_day(zone, first), now), limit // 2
    late = tuple(tasks.overdue(before, min(first, today))[: most_late + 1])
    left = limit - min(len(late), most_late)
    rows = list(tasks.due_between(first, last, zone)[: left + 1])
    again = list(tasks.due_between(None, last, zone).filter(_COMES_AGAIN)[: RECURRING_LIMIT + 1])
    expansion = _Expansion(first, last, zone, now)
    entries = [_entry(task, now, zone, today) for task in rows]
    entries += [entry for task in again[:RECURRING_LIMIT] for entry in expansion.occurrences_of(task)]
    is_all = len(late) <= most_late and len(entries) <= left and len(again) <= RECURRING_LIMIT
    return Agenda(
        today=today,
        overdue=late[:most_late],
        days=_by_day(sorted(entries, key=_place)[:left], first, last),
        reminders=_reminders(user, first, last, zone) if with_reminders else (),
        is_complete=is_all and expansion.is_complete,
    )


def _entry(task: Task, now: dt.datetime, zone: ZoneInfo, today: dt.date) -> AgendaEntry:
    day = day_of(task, zone) or today
    return AgendaEntry(task, day, task.due_at, is_occurrence=False, is_overdue=is_overdue(task, now, today))


class _Expansion:
    """Finds when recurring tasks come again, with an end to how much is looked at."""

    def __init__(self, first: dt.date, last: dt.date, zone: ZoneInfo, now: dt.datetime) -> None:
        self._first, self._last, self._zone, self._now = first, last, zone, now
        self._steps_left = STEPS_LIMIT
        self.is_complete = True

    def occurrences_of(self, task: Task) -> Iterator[AgendaEntry]:
        """The times within the days to which it would go on if it were done now, and then each time."""
        start = _occurrence_on_clock(task)
        if not task.rrule or task.repeats_after_completion or start is None:
            return
        has_time = task.snoozed_from_time is not None if task.snoozed_from_on else task.due_at is not None
        zone = ZoneInfo(task.zone)
        floor = max(self._now.astimezone(dt.UTC), localise(start, zone), task.due_at or localise(start, zone))
        for local in self._times(task, start, zone):
            moment = localise(local, zone) if has_time else None
            day = day_in(self._zone, moment) if moment else local.date()
            is_later = moment > floor if moment else day > max(day_in(zone, floor), task.due_on or dt.date.min)
            if is_later and self._first <= day <= self._last:
                yield AgendaEntry(task, day, moment, is_occurrence=True, is_overdue=False)

    def _times(self, task: Task, start: dt.datetime, zone: ZoneInfo) -> list[dt.datetime]:
        """All that could fall into the days, whatever the distance of the two zones."""
        most = min(STEPS_FOR_EACH, self._steps_left)
        found, steps = occurrences_between(
            parse_recurrence(task.rrule),
            start,
            zone,
            first=dt.datetime.combine(days_from(self._first, -2), dt.time()),
            last=dt.datetime.combine(days_from(self._last, 2), dt.time.max),
            most_steps=most,
        )
        self._steps_left -= steps
        self.is_complete = self.is_complete and steps < most
        return found


def _occurrence_on_clock(task: Task) -> dt.datetime | None:
    day, clock = task.due_on, task.due_time
    if task.snoozed_from_on:
        day, clock = task.snoozed_from_on, task.snoozed_from_time
    return None if day is None else dt.datetime.combine(day, clock or dt.time())


def _by_day(entries: list[AgendaEntry], first: dt.date, last: dt.date) -> tuple[AgendaDay, ...]:
    days: dict[dt.date, list[AgendaEntry]] = {
        dt.date.fromordinal(number): [] for number in range(first.toordinal(), last.toordinal() + 1)
    }
    for entry in entries:
        days[entry.day].append(entry)
    return tuple(AgendaDay(day, tuple(found)) for day, found in days.items())


def _place(entry: AgendaEntry) -> tuple[dt.date, dt.datetime, int, dt.datetime]:
    return entry.day, entry.at or _NO_TIME, entry.task.priority or _NO_PRIORITY, entry.task.created_at


def _reminders(user: User, first: dt.date, last: dt.date, zone: ZoneInfo) -> tuple[Reminder, ...]:
    since, until = start_of_day(zone, first), start_of_day(zone, days_from(last, 1))
    found = Reminder.objects.filter(tells(user), remind_at__gte=since, remind_at__lt=until)
    found = found.filter(task__deleted_at=None, task__completed_at=None).select_related("task")
    return tuple(found.order_by("remind_at")[:REMINDERS_LIMIT])
