"""Updates that Telegram brings by itself: the real application behind a real web server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bots.models import OutboundMessage, ProcessedUpdate
from bots.telegram import webhook
from bots.telegram.intake import ALLOWED_UPDATES
from bots.telegram.poller import WebhookIsSet
from tasks_app.models import Task, User
from tests.bots.conftest import ADA, RunningBot, Settled
from tests.fakes.telegram_server import TelegramServer
from voicebot.checks import check_webhook_secret
from voicebot.throttling import Rate

SECRET = "a-secret_of-the-webhook_0123456789"
PATH = "/telegram/webhook"


@pytest.fixture
def door(telegram: TelegramServer, settings: Settings) -> str:
    """The path, open."""
    settings.TELEGRAM_WEBHOOK_SECRET = SECRET
    return PATH


@pytest.fixture
def webhook_is_set(door: str, live_server: LiveServer, settings: Settings) -> None:
    settings.PUBLIC_URL = live_server.url
    call_command("set_telegram_webhook", stdout=io.StringIO())


def post(body: bytes | dict[str, Any], secret: str | None = SECRET) -> Any:
    headers = {} if secret is None else {webhook.SECRET_HEADER: secret}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(PATH, data, content_type="application/json", headers=headers)


def an_update(number: int = 1, text: str = "Buy milk") -> dict[str, Any]:
    person = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    chat = {"id": ADA, "type": "private", "first_name": "Ada"}
    message = {"message_id": 10 + number, "date": 1795000000, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


def test_what_telegram_brings_is_done_once_and_in_order(
    ada: User, telegram: TelegramServer, webhook_is_set: None, worker: None, chat_shows: Settled
) -> None:
    for number in range(4):
        telegram.write(ADA, f"Buy item {number}")
    telegram.deliver_again(4)

    seen = telegram.wait_until(lambda: sum("Added" in item.text for item in telegram.chat(ADA)) == 4, 40)

    assert seen, telegram.transcript(ADA)
    titles = Task.objects.order_by("created_at").values_list("title", flat=True)
    assert list(titles) == [f"Buy item {number}" for number in range(4)]
    assert telegram.wait_until(lambda: telegram.webhook.statuses == [200] * 8)


def test_the_first_answer_comes_without_a_worker(ada: User, telegram: TelegramServer, webhook_is_set: None) -> None:
    telegram.speak(ADA, b"sound")

    assert telegram.wait_until(lambda: bool(telegram.chat(ADA))), telegram.transcript(ADA)
    assert telegram.chat(ADA)[0].text == "Listening…"


@pytest.mark.parametrize("secret", [None, "", "a-secret_of-the-webhook_012345678", SECRET + "0", "ä"])
def test_who_does_not_know_the_secret_is_refused(door: str, ada: User, secret: str | None) -> None:
    answer = post(an_update(), secret and secret.encode().decode("latin-1"))

    assert answer.status_code == 403
    assert not ProcessedUpdate.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": -1}',
             b'{"update_id": 99999999999999999999}', b"[" * 100000, b"\xff\xfe", b'{"update_id": NaN}'],
)  # fmt: skip
def test_what_is_no_update_is_refused(door: str, transactional_db: None, body: bytes) -> None:
    assert post(body).status_code == 400
    assert not ProcessedUpdate.objects.exists()


def test_a_body_that_is_too_large_is_refused(door: str, transactional_db: None) -> None:
    answer = post(b'{"update_id": 1, "x": "' + b"x" * webhook.MAX_BODY_BYTES + b'"}')

    assert answer.status_code == 413


def test_an_update_that_cannot_be_read_does_not_hold_its_chat_up(door: str, ada: User) -> None:
    assert post({"update_id": 1, "message": {"chat": 5}}).status_code == 200
    assert post({"update_id": 2, "message": "text"}).status_code == 200
    assert post({"update_id": 3, "kind_of_tomorrow": {}}).status_code == 200
    assert post(an_update(4)).status_code == 200
    assert Task.objects.count() + OutboundMessage.objects.count() == 1


def test_too_many_come_again_later(door: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "UPDATES", Rate("webhook-test", 2, 60))

    answers = [post(an_update(number)) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) >= 1
    assert ProcessedUpdate.objects.count() == 2


def test_guessing_the_secret_is_slow(door: str, transactional_db: None) -> None:
    statuses = {post(an_update(), "wrong").status_code for _ in range(webhook.WRONG_SECRETS.limit + 1)}

    assert statuses == {403, 429}


def test_what_could_not_be_stored_is_brought_again(
    door: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def unreachable(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr("bots.accounts.find_account", unreachable)
        assert post(an_update()).status_code == 503
    assert not ProcessedUpdate.objects.exists()
    assert post(an_update()).status_code == 200
    assert ProcessedUpdate.objects.count() == 1


def test_without_a_secret_there_is_no_door(telegram: TelegramServer, transactional_db: None) -> None:
    assert post(an_update(), "").status_code == 404
    assert Client().get(PATH).status_code == 405


@pytest.mark.parametrize(("secret", "problems"), [("", 0), (SECRET, 0), ("short", 1), ("a" * 15 + "!", 1)])
def test_a_secret_that_telegram_would_refuse_is_named_at_start(settings: Settings, secret: str, problems: int) -> None:
    settings.TELEGRAM_WEBHOOK_SECRET = secret

    assert len(check_webhook_secret()) == problems


def test_the_command_sets_checks_and_deletes(
    ada: User, telegram: TelegramServer, webhook_is_set: None, live_server: LiveServer
) -> None:
    assert telegram.webhook.url == f"{live_server.url}{PATH}"
    assert (telegram.webhook.secret, telegram.webhook.max_connections) == (SECRET, 40)
    assert set(telegram.webhook.allowed_updates) == set(ALLOWED_UPDATES)
    assert telegram.commands[""], "the menu is set as well"

    assert run("--check") == f"Telegram brings updates to {live_server.url}{PATH}; 0 wait."
    run("--delete")

    assert telegram.webhook.url == ""
    assert run("--check") == "No webhook is set; `manage.py set_telegram_webhook` sets it."


def test_the_check_says_what_is_wrong(telegram: TelegramServer, webhook_is_set: None, settings: Settings) -> None:
    settings.TELEGRAM_WEBHOOK_CONNECTIONS = 7
    telegram.webhook.allowed_updates = ["message"]
    telegram.webhook.secret = "another"
    telegram.write(ADA, "Buy milk")
    assert telegram.wait_until(lambda: telegram.webhook.last_error is not None)
    settings.PUBLIC_URL = "http://elsewhere.example"

    said = run("--check")

    assert "and not to http://elsewhere.example/telegram/webhook" in said
    assert "other kinds of updates" in said
    assert "40 connections, not 7" in said
    assert "403. The secret differs" in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TELEGRAM_BOT_TOKEN", "", "TELEGRAM_BOT_TOKEN is not set"),
        ("TELEGRAM_WEBHOOK_SECRET", "", "TELEGRAM_WEBHOOK_SECRET is not set"),
        ("PUBLIC_URL", "http://voicebot.example", "https:// address only"),
        ("PUBLIC_URL", "https://voicebot.example:9000", "443, 80, 88 and 8443"),
    ],
)
def test_the_command_says_which_setting_is_wrong(
    door: str, settings: Settings, name: str, value: str, sentence: str
) -> None:
    settings.TELEGRAM_API_BASE_URL = "https://api.telegram.org"
    setattr(settings, name, value)

    assert sentence in run()


def test_a_poller_beside_a_webhook_says_so_and_ends(
    telegram: TelegramServer, webhook_is_set: None, start_bot: Callable[..., RunningBot]
) -> None:
    bot = start_bot()
    bot.wait()

    assert isinstance(bot.problem, WebhookIsSet)
    assert telegram.webhook.url


def test_a_poller_ends_when_a_webhook_is_set_later(
    telegram: TelegramServer, door: str, start_bot: Callable[..., RunningBot]
) -> None:
    bot = start_bot()
    assert telegram.wait_until(lambda: bool(telegram.calls_of("getUpdates")))
    run()
    bot.wait()

    assert isinstance(bot.problem, WebhookIsSet)


def test_a_poller_deletes_the_webhook_when_told_to(
    ada: User, telegram: TelegramServer, webhook_is_set: None, start_bot: Callable[..., RunningBot]
) -> None:
    start_bot(deletes_webhook=True)
    assert telegram.wait_until(lambda: telegram.webhook.url == "")
    telegram.write(ADA, "/help")

    assert telegram.wait_until(lambda: bool(telegram.chat(ADA)))
    assert telegram.calls_of("deleteWebhook")[0].params.get("drop_pending_updates") in {None, "false"}


def run(*arguments: str) -> str:
    """What the command says, on either side."""
    said = io.StringIO()
    try:
        call_command("set_telegram_webhook", *arguments, stdout=said)
    except CommandError as error:
        return str(error)
    return said.getvalue().strip()
