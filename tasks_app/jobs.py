"""Jobs of the domain; running one twice does no more than running it once."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tasks_app import reminders
from tasks_app.services.trash import purge_trash as destroy_trash
from voicebot.celery import app
from voicebot.transactions import enqueue_on_commit


@app.task
def deliver_due_reminders() -> None:
    """Take what is due and enqueue a job for each; beat calls it every few seconds."""
    with transaction.atomic():
        for reminder_id in reminders.take_due_reminders(timezone.now()):
            enqueue_on_commit(deliver_reminder, str(reminder_id))


@app.task(soft_time_limit=20, time_limit=30)
def deliver_reminder(reminder_id: str) -> None:
    """Tell one reminder, unless that was done."""
    reminders.deliver_reminder(UUID(reminder_id), timezone.now())


@app.task
def purge_trash() -> None:
    """Destroy what has been in the trash for longer than its days of grace."""
    destroy_trash(timezone.now() - dt.timedelta(days=settings.TRASH_DAYS))
