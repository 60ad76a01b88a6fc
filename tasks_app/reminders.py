"""When a person is told of a task, and the handing over of those moments: each once.

A reminder goes ``waiting`` -> ``sending`` (taken, with a lease) -> ``sent``. What is to be sent is written by the
receivers of :data:`tasks_app.events.reminder_due` in the transaction that marks it as sent, so it is written once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from tasks_app.clock import localise
from tasks_app.commands import RemindAt
from tasks_app.events import reminder_due
from tasks_app.models import Reminder, Task
from tasks_app.serialization import task_to_json
from voicebot.transactions import publish_on_commit

DAY_STARTS_AT = dt.time(9)
"""On the clock of the task's zone: from here a reminder counts back when the task has a day and no time."""
LEASE = dt.timedelta(seconds=120)
"""How long a worker may be at work on a reminder before it is taken again; longer than the job's own time."""
BATCH_SIZE = 500


def moment_before_due(task: Task, before: dt.timedelta) -> dt.datetime | None:
    """So long before the task is due; whole days are counted on the clock, so they keep the time of day.

    Returns:
        An aware moment, or None when the task is not due at all.
    """
    if task.due_on is None:
        return None
    zone = ZoneInfo(task.zone)
    clock_time = dt.timedelta(seconds=before.seconds, microseconds=before.microseconds)
    day = task.due_on - dt.timedelta(days=before.days)
    if task.due_at is not None and before.days == 0:
        return task.due_at.astimezone(dt.UTC) - clock_time
    return localise(dt.datetime.combine(day, task.due_time or DAY_STARTS_AT), zone) - clock_time


def replace_reminders(task: Task, remind: Iterable[RemindAt]) -> None:
    """Give a saved task these reminders instead of those it has; one that it has already stays as it is."""
    present = {each.remind_at if each.before is None else each.before: each for each in task.reminders.all()}
    wanted = dict.fromkeys(remind)
    task.reminders.filter(id__in=[each.id for key, each in present.items() if key not in wanted]).delete()
    for item in wanted.keys() - present.keys():
        if isinstance(item, dt.timedelta):
            Reminder.objects.create(task=task, before=item, remind_at=moment_before_due(task, item))
        else:
            Reminder.objects.create(task=task, remind_at=item.astimezone(dt.UTC))


def reschedule_reminders(task: Task) -> None:
    """Move those that count from the due moment after it has changed; a moved one is told again."""
    for reminder in task.reminders.select_for_update().filter(before__isnull=False):
        moment = moment_before_due(task, reminder.before or dt.timedelta())
        if moment != reminder.remind_at:
            reminder.remind_at, reminder.state = moment, Reminder.State.WAITING
            reminder.lease_until = reminder.sent_at = None
            reminder.save()


def _due(now: dt.datetime) -> QuerySet[Reminder]:
    """Those to tell now: of open tasks, and held by no living worker."""
    is_free = Q(state=Reminder.State.WAITING) | Q(state=Reminder.State.SENDING, lease_until__lt=now)
    return Reminder.objects.filter(is_free, remind_at__lte=now, task__completed_at=None, task__deleted_at=None)


def take_due_reminders(now: dt.datetime) -> list[UUID]:
    """Lease the reminders that are due; two workers never take the same one.

    Must run in a transaction.
    """
    due = _due(now).order_by("remind_at").select_for_update(skip_locked=True, of=("self",))[:BATCH_SIZE]
    ids = [reminder.id for reminder in due]
    Reminder.objects.filter(id__in=ids).update(state=Reminder.State.SENDING, lease_until=now + LEASE)
    return ids


@transaction.atomic
def deliver_reminder(reminder_id: UUID, now: dt.datetime) -> bool:
    """Hand one reminder to everything that tells people, and mark it as sent, in one transaction.

    Returns:
        False when there was nothing to tell: it was sent already, or the task was moved, completed or deleted since.
    """
    reminder = (
        Reminder.objects.select_for_update(of=("self",))
        .select_related("task", "task__project", "task__owner")
        .exclude(state=Reminder.State.SENT)
        .filter(id=reminder_id)
        .first()
    )
    if reminder is None:
        return False
    task = reminder.task
    is_due = reminder.remind_at is not None and reminder.remind_at <= now
    if not is_due or task.completed_at or task.deleted_at:
        reminder.state, reminder.lease_until = Reminder.State.WAITING, None
        reminder.save(update_fields=["state", "lease_until"])
        return False
    reminder.state, reminder.lease_until, reminder.sent_at = Reminder.State.SENT, None, now
    reminder.save(update_fields=["state", "lease_until", "sent_at"])
    reminder_due.send(sender=Reminder, reminder=reminder, task=task)
    publish_on_commit(
        task.owner_id, {"event": "reminder.due", "reminder_id": str(reminder.id), "task": task_to_json(task)}
    )
    return True
