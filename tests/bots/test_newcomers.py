"""Who gets in from a chat, and who does not, whatever they send."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings
from telegram import Update

from bots import accounts, outbox
from bots.errors import LinkCodeInvalid
from bots.models import ChatAccount, LinkCode, OutboundMessage
from bots.telegram import intake
from bots.telegram.handlers.incoming import Taken
from tasks_app.accounts.sign_up import invite
from tasks_app.models import User
from tasks_app.places import guess_zone
from tests.bots.conftest import ADA
from tests.bots.test_intake import update_of
from tests.fakes.telegram_server import TelegramServer

EVE = 666


def _press(update_id: int, data: str = "a") -> Taken:
    person = {"id": EVE, "is_bot": False, "first_name": "Eve\x00 \n", "language_code": "de"}
    message = {"message_id": 1, "date": 1, "chat": {"id": EVE, "type": "private"}, "text": "x"}
    query = {"id": "q", "from": person, "chat_instance": "1", "data": data, "message": message}
    update = Update.de_json({"update_id": update_id, "callback_query": query}, None)
    assert update is not None
    return intake.take(update, bot_id=1)


def test_two_presses_make_one_account(ada: User, telegram: TelegramServer, settings: Settings) -> None:
    settings.SIGN_UP = "open"
    _press(1)
    _press(2)

    eve = ChatAccount.objects.get(chat_id=EVE).user
    assert (eve.first_name, eve.language, eve.timezone) == ("Eve", "de", "Europe/Berlin")
    assert not eve.has_usable_password()
    assert User.objects.count() == 2


@pytest.mark.parametrize("policy", ["closed", "invitation"])
def test_an_old_button_makes_no_account_under_another_policy(
    ada: User, telegram: TelegramServer, settings: Settings, policy: str
) -> None:
    settings.SIGN_UP = policy
    taken = _press(1)

    assert taken.answer is not None
    assert taken.answer.is_alert
    assert User.objects.count() == 1


def test_who_was_shut_out_gets_no_second_account(ada: User, telegram: TelegramServer, settings: Settings) -> None:
    settings.SIGN_UP = "open"
    _press(1)
    User.objects.filter(chat_accounts__chat_id=EVE).update(is_active=False)
    _press(2)
    intake.take(update_of(3, chat_id=EVE, text="/start"), bot_id=1)

    assert User.objects.count() == 2
    assert OutboundMessage.objects.get(dedupe_key="update:1:3").buttons == []


def test_an_invitation_works_once(db: None, telegram: TelegramServer, settings: Settings) -> None:
    settings.SIGN_UP = "invitation"
    _invitation, address = invite()
    token = address.rstrip("/").rpartition("/")[2]
    for number, chat_id in enumerate((EVE, EVE + 1), 1):
        intake.take(update_of(number, chat_id=chat_id, text=f"/start {token}"), bot_id=1)

    assert list(ChatAccount.objects.values_list("chat_id", flat=True)) == [EVE]
    assert User.objects.count() == 1


def test_a_link_from_a_chat_works_once_and_for_who_is_signed_in(
    ada: User, telegram: TelegramServer, settings: Settings
) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    code = accounts.make_chat_code(EVE, "Eve <b>", language="de")
    page, path = Client(), f"/telegram/connect/{code}/"

    assert page.get(path).headers["Location"].startswith("/sign-in/")
    page.force_login(ada)
    assert "Eve &lt;b&gt;" in page.get(path).content.decode()
    assert not ChatAccount.objects.filter(chat_id=EVE).exists()
    assert page.post(path).status_code == 302
    assert ChatAccount.objects.get(chat_id=EVE).user == ada
    assert page.post(path).status_code == 400


def test_a_code_from_a_chat_is_none_for_a_chat(ada: User) -> None:
    code = accounts.make_chat_code(EVE, "Eve", language="")
    with pytest.raises(LinkCodeInvalid):
        accounts.link_chat(7, code, language="")
    with pytest.raises(LinkCodeInvalid):
        accounts.accept_chat(ada, accounts.make_link_code(ada))
    accounts.forget_codes([EVE])
    assert not LinkCode.objects.filter(chat_id=EVE).exists()


def test_nothing_goes_to_a_chat_that_blocks_the_bot(ada: User, telegram: TelegramServer) -> None:
    for number in range(3):
        outbox.put(ADA, f"waiting:{number}", "Hello", is_enqueued=False)
    claim = outbox.take_next(ADA)
    assert isinstance(claim, outbox.Claim)
    outbox.settle(claim, outbox.Refused("telegram_forbidden", is_blocked=True))
    outbox.put(ADA, "later", "Hello", is_enqueued=False)

    assert outbox.take_next(ADA) is None
    assert set(OutboundMessage.objects.values_list("state", "error_code")) == {("failed", "telegram_forbidden")}
    assert not outbox.list_stalled()
    assert not accounts.list_reachable(ada).exists()


def test_reminders_go_to_the_chat_that_was_chosen_and_can_be_reached(ada: User) -> None:
    second = accounts.link_chat(ADA + 1, accounts.make_link_code(ada), language="en")
    assert accounts.list_reachable(ada).get() == second
    first = ChatAccount.objects.get(chat_id=ADA)
    accounts.prefer_chat(first)
    assert accounts.list_reachable(ada).get() == first
    accounts.mark_blocked(ADA)
    assert accounts.list_reachable(ada).get() == second


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Vienna"),
        ("it", "Europe/Rome"),
        ("en", None),
        ("pt-br", None),
        ("", None),
        ("xx-ZZ", None),
    ],
)
def test_a_zone_is_guessed_only_where_it_is_likely(locale: str, zone: str | None) -> None:
    assert guess_zone(locale) == zone
