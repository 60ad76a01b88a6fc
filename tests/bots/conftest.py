"""The bot as it runs: the real application on a local Bot API server, and a real worker, in this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from celery.contrib.testing.worker import start_worker
from pytest_django import Settings

from bots import accounts
from bots.telegram import early
from bots.telegram.application import build_application
from bots.telegram.poller import Poller, WebhookIsSet
from tasks_app.models import User
from tests.fakes.telegram_server import TOKEN, Shown, TelegramServer
from voicebot.celery import app
from voicebot.errors import AppError
from voicebot.redis import redis_client

ADA = 5001
"""The chat of the person whom most tests are about."""


@pytest.fixture(scope="session")
def telegram_server() -> Iterator[TelegramServer]:
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def telegram(telegram_server: TelegramServer, settings: Settings) -> Iterator[TelegramServer]:
    """The server with no chats yet, and settings that lead to it."""
    telegram_server.reset()
    settings.TELEGRAM_BOT_TOKEN = TOKEN
    settings.TELEGRAM_API_BASE_URL = settings.TELEGRAM_FILE_BASE_URL = telegram_server.url
    settings.TELEGRAM_LATE_AFTER_SECONDS = 10**9  # the moments that tests name are long ago
    settings.PUBLIC_URL = "https://voicebot.example"
    redis_client().flushdb()
    early.remember(ADA, None)
    yield telegram_server
    telegram_server.reset()


@pytest.fixture
def ada(transactional_db: None) -> User:
    """A person whose chat is linked."""
    user = User.objects.create_user("ada", first_name="Ada", timezone="Europe/Berlin", language="en")
    accounts.link_chat(ADA, accounts.make_link_code(user), language="en")
    return user


@dataclass
class RunningBot:
    """A poller with a loop and a thread of its own."""

    problem: AppError | WebhookIsSet | None = None
    deletes_webhook: bool = False
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        assert not self._thread.is_alive(), "the bot did not end"

    def wait(self) -> None:
        """Wait for it to end by itself."""
        assert self._thread is not None
        self._thread.join(15)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._poller().run())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        except (AppError, WebhookIsSet) as error:
            self.problem = error
        finally:
            self._loop.close()

    def _poller(self) -> Poller:
        return Poller(build_application(), self._stop, deletes_webhook=self.deletes_webhook)


@pytest.fixture
def start_bot(telegram: TelegramServer, transactional_db: None) -> Iterator[Callable[..., RunningBot]]:
    """Start a bot; all that were started end with the test."""
    running: list[RunningBot] = []

    def start(**options: bool) -> RunningBot:
        bot = RunningBot(**options)
        running.append(bot)
        bot.start()
        return bot

    yield start
    for bot in running:
        bot.stop()


@pytest.fixture
def bot(start_bot: Callable[[], RunningBot]) -> RunningBot:
    return start_bot()


class RunningWorker:
    """A real worker in a thread, on the real queue server."""

    def __init__(self) -> None:
        self._running = ExitStack()

    def start(self) -> None:
        self._running.enter_context(
            start_worker(
                app, pool="threads", concurrency=4, perform_ping_check=False, shutdown_timeout=20, loglevel="ERROR"
            )
        )

    def stop(self) -> None:
        self._running.close()


@pytest.fixture
def worker(
    transactional_db: None, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningWorker]:
    """It looks often whether it is to end, as every test waits for that."""
    monkeypatch.setitem(app.conf.broker_transport_options, "polling_interval", 0.1)
    worker = RunningWorker()
    worker.start()
    yield worker
    worker.stop()


Settled = Callable[..., list[Shown]]


@pytest.fixture
def chat_shows(telegram: TelegramServer) -> Settled:
    """Waits until the chat's newest message holds some text, and gives all messages."""

    def wait(text: str, chat_id: int = ADA) -> list[Shown]:
        seen = telegram.wait_until(lambda: any(text in message.text for message in telegram.chat(chat_id)))
        assert seen, f"{text!r} is not in the chat:\n{telegram.transcript(chat_id)}"
        return telegram.chat(chat_id)

    return wait
