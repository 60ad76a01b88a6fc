"""Recordings from Telegram, secrets that stay here, texts that fit, reminders and the page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bots.models import ChatAccount, LinkCode, OutboundMessage
from bots.telegram import gateway
from bots.telegram.fetcher import TelegramFetcher
from tasks_app.models import Reminder, Task, User
from tasks_app.reminders import telling
from tests.bots.conftest import ADA
from tests.fakes.telegram_server import TOKEN, USERNAME, Failure, TelegramServer
from voicebot.errors import AppError

LIMIT = 1000
SECRET = TOKEN.partition(":")[2]


def fetch(telegram: TelegramServer, reference: str = "f") -> bytes:
    return TelegramFetcher().fetch(reference, max_bytes=LIMIT)


def test_a_file_is_brought_whole(telegram: TelegramServer) -> None:
    telegram.files["f"] = bytes(range(200)) * 5

    assert fetch(telegram) == bytes(range(200)) * 5


def test_a_file_that_is_longer_than_it_says_is_cut_off(telegram: TelegramServer) -> None:
    telegram.files["f"] = bytes(LIMIT + 1)

    with pytest.raises(AppError) as caught:
        fetch(telegram)

    assert caught.value.code == "audio_too_large"


@pytest.mark.parametrize(
    ("method", "failure", "code", "is_retryable"),
    [
        ("getFile", Failure(400, "Bad Request: file is too big"), "audio_too_large", False),
        ("getFile", Failure(400, "Bad Request: wrong file_id"), "recording_not_there", False),
        ("getFile", Failure(429, "Too Many Requests", {"retry_after": 3}), "telegram_flooded", True),
        ("getFile", Failure(500, "Internal Server Error"), "telegram_server_failed", True),
        ("getFile", Failure(is_reset=True), "telegram_answer_missing", True),
        ("file", Failure(404, "Not Found"), "recording_not_there", False),
        ("file", Failure(500, "Internal Server Error"), "telegram_server_failed", True),
        ("file", Failure(is_reset=True), "telegram_unreachable", True),
    ],
)
def test_what_goes_wrong_with_a_file_has_a_name(
    telegram: TelegramServer, method: str, failure: Failure, code: str, is_retryable: bool
) -> None:
    telegram.files["f"] = b"sound"
    telegram.fail(method, failure)

    with pytest.raises(AppError) as caught:
        fetch(telegram)

    assert (caught.value.code, caught.value.is_retryable) == (code, is_retryable)
    assert _chain(caught.value).find(SECRET) == -1


@pytest.mark.parametrize(
    ("text", "limit"), [("word " * 2000, 4096), ("x" * 9000, 4096), ("🎉" * 4000, 4096), ("line\n" * 1500, 4096)]
)
def test_a_long_text_is_cut_where_it_fits(text: str, limit: int) -> None:
    cut = gateway.fit(text)

    assert 2000 < len(cut.encode("utf-16-le")) // 2 <= limit
    assert cut.endswith(" …")


def test_a_short_text_is_left_alone() -> None:
    assert gateway.fit("Hello\nthere") == "Hello\nthere"


@pytest.mark.usefixtures("telegram")
def test_a_reminder_is_told_once_in_each_chat_that_listens(ada: User) -> None:
    ChatAccount.objects.create(user=ada, chat_id=ADA + 1, blocked_at=timezone.now())
    task = Task.objects.create(owner=ada, title="Call mum", zone="Europe/Berlin")
    now = timezone.now()
    Reminder.objects.create(task=task, remind_at=now)

    assert telling.tell_person(ada.pk, now) == 1
    assert telling.tell_person(ada.pk, now) == 0

    message = OutboundMessage.objects.get()
    assert (message.chat_id, message.text) == (ADA, "⏰ Call mum")


@pytest.fixture
def browser(ada: User, settings: Any) -> Client:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client()
    client.force_login(ada)
    return client


def test_the_page_gives_a_link_that_works_once(telegram: TelegramServer, browser: Client) -> None:
    assert b"Connect a chat" in browser.get("/").content

    page = browser.post("/telegram/connect/").content.decode()

    link = LinkCode.objects.get(used_at=None)
    assert f"https://t.me/{USERNAME}?start=" in page
    assert link.digest not in page
    assert browser.get("/telegram/connect/").status_code == 405


def test_the_page_says_how_to_switch_the_bot_on(telegram: TelegramServer, browser: Client, settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""

    assert "@BotFather" in browser.get("/").content.decode()
    assert browser.post("/telegram/connect/").status_code == 404


def test_only_the_own_chat_can_be_disconnected(telegram: TelegramServer, ada: User, browser: Client) -> None:
    other = User.objects.create_user(f"eve-{uuid4()}")
    theirs = ChatAccount.objects.create(user=other, chat_id=666)
    mine = ChatAccount.objects.get(user=ada)

    for account in (theirs, mine):
        browser.post(f"/telegram/chats/{account.pk}/unlink/")

    assert list(ChatAccount.objects.all()) == [theirs]


def _chain(error: BaseException | None) -> str:
    text = ""
    while error is not None:
        text += f"{error!r} {getattr(error, 'details', '')}"
        error = error.__cause__ or error.__context__
    return text
