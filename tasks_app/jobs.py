"""Jobs of the domain; running one twice does no more than running it once.

Each imports what it needs when it runs: a worker then loads nothing for queues that it does not read.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tasks_app.job_names import Job
from tasks_app.services.destruction import purge_trash as destroy_trash
from voicebot.celery import app
from voicebot.transactions import enqueue_on_commit

KEEP_NOTICES = dt.timedelta(days=30)
KEEP_IMPORTS = dt.timedelta(days=90)
KEEP_DRAFTS = dt.timedelta(days=1)


@app.task
def deliver_due_reminders() -> None:
    """Take the reminders and the news that are due and enqueue a job for each person; beat calls it often."""
    from tasks_app.reminders import news, telling

    now = timezone.now()
    with transaction.atomic():
        for user_id in dict.fromkeys([*telling.take_due_reminders(now), *news.take_due_news(now)]):
            enqueue_on_commit(Job.TELL_PERSON, user_id)


@app.task(soft_time_limit=20, time_limit=30)
def tell_person(user_id: int) -> None:
    """Tell one person of all that is due for them, unless that was done."""
    from tasks_app.reminders import news, telling

    telling.tell_person(user_id, timezone.now())
    news.tell_news(user_id, timezone.now())


@app.task
def deliver_due_briefings() -> None:
    """Take the agendas and reviews that are due and enqueue a job for each person."""
    from tasks_app.reminders import briefings

    with transaction.atomic():
        for user_id in briefings.take_due_briefings(timezone.now()):
            enqueue_on_commit(Job.TELL_BRIEFINGS, user_id)


@app.task(soft_time_limit=20, time_limit=30)
def tell_briefings(user_id: int) -> None:
    """Send one person the agenda or review that is due, unless that was done."""
    from tasks_app.reminders import briefings

    briefings.tell_briefings(user_id, timezone.now())


@app.task(soft_time_limit=40, time_limit=50)
def deliver_email(email_id: str) -> None:
    """Send one mail, unless that was done."""
    from tasks_app.mail import sending

    sending.deliver(UUID(email_id))


@app.task
def resume_stalled_emails() -> None:
    """Enqueue what should have been sent: its job was lost with a worker or the queue, or it is to be retried."""
    from tasks_app.models import OutboundEmail
    from tasks_app.outbox import take_stalled

    with transaction.atomic():
        for email_id in take_stalled(OutboundEmail.objects.all(), timezone.now()):
            enqueue_on_commit(Job.DELIVER_EMAIL, str(email_id))


@app.task(soft_time_limit=40, time_limit=50)
def deliver_push(push_id: str) -> None:
    """Send one notification to a browser, unless that was done."""
    from tasks_app.push import sending

    sending.deliver(UUID(push_id))


@app.task
def resume_stalled_pushes() -> None:
    """The same for notifications of browsers."""
    from tasks_app.models import OutboundPush
    from tasks_app.outbox import take_stalled

    with transaction.atomic():
        for push_id in take_stalled(OutboundPush.objects.all(), timezone.now()):
            enqueue_on_commit(Job.DELIVER_PUSH, str(push_id))


@app.task
def forget_old_notices() -> None:
    """Delete what people were told long ago, and the mails and notifications about it."""
    from tasks_app.models import Briefing, News, Notice, OutboundEmail, OutboundPush

    long_ago = timezone.now() - KEEP_NOTICES
    Briefing.objects.filter(day__lt=long_ago.date()).delete()
    News.objects.filter(told_at__lt=long_ago).delete()
    Notice.objects.filter(created_at__lt=long_ago).delete()
    OutboundEmail.objects.filter(created_at__lt=long_ago).delete()
    OutboundPush.objects.filter(created_at__lt=long_ago).delete()


@app.task(soft_time_limit=240, time_limit=260)
def run_import(import_id: str) -> None:
    """Bring the tasks of one file in, unless that was done."""
    from tasks_app.transfer import imports

    imports.run_import(UUID(import_id))


@app.task
def resume_stalled_imports() -> None:
    """Enqueue imports whose job was lost with a worker or the queue."""
    from tasks_app.transfer import imports

    with transaction.atomic():
        for import_id in imports.take_stalled(timezone.now()):
            enqueue_on_commit(Job.RUN_IMPORT, str(import_id))


@app.task
def forget_old_imports() -> None:
    """Delete the reports of long ago, and drafts that were never started."""
    from tasks_app.models import TaskImport

    now = timezone.now()
    TaskImport.objects.filter(created_at__lt=now - KEEP_IMPORTS).delete()
    TaskImport.objects.filter(state=TaskImport.State.DRAFT, created_at__lt=now - KEEP_DRAFTS).delete()


@app.task
def purge_trash() -> None:
    """Destroy what has been in the trash for longer than its days of grace."""
    destroy_trash(timezone.now() - dt.timedelta(days=settings.TRASH_DAYS))


@app.task(soft_time_limit=540, time_limit=570)
def make_export(export_id: str) -> None:
    """Write the file of an export, unless that was done; shorter than it takes until it counts as lost."""
    from tasks_app.transfer import kept

    kept.write_export(UUID(export_id), now=timezone.now())


@app.task
def resume_stalled_exports() -> None:
    """Enqueue exports whose job was lost, and delete those that are kept no longer."""
    from tasks_app.transfer import kept

    kept.forget_expired(timezone.now())
    with transaction.atomic():
        for export_id in kept.take_stalled(timezone.now()):
            enqueue_on_commit(Job.MAKE_EXPORT, str(export_id))


@app.task(soft_time_limit=60, time_limit=80)
def send_webhooks() -> None:
    """Tell receivers what is due; also what stalled, since beat calls it every few seconds."""
    from tasks_app.webhooks import sending

    sending.run()


@app.task
def forget_old_deliveries() -> None:
    """Delete what receivers were told long ago."""
    from tasks_app.webhooks import queue

    queue.forget_old(timezone.now())
