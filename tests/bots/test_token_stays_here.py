"""Whatever fails and however much is logged: the bot's token and the webhook's secret stand in no line."""

from __future__ import annotations

import io
import logging
import logging.config
import subprocess
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from django.test import Client
from pytest_django import Settings
from telegram import Bot
from telegram.error import InvalidToken
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bots.outbox import Claim
from bots.telegram import gateway, runner, webhook_setup
from bots.telegram.bot import base_file_url, base_url, make_bot
from bots.telegram.errors import ask
from bots.telegram.fetcher import TelegramFetcher
from bots.telegram.webhook import SECRET_HEADER
from tests.fakes.telegram_server import TOKEN, Failure, TelegramServer
from tests.system import ROOT
from voicebot.errors import AppError
from voicebot.logging import build_logging_config, hide_secrets

SECRET = TOKEN.partition(":")[2]
WEBHOOK_SECRET = "a-secret_of-the-webhook_0123456789"
WRONG_TOKEN = "7700000001:AAF-a_token_that_nobody_knows_at_all_1"
LOGGERS = ("", "httpx", "httpcore", "telegram", "asyncio", "bots", "urllib3", "django", "celery")
CLAIM = Claim(id=None, chat_id=5, text="Hi", buttons=[], reply_to_message_id=None, message_id=None, revision=1)  # type: ignore[arg-type]  # no row is needed here

FAILURES = {
    "refused token": Failure(401, "Unauthorized"),
    "forbidden": Failure(403, "Forbidden: bot was blocked by the user"),
    "limited": Failure(429, "Too Many Requests", {"retry_after": 1}),
    "failed": Failure(500, "Internal Server Error"),
    "gateway": Failure(502, "Bad Gateway"),
    "reset": Failure(is_reset=True),
    "timeout": Failure(200, body=b"{}", delay_seconds=0.3),
    "no JSON": Failure(200, body=b"<html>not json"),
    "no bot": Failure(200, body=b'{"ok": true, "result": {"id": "x"}}'),
    "not UTF-8": Failure(200, body=b"\xff\xfe\x00"),
}


@pytest.fixture(params=["console", "json"])
def lines(request: pytest.FixtureRequest, settings: Settings, telegram: TelegramServer) -> Iterator[io.StringIO]:
    """What the program's own handler writes when every logger tells everything."""
    settings.TELEGRAM_WEBHOOK_SECRET = WEBHOOK_SECRET
    configuration = build_logging_config(level="DEBUG", as_json=request.param == "json")["formatters"]["line"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(configuration.pop("()")(**configuration))
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def log_and_print(error: BaseException) -> str:
    """As code would that knows nothing of secrets; the error's own traceback, which no formatter sees."""
    structlog.get_logger("bots.test").exception("it_raised", problem=str(error), exc_info=error)
    logging.getLogger("bots.test").error("raised %r", error, exc_info=error)
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_no_failure_of_a_call_tells_it(telegram: TelegramServer, lines: io.StringIO, failure: Failure) -> None:
    calls: dict[str, Callable[[Bot], Awaitable[Any]]] = {
        "getMe": lambda bot: bot.get_me(read_timeout=0.1),
        "getFile": lambda bot: bot.get_file("f", read_timeout=0.1),
        "setWebhook": lambda bot: bot.set_webhook("https://x.example", secret_token=WEBHOOK_SECRET, read_timeout=0.1),
    }
    printed = ""
    for method, call in calls.items():
        telegram.fail(method, failure)
        try:
            runner.run(ask(call(runner.bot())))
        except AppError as error:
            printed += log_and_print(error)
    telegram.fail("sendMessage", Failure(500) if failure.delay_seconds else failure)
    runner.run(gateway.send(runner.bot(), CLAIM))
    telegram.fail("file", failure)
    telegram.files["f"] = b"sound"
    try:
        TelegramFetcher().fetch("f", max_bytes=100)
    except AppError as error:
        printed += log_and_print(error)

    assert "it_raised" in lines.getvalue()
    for secret in (SECRET, WEBHOOK_SECRET):
        assert secret not in lines.getvalue() + printed


def test_no_failure_of_the_network_tells_it(
    telegram: TelegramServer, lines: io.StringIO, settings: Settings
) -> None:  # fmt: skip
    printed = ""
    for address in ("http://127.0.0.1:9", "http://no-such-host.invalid", "ftp://127.0.0.1"):
        settings.TELEGRAM_API_BASE_URL = address
        with pytest.raises(AppError) as caught:
            runner.run(ask(make_bot().get_me()))
        printed += log_and_print(caught.value)

    assert SECRET not in lines.getvalue() + printed


def test_what_others_raise_and_log_is_hidden_in_the_line(telegram: TelegramServer, lines: io.StringIO) -> None:
    """Httpx and python-telegram-bot themselves, without our own client in between."""

    async def plain_calls() -> None:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{base_url()}{WRONG_TOKEN}/getMe")
            for act in (answer.raise_for_status, lambda: httpx.URL(f"{base_file_url()}{TOKEN}\x00")):
                try:
                    act()
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    log_and_print(error)
        async with Bot(TOKEN, base_url=base_url(), request=HTTPXRequest()) as bot:
            logging.getLogger("bots.test").error("%r %s", bot, {"nested": [bot.base_url, ("x", TOKEN)]})
            structlog.get_logger("bots.test").error("odd", value={"url": [bot.base_url]}, name=repr(bot))
        async with HTTPXRequest() as request:
            try:
                await Bot(WRONG_TOKEN, base_url=base_url(), request=request).initialize()
            except InvalidToken as error:
                log_and_print(error)

    runner.run(plain_calls())

    said = lines.getvalue()
    assert "HTTP Request: GET" in said
    assert said.count("[hidden]") > 10
    assert SECRET not in said
    assert "nobody_knows" not in said


@pytest.mark.usefixtures("transactional_db")
def test_the_webhook_tells_neither_secret(lines: io.StringIO) -> None:
    for body in (b"{", b'{"update_id": 1, "message": 5}'):
        for secret in (WEBHOOK_SECRET, WEBHOOK_SECRET[:-1]):
            Client().post("/telegram/webhook", body, content_type="application/json", headers={SECRET_HEADER: secret})
    runner.run(webhook_setup.set_webhook(runner.bot()))
    runner.run(webhook_setup.delete_webhook(runner.bot()))

    assert "update_unreadable" in lines.getvalue()
    assert "setWebhook" in lines.getvalue()
    for secret in (SECRET, WEBHOOK_SECRET, WEBHOOK_SECRET[:-1]):
        assert secret not in lines.getvalue()


UNCAUGHT = f"""
import sys, threading
from voicebot.logging import hide_secrets_in_tracebacks
hide_secrets_in_tracebacks()
def fail():
    raise ValueError("https://api.telegram.org/bot{TOKEN}/getMe")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_what_nothing_catches_is_printed_without_it() -> None:
    ended = subprocess.run([sys.executable, "-c", UNCAUGHT], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.count("ValueError: https://api.telegram.org/bot[hidden]/getMe") == 2
    assert SECRET not in ended.stderr


@pytest.mark.parametrize("text", [f"https://x/bot{TOKEN}/getMe", f"https://x/file/bot{TOKEN}/a", f"`{TOKEN}` refused"])
def test_a_token_in_a_line_is_hidden(text: str) -> None:
    assert SECRET not in hide_secrets(text)


def test_a_secret_of_our_own_is_hidden_whatever_it_looks_like(settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = "a token of no known form"

    assert hide_secrets("x a token of no known form y") == "x [hidden] y"
    settings.TELEGRAM_BOT_TOKEN = "short"
    assert hide_secrets("a short text") == "a short text"


@pytest.mark.parametrize("kind", [Bot, ExtBot])
def test_what_people_wrote_stays_out_of_the_log_when_it_cannot_be_read(kind: type[Bot]) -> None:
    """The library logs the whole batch then; no level that is configured lets that through."""
    for level in ("DEBUG", "INFO", "ERROR"):
        levels = build_logging_config(level=level, as_json=True)["loggers"]
        assert levels[kind._LOGGER.name]["level"] > logging.CRITICAL
