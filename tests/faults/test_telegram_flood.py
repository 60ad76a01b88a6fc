"""A small flood from Telegram, with kills; ``bench.telegram_flood`` is the large one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.faults.flood import Plan, Programs, make_people, run

pytestmark = [pytest.mark.fault, pytest.mark.usefixtures("transactional_db")]

VICTIMS = ("bot-1", "notices-1", "voice-1", "bot-2")
SMALL = Plan(updates=40, chats=10, kills=len(VICTIMS), kill_every_seconds=(0.2, 0.8), victims=VICTIMS)


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def programs(server: TelegramServer, tmp_path: Path) -> Iterator[Programs]:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    variables = {
        "DATABASE_URL": url,
        "REDIS_KEY_PREFIX": f"{os.environ['REDIS_KEY_PREFIX']}flood",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": server.url,
        "VOICE_SUBMITS_PER_MINUTE": "10000",
    }
    programs = Programs(tmp_path / "log", {**os.environ, **variables})
    yield programs
    programs.end()


def test_a_flood_is_taken_in_whole_and_in_order(server: TelegramServer, programs: Programs) -> None:
    make_people(SMALL.chats)
    assert server.wait_until(lambda: bool(server.calls_of("getUpdates")), 60), programs.log()

    outcome = run(server, programs, SMALL, wait_seconds=120)

    assert not outcome.problems, (outcome, programs.log())
    assert sum(outcome.kills.values()) == SMALL.kills
