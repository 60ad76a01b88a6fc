"""The checks of what every application stands on: Python, the servers, the queue, keys, disk and clock."""

from __future__ import annotations

import platform
import shutil
import sys
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from voicebot import checks
from voicebot.celery import app as celery_app
from voicebot.diagnostics import CheckResult, failed, part, passed, warned
from voicebot.queues import queue_depths

CONNECT_SECONDS = 3
PING_SECONDS = 1.5
OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 14
GIGABYTE = 1024**3
LOW_DISK_BYTES = GIGABYTE
NO_DISK_BYTES = GIGABYTE // 10
LARGEST_CLOCK_DRIFT_SECONDS = 2.0
LONG_QUEUE = 100
START_ADVICE = "Start the system with `make run`, or set {variable} to a server that runs."


@part("python")
def check_python() -> CheckResult:
    """The interpreter and the framework."""
    summary = f"Python {platform.python_version()}, Django {version('Django')}, Celery {version('celery')}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        return failed(summary, "Install Python 3.11 or newer.")
    return passed(summary)


@part("database")
def check_database() -> CheckResult:
    """PostgreSQL answers and is new enough.

    A connection of its own, since the pool waits long for a server that is down.
    """
    params = {**connection.get_connection_params(), "connect_timeout": CONNECT_SECONDS}
    params.pop("context", None)
    params.pop("cursor_factory", None)
    try:
        with psycopg.connect(**params, autocommit=True) as link:
            major = link.info.server_version // 10_000
            names = [row[0] for row in link.execute("SELECT extname FROM pg_extension ORDER BY extname")]
            name = link.info.dbname
    except psycopg.OperationalError:
        return failed("PostgreSQL does not answer: the system is down", START_ADVICE.format(variable="DATABASE_URL"))
    summary = f"PostgreSQL {major}, database {name}, extensions {', '.join(names)}"
    if major < OLDEST_POSTGRESQL:
        return failed(summary, f"Use PostgreSQL {OLDEST_POSTGRESQL} or newer.")
    return passed(summary)


@part("migrations", needs=("database",))
def check_migrations() -> CheckResult:
    """The tables are as the code wants them."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = f"{plan[0][0].app_label}.{plan[0][0].name}"
        return failed(f"{len(plan)} not applied, the first is {first}", "Run `manage.py migrate`.")
    return passed(f"all {len(executor.loader.applied_migrations or {})} applied")


@part("redis")
def check_redis() -> CheckResult:
    """The server of the queue, the cache and the live connections answers and forgets nothing."""
    try:
        info = _redis(settings.REDIS_URL).info()
    except RedisError:
        return failed("the Redis server does not answer: the system is down", START_ADVICE.format(variable="REDIS_URL"))
    name = "Valkey" if info.get("server_name") == "valkey" else "Redis"
    number = info.get("valkey_version") or info.get("redis_version")
    policy = str(info.get("maxmemory_policy", ""))
    summary = f"{name} {number}, {info.get('used_memory_human')} in use, when full: {policy}"
    if policy.startswith("allkeys"):
        return warned(summary, "It may drop queued jobs when full: set maxmemory-policy to noeviction.")
    return passed(summary)


@part("queue", needs=("redis",))
def check_queue() -> CheckResult:
    """How many jobs wait in each queue."""
    depths = queue_depths()
    summary = ", ".join(f"{name} {depth}" for name, depth in depths.items()) + " waiting"
    if depths.get("voice", 0) > LONG_QUEUE:
        return warned(summary, "Notes come in faster than they are heard: start more voice workers.")
    return passed(summary)


@part("workers", needs=("redis",))
def check_workers() -> CheckResult:
    """Every queue is served by a worker that answers."""
    replies = celery_app.control.inspect(timeout=PING_SECONDS).active_queues() or {}
    served = {queue["name"] for queues in replies.values() for queue in queues}
    idle = [queue.name for queue in settings.CELERY_TASK_QUEUES if queue.name not in served]
    if not replies:
        return failed("no worker answers: notes are kept and wait", "Start the system with `make run`.")
    summary = f"{len(replies)} answer, serving {', '.join(sorted(served))}"
    if "voice" in idle:
        return failed(summary, "No worker serves the voice queue; start one.")
    if idle:
        return warned(summary, f"No worker serves {' and '.join(idle)}; start one.")
    return passed(summary)


@part("keys")
def check_keys() -> CheckResult:
    """The secret key and the encryption key are there and of the right kind."""
    found = [*checks.check_secret_key(), *checks.check_encryption_key()]
    if found:
        return failed(" ".join(str(message.msg) for message in found), str(found[0].hint))
    return passed("secret key and encryption key are set")


@part("disk")
def check_disk() -> CheckResult:
    """Room for the servers' data."""
    folder = next(path for path in (settings.DATA_DIR, *Path(settings.DATA_DIR).parents) if path.exists())
    free = shutil.disk_usage(folder).free
    summary = f"{free / GIGABYTE:.1f} GB free in the data folder's file system"
    if free < NO_DISK_BYTES:
        return failed(summary, "Free some space: the database cannot store recordings.")
    if free < LOW_DISK_BYTES:
        return warned(summary, "Free some space soon.")
    return passed(summary)


@part("clock", needs=("database",))
def check_clock() -> CheckResult:
    """The clocks of this machine and of the database agree: dates are computed here, stored there."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    drift = abs((timezone.now() - there).total_seconds()) - (time.monotonic() - started)
    summary = f"{timezone.localtime():%Y-%m-%d %H:%M %Z}, zone {settings.TIME_ZONE}, tzdata {version('tzdata')}"
    if drift > LARGEST_CLOCK_DRIFT_SECONDS:
        return warned(f"{summary}, {drift:.0f} s off the database's", "Synchronise the clocks of both machines.")
    return passed(summary)


_redis = partial(Redis.from_url, decode_responses=True, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=5)
