"""What a feed says: the open tasks around today, as events that every calendar shows, or as VTODOs."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q
from icalendar import Alarm, Calendar, Event, Todo

from tasks_app.clock import localise
from tasks_app.models import CalendarFeed, Task
from tasks_app.recurrence import parse_recurrence
from tasks_app.transfer.calendar import PRODUCT, rule_of, todo_of

PAST_DAYS = 60
AHEAD_DAYS = 366
MOST_TASKS = 2000
ZONES_UNTIL_DAYS = 5 * 366
"""How far ahead the definitions of zones go."""
DEFAULT_MINUTES = 30
"""How long an event is of whose task nobody said it."""
REFRESH = dt.timedelta(hours=1)


@dataclass(frozen=True)
class FeedContent:
    """A calendar, and how to tell whether it is another one than before."""

    content: bytes
    etag: str
    """Quoted, for the header."""
    changed_at: dt.datetime


def read_feed(feed: CalendarFeed, now: dt.datetime) -> FeedContent:
    """The calendar of a feed as it is now; remembers when it was first different.

    Args:
        feed: With its user.
        now: Aware.
    """
    content = write_feed(feed, now)
    digest = hashlib.sha256(content).hexdigest()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if feed.etag != digest or feed.read_at != hour:
        changed_at = now.replace(microsecond=0) if feed.etag != digest else feed.changed_at
        feed.etag, feed.changed_at, feed.read_at = digest, changed_at, hour
        feed.save(update_fields=["etag", "changed_at", "read_at"])
    return FeedContent(content, f'"{digest}"', feed.changed_at or now)


def write_feed(feed: CalendarFeed, now: dt.datetime) -> bytes:
    """The calendar; the same bytes as long as nothing in it changes.

    Args:
        feed: With its user.
        now: Decides which days it holds: :data:`PAST_DAYS` back and :data:`AHEAD_DAYS` ahead.
    """
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", "PUBLISH"), ("x-wr-calname", "Tasks")):
        calendar.add(name, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for task in _tasks(feed, now):
        for part in _parts(task, feed):
            calendar.add_component(part)
    years = dt.date(now.year - 1, 1, 1), dt.date(now.year, 1, 1) + dt.timedelta(days=ZONES_UNTIL_DAYS)
    calendar.add_missing_timezones(*years)
    content: bytes = calendar.to_ical()
    return content


def _parts(task: Task, feed: CalendarFeed) -> list[Todo] | list[Event]:
    if feed.as_todos:
        todo = todo_of(task, task.updated_at)
        todo.subcomponents = todo.subcomponents if feed.has_alarms else []
        return [todo]
    events = _events(task)
    if feed.has_alarms:
        for event in events:
            _add_alarms(event, task)
    return events


def _tasks(feed: CalendarFeed, now: dt.datetime) -> list[Task]:
    today = now.date()
    recent = Q(due_on__gte=today - dt.timedelta(days=PAST_DAYS)) | ~Q(rrule="")
    tasks = Task.objects.visible_to(feed.user).open().filter(recent)
    tasks = tasks.filter(due_on__lte=today + dt.timedelta(days=AHEAD_DAYS)).with_everything()
    return list(tasks.order_by("due_on", "created_at", "id")[:MOST_TASKS])


def _events(task: Task) -> list[Event]:
    """One event; two where a recurring task was put off, of which the second stands in for one time of the series."""
    zone, rule = ZoneInfo(task.zone), None if task.repeats_after_completion else task.rrule
    due = task.due_at.astimezone(zone) if task.due_at else task.due_on
    if not rule or due is None:
        return [_event(task, due)]
    if task.snoozed_from_on is None:
        return [_event(task, due, rule)]
    start: dt.date = task.snoozed_from_on
    if task.snoozed_from_time is not None:
        start = localise(dt.datetime.combine(start, task.snoozed_from_time), zone).astimezone(zone)
    stand_in = _event(task, due)
    stand_in.add("recurrence-id", start)
    return [_event(task, start, rule), stand_in]


def _event(task: Task, start: dt.date | None, rule: str = "") -> Event:
    event = Event()
    event.add("uid", f"{task.id}")
    event.add("dtstamp", task.updated_at.astimezone(dt.UTC))
    event.add("last-modified", task.updated_at.astimezone(dt.UTC))
    event.add("sequence", task.version)
    event.add("summary", task.title)
    if task.notes:
        event.add("description", task.notes)
    event.add("class", "PRIVATE")
    if isinstance(start, dt.datetime):
        event.add("dtstart", start)
        event.add("duration", _length(task))
    elif start is not None:
        event.add("dtstart", start)
        last = task.end_on if task.end_on and task.due_on and not task.end_at else None
        days = (last - task.due_on).days + 1 if last and task.due_on else 1
        event.add("dtend", start + dt.timedelta(days=days))
        event.add("transp", "TRANSPARENT")
    if rule and start is not None and (written := rule_of(parse_recurrence(rule), start)):
        event.add("rrule", written)
    return event


def _length(task: Task) -> dt.timedelta:
    if task.end_at and task.due_at and task.end_at > task.due_at:
        return task.end_at - task.due_at
    return dt.timedelta(minutes=task.duration_minutes or DEFAULT_MINUTES)


def _add_alarms(event: Event, task: Task) -> None:
    for reminder in task.reminders.all():
        if reminder.remind_at is None:
            continue
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", task.title)
        if reminder.before is not None:
            alarm.add("trigger", -reminder.before)
        else:
            alarm.add("trigger", reminder.remind_at.astimezone(dt.UTC), parameters={"VALUE": "DATE-TIME"})
        event.add_component(alarm)
