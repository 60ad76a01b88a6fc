"""``manage.py run_telegram_bot``: the long poll, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from bots.errors import TelegramTokenRefused
from bots.telegram.application import build_application
from bots.telegram.poller import Poller, WebhookIsSet

NOT_CONFIGURED = os.EX_CONFIG
"""Exit code when no start will ever work until someone changes the settings, so that nobody tries again."""


class Command(BaseCommand):
    """Runs the Telegram bot. Exits with 0 when asked to end, with 78 when token or webhook make polling useless."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--delete-webhook``."""
        parser.add_argument(
            "--delete-webhook", action="store_true", help="delete a webhook that is set, and poll instead"
        )

    def handle(self, **options: Any) -> None:
        """Run until asked to end."""
        if not settings.TELEGRAM_BOT_TOKEN:
            self._give_up("TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather and put it into the environment.")
        try:
            asyncio.run(_run(deletes_webhook=options["delete_webhook"]))
        except WebhookIsSet as error:
            self._give_up(
                f"Telegram brings this bot's updates to {error.url}. To poll instead, end that with "
                "`manage.py set_telegram_webhook --delete` or start with --delete-webhook."
            )
        except TelegramTokenRefused:
            self._give_up("Telegram refuses TELEGRAM_BOT_TOKEN; copy it again from @BotFather.")

    def _give_up(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(NOT_CONFIGURED)


async def _run(*, deletes_webhook: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await Poller(build_application(), stop, deletes_webhook=deletes_webhook).run()
