"""The menu of slash commands that Telegram shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from bots.telegram.handlers.commands import HANDLERS, MENU
from tests.bots.conftest import RunningBot
from tests.fakes.telegram_server import TelegramServer

MAX_DESCRIPTION = 256

WANTED = {
    "start", "help", "today", "week", "tasks", "projects", "add", "undo", "settings", "language", "timezone", "link",
    "web", "export", "privacy", "forget_me",
}  # fmt: skip


def test_every_command_of_the_menu_is_carried_out() -> None:
    assert set(MENU) <= set(HANDLERS)
    assert set(HANDLERS) >= WANTED
    assert all(0 < len(str(description)) <= MAX_DESCRIPTION for description in MENU.values())


@pytest.mark.django_db(transaction=True)
def test_the_menu_is_set_in_each_language_and_only_when_it_changed(
    telegram: TelegramServer, start_bot: Callable[[], RunningBot], settings: Settings
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    first = start_bot()
    assert telegram.wait_until(lambda: set(telegram.commands) == {"", "en", "de"})
    first.stop()

    start_bot()

    assert telegram.wait_until(lambda: len(telegram.calls_of("getMyCommands")) == 6)
    assert len(telegram.calls_of("setMyCommands")) == 3
    assert [command["command"] for command in telegram.commands["de"]] == list(MENU)
