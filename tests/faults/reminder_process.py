"""Beats and workers of reminders and agendas, for tests that kill them.

A ``beat`` calls the jobs of reminders that beat starts, again and again, a ``morning`` those of agendas. Leases are
short, so that what a killed one held is taken again while the test waits.
"""

from __future__ import annotations

import datetime as dt
import time

import django

from tests.faults.nursery import run_worker, serve

LEASE = dt.timedelta(seconds=5)
EVERY_SECONDS = 0.25


def main() -> None:
    django.setup()

    from bots import outbox as chats
    from bots.telegram import delivery
    from tasks_app import outbox
    from tasks_app.mail import sending
    from tasks_app.reminders import briefings, telling

    telling.LEASE = briefings.LEASE = outbox.LEASE = chats.LEASE = LEASE
    assert delivery  # this and what it needs are loaded before the first fork
    assert sending
    serve(work)


def work(role: str, name: str) -> None:
    from bots.jobs import resume_stalled_messages
    from tasks_app import jobs

    if role == "worker":
        run_worker("notices", name)
    while True:
        if role == "morning":
            jobs.deliver_due_briefings()
            resume_stalled_messages()
        else:
            jobs.deliver_due_reminders()
            jobs.resume_stalled_emails()
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()
