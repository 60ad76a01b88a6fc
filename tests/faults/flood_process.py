"""Bots, workers and the sweep of a flood, for a test that kills them.

Roles are ``bot``, ``sweep`` and, for workers, the name of their queue. Bots are what ``manage.py run_telegram_bot``
runs. Leases are short, so that what a killed one held is taken again while the test waits.
"""

from __future__ import annotations

import datetime as dt
import os
import time

import django

from tests.faults.nursery import run_worker, serve

LEASE = dt.timedelta(seconds=float(os.environ.get("FLOOD_LEASE_SECONDS", "4")))
SWEEP_SECONDS = float(os.environ.get("FLOOD_SWEEP_SECONDS", "1"))


def main() -> None:
    django.setup()

    from bots import outbox
    from bots.telegram import application
    from voice_app import pipeline

    outbox.LEASE = LEASE
    assert application  # this and what it needs are loaded before the first fork
    assert pipeline
    serve(work)


def work(role: str, name: str) -> None:
    if role == "bot":
        from django.core.management import call_command

        call_command("run_telegram_bot")
    elif role == "sweep":
        sweep()
    else:
        run_worker(role, name)


def sweep() -> None:
    """What beat has done, without its schedule's file."""
    from bots.jobs import resume_stalled_messages
    from voice_app.jobs import resume_stalled_commands

    while True:
        resume_stalled_commands()
        resume_stalled_messages()
        time.sleep(SWEEP_SECONDS)


if __name__ == "__main__":
    main()
