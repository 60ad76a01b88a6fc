"""Asks Telegram for updates and acknowledges each only when it is stored.

The next request's offset is the acknowledgement, so it moves only past updates that were taken in. A
process that dies in between gets them again, and the intake knows them.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout
from telegram import Update
from telegram.error import TelegramError

from bots.errors import TelegramConflict, TelegramTokenRefused
from bots.telegram.application import BotApplication, introduce, take_update
from bots.telegram.bot import POLL_SECONDS, bot_id
from bots.telegram.errors import UNREADABLE, ask
from bots.telegram.intake import ALLOWED_UPDATES, read_update
from bots.telegram.lease import PollingLease
from bots.telegram.webhook_setup import delete_webhook
from voicebot.errors import AppError

log = structlog.get_logger(__name__)

T = TypeVar("T")

LONGEST_PAUSE_SECONDS = 30.0
BATCH_SIZE = 100
CLOSING_SECONDS = 8.0
"""How long messages that are on their way may take when the process is asked to end."""
STANDBY_SECONDS = 1.0
"""How often a process that stands by looks whether it is wanted."""


class Stopped(Exception):
    """The process was asked to end."""


class WebhookIsSet(Exception):
    """Telegram brings this bot's updates to an address, so there is nothing to poll for.

    Args:
        url: The address.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Poller:
    """One process's loop over the bot's updates, or its standing by while another process has the lease.

    Args:
        application: The bot; the poller initialises it and shuts it down.
        stop: Set from a signal handler to end the loop.
        deletes_webhook: Whether a webhook that is set is deleted; else it is refused.

    Network, rate limits, another poller and a database that is away all end in a pause and another try.
    """

    def __init__(self, application: BotApplication, stop: asyncio.Event, *, deletes_webhook: bool = False) -> None:
        self._application = application
        self._stop = stop
        self._deletes_webhook = deletes_webhook
        self._lease = PollingLease(bot_id())
        self._is_elected: bool | None = None
        self._offset = 0
        self._failures = 0

    async def run(self) -> None:
        """Poll until asked to stop.

        Raises:
            TelegramTokenRefused: The token is wrong, which no waiting mends.
            WebhookIsSet: Neither does any mend that.
        """
        try:
            await self._insist(self._begin)
            while not self._stop.is_set():
                await self._insist(self._poll_if_elected)
        except Stopped:
            pass
        finally:
            await self._lease.release()
            await self._close()
            log.info("telegram_stopped")

    async def _begin(self) -> None:
        await ask(self._unless_stopped(self._application.initialize()))
        await self._application.start()
        await self._see_webhook()

    async def _poll_if_elected(self) -> None:
        was_elected, self._is_elected = self._is_elected, await self._lease.hold()
        if self._is_elected != was_elected:
            log.info("telegram_polling" if self._is_elected else "telegram_standing_by")
            if self._is_elected:
                bot = self._application.bot
                self._application.create_task(introduce(bot, bot.username))
        if not self._is_elected:
            await self._unless_stopped(asyncio.sleep(STANDBY_SECONDS))
            return
        try:
            await self._poll_once()
        except TelegramConflict:
            await self._see_webhook()
            raise

    async def _see_webhook(self) -> None:
        """Polling is of no use while a webhook is set.

        Raises:
            WebhookIsSet: And it is not to be deleted.
        """
        bot = self._application.bot
        info = await ask(self._unless_stopped(bot.get_webhook_info()))
        if info.url and not self._deletes_webhook:
            raise WebhookIsSet(info.url)
        if info.url:
            log.warning("telegram_webhook_deleted", url=info.url)
            await delete_webhook(bot)

    async def _poll_once(self) -> None:
        for update_id, update in await ask(self._unless_stopped(self._get_updates())):
            if update is not None:
                await take_update(self._application, update)
            self._offset = update_id + 1
            if self._stop.is_set():
                return

    async def _get_updates(self) -> list[tuple[int, Update | None]]:
        """What is new, each with its id; None for one that the library cannot read, which would come for ever."""
        bot = self._application.bot
        try:
            updates = await bot.get_updates(
                offset=self._offset, limit=BATCH_SIZE, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
            )
        except TelegramError:
            raise
        except UNREADABLE as error:
            log.error("updates_unreadable", kind=type(error).__name__)  # noqa: TRY400  # a traceback may hold values
        else:
            return [(update.update_id, update) for update in updates]
        again = {"offset": self._offset, "limit": BATCH_SIZE, "timeout": 0}
        # The library warns of its own method's name, and this spelling is the same one to it.
        raw: Any = await bot.do_api_request("get_Updates", api_kwargs=again)
        return [(each["update_id"], read_update(each, bot)) for each in raw]

    async def _insist(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do it until it succeeds, with growing pauses.

        Raises:
            Stopped: The process was asked to end.
            TelegramTokenRefused, WebhookIsSet: See :meth:`run`.
        """
        while True:
            try:
                await act()
            except TelegramTokenRefused:
                raise
            except AppError as error:
                await self._pause(error.code, float(str(error.details.get("retry_after", 0))))
            except (OperationalError, InterfaceError, PoolTimeout):
                await self._pause("database_unreachable")
            else:
                self._failures = 0
                return

    async def _pause(self, code: str, at_least_seconds: float = 0.0) -> None:
        self._failures += 1
        seconds = min(2.0 ** (self._failures - 1), LONGEST_PAUSE_SECONDS) * (0.75 + secrets.randbelow(500) / 1000)
        seconds = max(seconds, at_least_seconds)
        log.warning("telegram_poll_failed", code=code, pause_seconds=round(seconds, 1))
        await self._unless_stopped(asyncio.sleep(seconds))

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result, unless the process is asked to end first; then the work is cancelled."""
        task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Stopped
            return task.result()
        finally:
            for leftover in (task, stopped):
                leftover.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    async def _close(self) -> None:
        """Let messages on their way arrive, then close the connections."""
        if self._application.running:
            try:
                await asyncio.wait_for(self._application.stop(), CLOSING_SECONDS)
            except TimeoutError:
                log.warning("telegram_messages_left_to_workers")
        else:
            await self._application.bot.shutdown()
        await self._application.shutdown()
