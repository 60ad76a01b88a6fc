"""Bots, workers and the sweep of a flood, for a test that kills them.

Each line ``ROLE NAME`` on the standard input starts one and answers with its process id; roles are ``bot``, ``voice``,
``notices`` and ``sweep``. They are forked from one process that has loaded everything, so that a new one is there at
once. Workers are real ones, on the real queues, and bots are what ``manage.py run_telegram_bot`` runs. Leases are
short, so that what a killed one held is taken again while the test waits.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time

import django

LEASE = dt.timedelta(seconds=float(os.environ.get("FLOOD_LEASE_SECONDS", "4")))
SWEEP_SECONDS = float(os.environ.get("FLOOD_SWEEP_SECONDS", "1"))


def serve() -> None:
    django.setup()

    from bots import outbox
    from bots.telegram import application
    from tasks_app import jobs
    from voice_app import pipeline

    outbox.LEASE = LEASE
    assert application  # this and what it needs are loaded before the first fork
    assert jobs
    assert pipeline
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while words := sys.stdin.readline().split():
        process_id = os.fork()
        if process_id == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(*words)
            os._exit(1)
        sys.stdout.write(f"{process_id}\n")
        sys.stdout.flush()


def work(role: str, name: str) -> None:
    os.dup2(2, 1)
    if role == "bot":
        from django.core.management import call_command

        call_command("run_telegram_bot")
    elif role == "sweep":
        sweep()
    else:
        from voicebot.celery import app

        app.worker_main([
            "worker", "-P", "solo", "-Q", role, "-n", f"{name}@%h", "-l", "ERROR",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ])  # fmt: skip


def sweep() -> None:
    """What beat has done, without its schedule's file."""
    from bots.jobs import resume_stalled_messages
    from voice_app.jobs import resume_stalled_commands

    while True:
        resume_stalled_commands()
        resume_stalled_messages()
        time.sleep(SWEEP_SECONDS)


if __name__ == "__main__":
    serve()
