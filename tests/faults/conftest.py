"""What tests need whose processes are others than their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.fakes.telegram_server import TOKEN, TelegramServer
from voicebot.redis import redis_client


@pytest.fixture
def environment(transactional_db: None) -> dict[str, str]:
    """The test's own database, and queues that nobody else reads, seen from other processes.

    What the killed ones of another test left in the queues is not waited for.
    """
    redis_client().flushdb()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {**os.environ, "DATABASE_URL": url, "REDIS_KEY_PREFIX": f"{os.environ['REDIS_KEY_PREFIX']}faults"}


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def telegram_environment(environment: dict[str, str], telegram: TelegramServer) -> dict[str, str]:
    """The same with a bot on the test's Bot API server."""
    return {**environment, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": telegram.url}
