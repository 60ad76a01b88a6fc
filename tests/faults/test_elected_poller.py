"""Two bot processes with one token: one polls, and when it is killed the other does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.models import OutboundMessage
from tests.fakes.telegram_server import TelegramServer
from tests.system import ROOT
from voicebot.processes import wait_until

pytestmark = [pytest.mark.fault, pytest.mark.usefixtures("transactional_db")]

CHAT = 5001
START_SECONDS = 60.0
TAKE_OVER_SECONDS = 10.0


@pytest.fixture
def bots(telegram_environment: dict[str, str], tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "manage.py", "run_telegram_bot"]
    running = []
    for number in range(2):
        with (tmp_path / f"bot-{number}").open("wb") as log:
            running.append(subprocess.Popen(command, cwd=ROOT, env=telegram_environment, stderr=log))
    yield running
    for process in running:
        process.kill()
        process.wait()


def test_the_one_that_stands_by_takes_over(
    telegram: TelegramServer, bots: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    def says(number: int, event: str) -> bool:
        return event in (tmp_path / f"bot-{number}").read_text()

    def is_settled() -> bool:
        return sorted((says(n, "telegram_polling"), says(n, "telegram_standing_by")) for n in range(2)) == [
            (False, True),
            (True, False),
        ]

    assert wait_until(is_settled, START_SECONDS), [(tmp_path / f"bot-{n}").read_text() for n in range(2)]
    leader = 0 if says(0, "telegram_polling") else 1
    telegram.write(CHAT, "/start")
    assert wait_until(lambda: OutboundMessage.objects.count() == 1, TAKE_OVER_SECONDS)

    bots[leader].kill()
    bots[leader].wait()
    telegram.write(CHAT, "/help")

    assert wait_until(lambda: OutboundMessage.objects.count() == 2, TAKE_OVER_SECONDS)
    assert says(1 - leader, "telegram_polling")
