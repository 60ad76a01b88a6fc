"""The jobs that are enqueued, by name: who enqueues one need not import what it does, which may need them in turn."""

from __future__ import annotations

from enum import StrEnum


class Job(StrEnum):
    """Functions of :mod:`bots.jobs`."""

    DELIVER_MESSAGE = "bots.jobs.deliver_message"
