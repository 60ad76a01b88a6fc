"""The buttons of a notification: each an address that does one thing to one task, for its person alone.

The address is signed and ends after some days; who uses it must also be signed in as that person. So neither another
site, which cannot know it, nor another person, who finds it, can use it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from tasks_app import services
from tasks_app.commands import CompleteTask, SnoozeReminder
from tasks_app.context import Actor, Source
from tasks_app.models import User
from tasks_app.push.errors import PushActionInvalid
from tasks_app.selectors import get_user_language, zone_of

if TYPE_CHECKING:
    from tasks_app.models import Notice, Task

VALID_FOR = dt.timedelta(days=3)
SNOOZE = dt.timedelta(minutes=10)
_SALT = "tasks_app.push.actions"
_CAUSES = uuid.UUID("5b0d0a6e-6d7f-4a55-9d3e-5f5f1f2f7a01")
"""A fixed number, so that an address has one cause however often it is used."""


class Action(StrEnum):
    """What a button does."""

    DONE = "done"
    SNOOZE = "snooze"


def action_url(notice: Notice, task: Task, action: Action) -> str:
    """The path of a button; to be called by POST."""
    token = signing.dumps([notice.user_id, str(notice.pk), str(task.pk), action.value], salt=_SALT)
    return reverse("push-action", args=[token])


def act(user: User, token: str) -> None:
    """Do what a button says, once; again does nothing.

    Raises:
        PushActionInvalid: It is not one of ours, too old, or not this person's.
        AppError: What :func:`tasks_app.services.execute` refuses for.
    """
    try:
        owner_id, _notice_id, task_id, action = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        raise PushActionInvalid from None
    if owner_id != user.pk:
        raise PushActionInvalid
    cause_id = uuid.uuid5(_CAUSES, token)
    now = timezone.now()
    actor = Actor(user, Source.WEB, zone_of(user), get_user_language(user), now.astimezone(zone_of(user)))
    task = uuid.UUID(task_id)
    command = CompleteTask(task_id=task) if action == Action.DONE else SnoozeReminder(task_id=task, until=now + SNOOZE)
    services.execute(actor, [command], cause_id=cause_id)
