"""iCalendar (RFC 5545): each task as a VTODO."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Timezone, Todo
from icalendar.prop import vRecur

from tasks_app.clock import localise
from tasks_app.models import Reminder, Task, User
from tasks_app.recurrence import Recurrence, parse_recurrence, until_on_clock
from tasks_app.transfer.owned import own_tasks

_END = b"END:VCALENDAR\r\n"
PRODUCT = "-//Voice AI Task Manager//Tasks//EN"
_PRIORITIES = {1: 1, 2: 3, 3: 5, 4: 9}
"""From ours to those of iCalendar, where 1 is the highest and 9 the lowest."""


def write_calendar(user: User, now: dt.datetime) -> Iterator[bytes]:
    """All their tasks as a calendar, with the definitions of the zones that they use.

    Args:
        user: Whose tasks.
        now: Aware moment at which the file was made.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    timed = Task.objects.filter(owner=user, deleted_at=None).exclude(due_at=None, start_at=None)
    for zone in timed.order_by("zone").values_list("zone", flat=True).distinct():
        if zone != "UTC":  # moments in UTC are written with a Z and need no definition
            calendar.add_component(Timezone.from_tzid(zone))
    whole: bytes = calendar.to_ical()
    yield whole.removesuffix(_END)
    for task in own_tasks(user, "reminders"):
        yield todo_of(task, now).to_ical()
    yield _END


def rule_of(recurrence: Recurrence, start: dt.date) -> vRecur | None:
    """A rule as RFC 5545 wants it beside its start; None where a day cannot have such a rule.

    Args:
        recurrence: Ours, whose ``UNTIL`` is on the clock of the start.
        start: A day, or an aware moment in the task's zone: ``UNTIL`` is of the same kind, moments in UTC.
    """
    is_timed = isinstance(start, dt.datetime)
    if not is_timed and (recurrence.is_fine or {"BYHOUR", "BYMINUTE", "BYSECOND"} & recurrence.parts.keys()):
        return None
    text = replace(recurrence, until=None).text
    zone = start.tzinfo if isinstance(start, dt.datetime) else None
    until = until_on_clock(recurrence, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))
    if until is not None and isinstance(zone, ZoneInfo):
        text += f";UNTIL={localise(until, zone):%Y%m%dT%H%M%SZ}"
    elif until is not None:
        text += f";UNTIL={until:%Y%m%d}"
    rule: vRecur = vRecur.from_ical(text)
    return rule


def todo_of(task: Task, now: dt.datetime) -> Todo:
    """A task as a VTODO with its reminders, stamped with a moment."""
    todo = Todo()
    todo.add("uid", str(task.id))
    todo.add("dtstamp", now.astimezone(dt.UTC))
    todo.add("created", task.created_at.astimezone(dt.UTC))
    todo.add("last-modified", task.updated_at.astimezone(dt.UTC))
    todo.add("summary", task.title)
    if task.notes:
        todo.add("description", task.notes)
    if task.priority:
        todo.add("priority", _PRIORITIES[task.priority])
    if labels := [label.name for label in task.labels.all()]:
        todo.add("categories", labels)
    if task.parent_id:
        todo.add("related-to", str(task.parent_id))
    _add_times(todo, task)
    if task.completed_at:
        todo.add("completed", task.completed_at.astimezone(dt.UTC))
    todo.add("status", "COMPLETED" if task.completed_at else "NEEDS-ACTION")
    for reminder in task.reminders.all():
        _add_alarm(todo, task, reminder)
    return todo


def _add_times(todo: Todo, task: Task) -> None:
    due = _when(task.due_on, task.due_at, task.zone)
    if _begins_at_its_start(task):
        todo.add("dtstart", _when(task.start_on, task.start_at, task.zone))
    elif task.rrule and due is not None:
        todo.add("dtstart", due)  # a rule counts from DTSTART, and ours from the due moment
    if task.rrule and due is not None and (rule := rule_of(parse_recurrence(task.rrule), due)):
        todo.add("rrule", rule)
    if due is not None:
        todo.add("due", due)


def _begins_at_its_start(task: Task) -> bool:
    """Whether its start is DTSTART, which is a day as DUE is one, or a moment as DUE is one."""
    if task.due_on is None or task.start_on is None:
        return task.start_on is not None
    return not task.rrule and (task.start_at is None) == (task.due_at is None)


def _when(day: dt.date | None, moment: dt.datetime | None, zone: str) -> dt.date | None:
    return moment.astimezone(ZoneInfo(zone)) if moment else day


def _add_alarm(todo: Todo, task: Task, reminder: Reminder) -> None:
    if reminder.remind_at is None:
        return
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", task.title)
    if reminder.before is not None and task.due_on:
        alarm.add("trigger", -reminder.before, parameters={"RELATED": "END"})
    elif reminder.before_start is not None and _begins_at_its_start(task):
        alarm.add("trigger", -reminder.before_start, parameters={"RELATED": "START"})
    else:
        alarm.add("trigger", reminder.remind_at.astimezone(dt.UTC), parameters={"VALUE": "DATE-TIME"})
    todo.add_component(alarm)
