"""Beats and workers of the reminders, for a test that kills them.

Each line ``worker NAME`` or ``beat NAME`` on the standard input starts one and answers with its process id. They are
forked from one process that has loaded everything, so that a new one is there at once. A beat calls the jobs that beat
starts, again and again; a worker is a real one, on the real queue. Leases are short, so that what a killed one held is
taken again while the test waits.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time

import django

LEASE = dt.timedelta(seconds=5)
EVERY_SECONDS = 0.25


def serve() -> None:
    django.setup()

    from tasks_app.mail import outbox, sending
    from tasks_app.reminders import telling

    telling.LEASE = outbox.LEASE = LEASE
    assert sending
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while words := sys.stdin.readline().split():
        process_id = os.fork()
        if process_id == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(*words)
        sys.stdout.write(f"{process_id}\n")
        sys.stdout.flush()


def work(role: str, name: str) -> None:
    from tasks_app import jobs

    os.dup2(2, 1)
    if role == "worker":
        jobs.app.worker_main([
            "worker", "-P", "solo", "-Q", "notices", "-n", f"{name}@%h", "-l", "ERROR",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ])  # fmt: skip
    while True:
        jobs.deliver_due_reminders()
        jobs.resume_stalled_emails()
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    serve()
