"""A small flood from Telegram, with kills; ``bench.telegram_flood`` is the large one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.telegram_server import TelegramServer
from tests.faults.flood import Plan, make_people, run, start_programs
from tests.faults.nursery import Nursery

pytestmark = [pytest.mark.fault, pytest.mark.usefixtures("transactional_db")]

VICTIMS = ("bot-1", "notices-1", "voice-1", "bot-2")
SMALL = Plan(updates=40, chats=10, kills=len(VICTIMS), kill_every_seconds=(0.2, 0.8), victims=VICTIMS)


@pytest.fixture
def programs(telegram_environment: dict[str, str], tmp_path: Path) -> Iterator[Nursery]:
    programs = start_programs(tmp_path / "log", {**telegram_environment, "VOICE_SUBMITS_PER_MINUTE": "10000"})
    yield programs
    programs.end()


def test_a_flood_is_taken_in_whole_and_in_order(telegram: TelegramServer, programs: Nursery) -> None:
    make_people(SMALL.chats)
    assert telegram.wait_until(lambda: bool(telegram.calls_of("getUpdates")), 60), programs.log()

    outcome = run(telegram, programs, SMALL, wait_seconds=120)

    assert not outcome.problems, (outcome, programs.log())
    assert sum(outcome.kills.values()) == SMALL.kills
