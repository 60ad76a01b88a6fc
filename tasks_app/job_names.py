"""The jobs that are enqueued, by name: who enqueues one need not import what it does, which may need them in turn."""

from __future__ import annotations

from enum import StrEnum


class Job(StrEnum):
    """Functions of :mod:`tasks_app.jobs`."""

    TELL_PERSON = "tasks_app.jobs.tell_person"
    TELL_BRIEFINGS = "tasks_app.jobs.tell_briefings"
    DELIVER_EMAIL = "tasks_app.jobs.deliver_email"
    DELIVER_PUSH = "tasks_app.jobs.deliver_push"
    RUN_IMPORT = "tasks_app.jobs.run_import"
    MAKE_EXPORT = "tasks_app.jobs.make_export"
    SEND_WEBHOOKS = "tasks_app.jobs.send_webhooks"
