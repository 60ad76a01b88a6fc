"""Beats and workers of the reminders, for a test that kills them.

A beat calls the jobs that beat starts, again and again. Leases are short, so that what a killed one held is taken again
while the test waits.
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

    from tasks_app import outbox
    from tasks_app.mail import sending
    from tasks_app.reminders import telling

    telling.LEASE = outbox.LEASE = LEASE
    assert sending
    serve(work)


def work(role: str, name: str) -> None:
    from tasks_app import jobs

    if role == "worker":
        run_worker("notices", name)
    while True:
        jobs.deliver_due_reminders()
        jobs.resume_stalled_emails()
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()
