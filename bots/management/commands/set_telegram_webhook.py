"""``manage.py set_telegram_webhook``: let Telegram bring updates to the web processes, or see why not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from telegram import Bot

from bots.telegram import runner, webhook_setup
from bots.telegram.application import introduce
from bots.telegram.errors import ask
from voicebot.errors import AppError
from voicebot.messages import message_of


class Command(BaseCommand):
    """Sets the webhook, or looks at it, or deletes it; exits with 1 when something is wrong."""

    help = "Let Telegram bring updates to PUBLIC_URL/telegram/webhook. No update that waits is lost by it."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` and ``--delete``."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--check", action="store_true", help="only say what is wrong with it")
        which.add_argument("--delete", action="store_true", help="go back to polling")

    def handle(self, **options: Any) -> None:
        """Do it.

        Raises:
            CommandError: Something is wrong; the sentence says what to do.
        """
        if not settings.TELEGRAM_BOT_TOKEN:
            raise CommandError("TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather.")
        try:
            if options["delete"]:
                runner.run(webhook_setup.delete_webhook(runner.bot()))
                self.stdout.write("Telegram keeps the updates for `manage.py run_telegram_bot`.")
                return
            _refuse(webhook_setup.find_setting_problems())
            if not options["check"]:
                runner.run(_set(runner.bot()))
            info = runner.run(ask(runner.bot().get_webhook_info()))
        except AppError as error:
            raise CommandError(f"{message_of(error)} {error.details.get('reason', '')}".strip()) from None
        problems = webhook_setup.find_problems(info)
        if options["check"]:
            _refuse(problems)
        self.stdout.write(f"Telegram brings updates to {info.url}; {info.pending_update_count} wait.")


async def _set(bot: Bot) -> None:
    await webhook_setup.set_webhook(bot)
    await introduce(bot, (await ask(bot.get_me())).username or "")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise CommandError("\n".join(problems))
