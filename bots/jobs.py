"""The notices queue's jobs: messages to chats, and the sweep that keeps them moving."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from bots.job_names import Job
from voicebot.celery import app
from voicebot.queues import has_room
from voicebot.transactions import enqueue_on_commit

KEEP_UPDATES = dt.timedelta(days=7)
"""Telegram itself gives an update up after a day."""


@app.task
def deliver_message(message_id: str) -> None:
    """Send what is due in the message's chat; another process at work there does it all the same."""
    from bots.models import OutboundMessage
    from bots.telegram import delivery, runner

    message = OutboundMessage.objects.filter(pk=uuid.UUID(message_id)).only("chat_id").first()
    if message is not None:
        runner.run(delivery.deliver_chat(runner.bot(), message.chat_id, message.pk))


@app.task
def resume_stalled_messages() -> None:
    """Enqueue what should have been sent: its job was lost with a worker, a bot or the queue server."""
    from bots import outbox

    stalled = outbox.list_stalled()
    if stalled and has_room("notices", len(stalled)):
        for message in stalled:
            enqueue_on_commit(Job.DELIVER_MESSAGE, str(message.pk))


@app.task
def forget_old_updates() -> None:
    """Delete the record of updates and codes that cannot come again."""
    from bots.models import LinkCode, ProcessedUpdate

    now = timezone.now()
    ProcessedUpdate.objects.filter(taken_at__lt=now - KEEP_UPDATES).delete()
    LinkCode.objects.filter(expires_at__lt=now - KEEP_UPDATES).delete()
