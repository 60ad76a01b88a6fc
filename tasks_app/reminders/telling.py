"""Tells people of what is due: each reminder once, however many workers and beats are at work, or die.

A reminder goes ``waiting`` -> ``sending`` (taken, with a lease) -> ``sent``. What is to be sent is written in the
transaction that marks it as sent: a row for each chat, by the receivers of :data:`tasks_app.events.reminder_due`, and
one for the mail. From there each of those rows is sent once, under a lease of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tasks_app.events import reminder_due
from tasks_app.mail.notices import write_email
from tasks_app.models import Channel, Notice, Reminder, Task, User
from tasks_app.push.notices import push_reminders
from tasks_app.reminders.people import PERSON_ID, tells
from tasks_app.reminders.plan import DueReminder, plan_notices
from tasks_app.reminders.preferences import preference_of
from tasks_app.reminders.quiet import end_of_quiet
from tasks_app.selectors import zone_of
from tasks_app.serialization import task_to_json
from voicebot.errors import JsonValue
from voicebot.transactions import publish_on_commit

LEASE = dt.timedelta(seconds=60)
"""How long a worker may be at work on a reminder before it is taken again; longer than the job's own time."""
BATCH_SIZE = 500


def _due(now: dt.datetime) -> QuerySet[Reminder]:
    """Those to tell now, taken or not: of open tasks and of people who may sign in."""
    is_awaited = Q(task__assignee=None, task__owner__is_active=True) | Q(task__assignee__is_active=True)
    return Reminder.objects.filter(
        is_awaited,
        Q(held_until=None) | Q(held_until__lte=now),
        remind_at__lte=now,
        dismissed_at=None,
        task__completed_at=None,
        task__deleted_at=None,
    ).exclude(state=Reminder.State.SENT)


def take_due_reminders(now: dt.datetime) -> list[int]:
    """Lease the reminders that are due; two callers never take the same one.

    Must run in a transaction.

    Returns:
        Ids of the people to tell.
    """
    is_free = Q(state=Reminder.State.WAITING) | Q(state=Reminder.State.SENDING, lease_until__lt=now)
    due = _due(now).filter(is_free).annotate(person_id=PERSON_ID).order_by("remind_at")
    taken = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH_SIZE])
    ids = [reminder.id for reminder in taken]
    Reminder.objects.filter(id__in=ids).update(state=Reminder.State.SENDING, lease_until=now + LEASE)
    return list(dict.fromkeys(reminder.person_id for reminder in taken))


@transaction.atomic
def tell_person(user_id: int, now: dt.datetime) -> int:
    """Hand all that is due for one person to everything that tells people, and mark it as sent, in one transaction.

    What was completed, deleted or moved since it was taken is not told.

    Args:
        user_id: Whom to tell.
        now: Aware moment.

    Returns:
        How many notices were written; 0 also when another worker has told the person already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    _give_back(user, now)
    reminders = {reminder.id: reminder for reminder in _due_for(user, now)}
    preference = preference_of(user)
    quiet_end = end_of_quiet(now, zone_of(user), preference.quiet_from, preference.quiet_until)
    plan = plan_notices([_facts(each) for each in reminders.values()], now, is_quiet=quiet_end is not None)
    Reminder.objects.filter(id__in=plan.held).update(
        state=Reminder.State.WAITING, lease_until=None, held_until=quiet_end
    )
    for ids in plan.notices:
        _tell(user, preference.channels, [reminders[each] for each in ids], now)
    return len(plan.notices)


def _due_for(user: User, now: dt.datetime) -> QuerySet[Reminder]:
    return (
        _due(now)
        .filter(tells(user))
        .order_by("id")
        .select_for_update(of=("self",))
        .select_related("task", "task__project")
        .prefetch_related("task__labels", "task__reminders")
    )


def _give_back(user: User, now: dt.datetime) -> None:
    """Let go of what was taken and is not due any more, so that it waits again."""
    taken = Reminder.objects.filter(tells(user), state=Reminder.State.SENDING).exclude(id__in=_due(now).values("id"))
    ids = list(taken.values_list("id", flat=True))
    Reminder.objects.filter(id__in=ids, state=Reminder.State.SENDING).update(
        state=Reminder.State.WAITING, lease_until=None
    )


def _facts(reminder: Reminder) -> DueReminder:
    if reminder.remind_at is None:
        raise AssertionError("a reminder without a moment is never due")
    return DueReminder(reminder.id, reminder.remind_at, is_urgent=reminder.task.priority == Task.Priority.URGENT)


def _tell(user: User, channels: frozenset[Channel], reminders: Sequence[Reminder], now: dt.datetime) -> None:
    """Mark these as sent, by one notice, and write what each channel is to send."""
    notice = Notice.objects.create(user=user, channels=sorted(channels), created_at=now)
    for reminder in reminders:
        reminder.state, reminder.lease_until, reminder.sent_at = Reminder.State.SENT, None, now
        reminder.held_until, reminder.notice = None, notice
    columns = ["state", "lease_until", "sent_at", "held_until", "notice"]
    Reminder.objects.bulk_update(reminders, columns)
    reminder_due.send(sender=Notice, notice=notice, reminders=reminders)
    if Channel.EMAIL in channels:
        write_email(notice, reminders)
    if Channel.PUSH in channels:
        push_reminders(notice, reminders)
    if Channel.WEB in channels:
        publish_on_commit(user.pk, _event(notice.id, reminders))


def _event(notice_id: UUID, reminders: Sequence[Reminder]) -> dict[str, JsonValue]:
    told: list[JsonValue] = [
        {"reminder_id": str(reminder.id), "task": task_to_json(reminder.task)} for reminder in reminders
    ]
    if len(reminders) > 1:
        return {"event": "reminders.missed", "notice_id": str(notice_id), "reminders": told}
    return {"event": "reminder.due", "reminder_id": str(reminders[0].id), "task": task_to_json(reminders[0].task)}
