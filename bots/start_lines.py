"""The state of the chat platforms, for the start screen."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from voicebot.start_screen import StartLine, start_lines


@start_lines
def show_telegram(_address: str) -> Iterator[StartLine]:
    """Whether the bot listens."""
    if settings.TELEGRAM_BOT_TOKEN:
        yield StartLine("Telegram", "on: sign in, take a code from the page and send the bot /start CODE.")
    else:
        yield StartLine(
            "Telegram", "off: make a bot with @BotFather and start with TELEGRAM_BOT_TOKEN set to its token."
        )
