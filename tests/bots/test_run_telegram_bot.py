"""``manage.py run_telegram_bot`` as a process of its own: how it begins and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.fakes.telegram_server import TOKEN, TelegramServer

ROOT = Path(__file__).resolve().parents[2]
WRONG_TOKEN = "7700000001:AAF-a_token_that_nobody_knows_at_all_1"


def start(telegram: TelegramServer, token: str) -> subprocess.Popen[str]:
    variables = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_BASE_URL": telegram.url, "LOG_LEVEL": "DEBUG"}
    environment = {**os.environ, **variables}
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_telegram_bot"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_a_token_it_says_so(telegram: TelegramServer) -> None:
    process = start(telegram, "")
    _, said = process.communicate(timeout=60)

    assert process.returncode == 78
    assert said.strip().splitlines()[-1] == (
        "TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather and put it into the environment."
    )


def test_with_a_wrong_token_it_says_so_and_does_not_name_it(telegram: TelegramServer) -> None:
    process = start(telegram, WRONG_TOKEN)
    printed, said = process.communicate(timeout=60)

    assert process.returncode == 78
    assert said.splitlines()[-1] == "Telegram refuses TELEGRAM_BOT_TOKEN; copy it again from @BotFather."
    assert "nobody_knows" not in printed + said


def test_it_ends_cleanly_when_asked(telegram: TelegramServer) -> None:
    process = start(telegram, TOKEN)
    assert telegram.wait_until(lambda: bool(telegram.calls_of("getUpdates")), 60)

    process.send_signal(signal.SIGTERM)
    printed, said = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert "telegram_stopped" in said
    assert "Traceback" not in said
    assert TOKEN.partition(":")[2] not in printed + said
