"""The bot as python-telegram-bot's ``Application``: what to do with an update once it is safely stored."""

from __future__ import annotations

from typing import Any, TypeAlias

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import translation
from telegram import Bot, BotCommand, Update
from telegram.ext import Application, ApplicationBuilder

from bots.telegram import early, intake
from bots.telegram.bot import base_file_url, base_url, bot_id, make_poll_request, make_request
from bots.telegram.delivery import follow_up
from bots.telegram.errors import ask
from bots.telegram.handlers.commands import MENU
from bots.telegram.identity import remember_username
from voicebot.errors import AppError

log = structlog.get_logger(__name__)

BotApplication: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"

_take = database_sync_to_async(intake.take, thread_sensitive=False)


def build_application() -> BotApplication:
    """The application; it has no updater, since updates are stored before they are acknowledged."""
    return (
        ApplicationBuilder()
        .token(settings.TELEGRAM_BOT_TOKEN)
        .base_url(base_url())
        .base_file_url(base_file_url())
        .request(make_request())
        .get_updates_request(make_poll_request())
        .updater(None)
        .job_queue(None)
        .build()
    )


async def take_update(application: BotApplication, update: Update) -> None:
    """Store an update with the work it causes; what can be done at once goes on beside the next update.

    Raises:
        django.db.OperationalError, django.db.InterfaceError: Nothing was stored.
    """
    bot = application.bot
    said = await early.begin(bot, update)
    try:
        taken = await _take(update, bot_id=bot_id(), said=said.claim.text if said else "")
    except BaseException:
        if said is not None:
            await early.take_back(bot, said)
        raise
    if said is not None or taken.is_unfinished:
        application.create_task(follow_up(bot, taken, said), update=update)


async def introduce(bot: Bot, username: str) -> None:
    """Tell the web pages the bot's name and Telegram its menu; what fails here is no reason to stop."""
    await database_sync_to_async(remember_username)(username)
    try:
        await _set_menu(bot, settings.LANGUAGE_CODE, "")
        for language, _name in settings.LANGUAGES:
            await _set_menu(bot, language, language)
    except AppError as error:
        log.warning("telegram_menu_not_set", code=error.code)


async def _set_menu(bot: Bot, language: str, for_people_of: str) -> None:
    """Set the menu in one language, for the people of that language or for all others, unless it is there already."""
    menu = _menu(language)
    there = await ask(bot.get_my_commands(language_code=for_people_of or None))
    if list(there) != menu:
        await ask(bot.set_my_commands(menu, language_code=for_people_of or None))


def _menu(language: str) -> list[BotCommand]:
    with translation.override(language):
        return [BotCommand(name, str(description)) for name, description in MENU.items()]
