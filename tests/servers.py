"""Throw-away PostgreSQL and Valkey for a test run, started before Django reads its settings.

Loaded with ``-p tests.servers``. ``DATABASE_URL`` and ``REDIS_URL`` given from outside are used as they are.
Each parallel worker gets a database (from pytest-django) and a Redis database of its own.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from voicebot.embedded.home import prepare_home
from voicebot.embedded.postgres import Postgres
from voicebot.embedded.servers import RunningServers, ServerSet
from voicebot.embedded.valkey import Valkey

_OPERATORS_OWN = (
    "ALLOWED_HOSTS", "ANSWER_CACHE_SECONDS", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL",
    "API_REQUESTS_PER_MINUTE", "BEHIND_PROXY", "BREAKER_FAILURES", "BREAKER_PAUSE_SECONDS", "BUDGET_DAY_USD",
    "BUDGET_MONTH_USD", "BUDGET_USER_DAY_USD", "BUDGET_USER_MONTH_USD", "CELERY_BROKER_URL", "DEBUG", "EMAIL_FROM",
    "EMAIL_URL", "HOST", "LANGCHAIN_API_KEY", "LANGCHAIN_BASE_URL", "LANGCHAIN_MODEL", "OPENAI_API_KEY",
    "OPENAI_BASE_URL", "OPENAI_LLM_MODEL", "OPENAI_STT_MODEL",
    "OUTWARD_ALLOWED_NETWORKS", "OUTWARD_ALLOW_HTTP", "OUTWARD_PORTS", "PORT", "PROVIDER_HEDGE_SECONDS",
    "PROVIDER_TIMEOUT_SECONDS", "PUBLIC_URL", "SIGN_UP", "TELEGRAM_API_BASE_URL", "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_FILE_BASE_URL", "TELEGRAM_WEBHOOK_SECRET", "TIME_ZONE", "VOICE_LLM", "VOICE_LLM_SURE_FROM", "VOICE_STT",
    "VOICE_UNDERSTAND_SECONDS",
)  # fmt: skip
"""Variables of the person who runs the tests that would change what is tested."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers and set the variables; a parallel worker only takes its share of what is there."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        take_share(os.environ, int(worker.removeprefix("gw")))
    elif not early_config.known_args_namespace.help and not early_config.known_args_namespace.version:
        if not os.environ.get("DATABASE_URL"):
            os.environ[OWN_DATABASE] = "1"
        running = throw_away_servers(os.environ)
        running.__enter__()
        early_config.add_cleanup(lambda: running.__exit__(None, None, None))
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Drop no database at the end, here or in a parallel worker, where the whole server is thrown away."""
    if os.environ.get(OWN_DATABASE):
        config.option.reuse_db = True


OWN_DATABASE = "TESTS_OWN_DATABASE"
"""Set in the environment, which parallel workers inherit."""


@contextmanager
def throw_away_servers(environment: MutableMapping[str, str]) -> Iterator[None]:
    """Servers that lose everything at the end, and the variables that lead to them."""
    folder = Path(tempfile.mkdtemp(prefix="voicebot-tests-"))
    folder.chmod(0o711)
    running = RunningServers(_plan(folder, environment))
    try:
        running.start()
        set_variables(environment, running.environment | {"DATA_DIR": str(folder / "var")})
        yield
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _plan(folder: Path, environment: MutableMapping[str, str]) -> ServerSet:
    postgres = valkey = None
    if not environment.get("DATABASE_URL"):
        home = prepare_home(folder / "postgres", shared_parent=folder / "server")
        postgres = Postgres(home, folder / "postgres.log", "test", is_durable=False)
    if not environment.get("REDIS_URL"):
        valkey = Valkey(folder / "valkey", folder / "valkey.log")
    return ServerSet(postgres, valkey)


def set_variables(environment: MutableMapping[str, str], servers: dict[str, str]) -> None:
    """Everything that the settings read, the same on every machine."""
    for name in _OPERATORS_OWN:
        environment.pop(name, None)
    environment.update(servers)
    environment["SECRET_KEY"] = "test-" * 10
    environment["ENCRYPTION_KEY"] = base64.urlsafe_b64encode(bytes(range(32))).decode()
    environment["VAPID_PRIVATE_KEY"] = environment["ENCRYPTION_KEY"]
    environment["DJANGO_SETTINGS_MODULE"] = "voicebot.settings"
    Path(environment["DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
    take_share(environment, 0)


def take_share(environment: MutableMapping[str, str], number: int) -> None:
    """Point at a Redis database and names that no other worker touches."""
    url = urlsplit(environment["REDIS_URL"])
    environment["REDIS_URL"] = url._replace(path=f"/{number + 1}").geturl()
    environment["REDIS_KEY_PREFIX"] = f"test{number}"
