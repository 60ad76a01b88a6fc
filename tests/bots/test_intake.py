"""Updates: each once, whoever brings it and whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from telegram import Update

from bots import accounts, followers
from bots.errors import LinkCodeInvalid
from bots.models import ChatAccount, LinkCode, OutboundMessage, ProcessedUpdate
from bots.telegram import intake
from tasks_app.models import Task, User
from tests.bots.conftest import ADA, RunningBot, Settled
from tests.fakes.telegram_server import Failure, TelegramServer
from voice_app.models import VoiceCommand


def update_of(update_id: int = 1, *, chat_id: int = ADA, **content: Any) -> Update:
    chat: dict[str, Any] = {"id": chat_id, "type": "private" if chat_id > 0 else "group"}
    person = {"id": abs(chat_id), "is_bot": False, "first_name": "Ada", "language_code": "en"}
    message = {"message_id": update_id, "date": 1_795_000_000, "chat": chat, "from": person, **content}
    update = Update.de_json({"update_id": update_id, "message": message}, None)
    assert update is not None
    return update


def voice(**fields: Any) -> dict[str, Any]:
    return {"voice": {"file_id": "f", "file_unique_id": "f", "duration": 3, "file_size": 9000, **fields}}


def test_the_same_update_changes_nothing(ada: User, telegram: TelegramServer) -> None:
    first = intake.take(update_of(text="Buy milk"), bot_id=1)
    again = intake.take(update_of(text="Buy milk"), bot_id=1)

    assert VoiceCommand.objects.count() == OutboundMessage.objects.count() == ProcessedUpdate.objects.count() == 1
    assert (first.chat_id, again.chat_id) == (ADA, 0)


def test_a_voice_note_is_stored_with_its_first_message(ada: User, telegram: TelegramServer) -> None:
    taken = intake.take(update_of(**voice()), bot_id=1)

    command, message = VoiceCommand.objects.get(), OutboundMessage.objects.get()
    assert command.remote_audio.reference == "f"
    assert command.said_at.timestamp() == 1_795_000_000
    assert (message.text, message.dedupe_key) == ("Listening…", followers.command_key(command))
    assert taken.message_id == message.pk


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"file_size": 21 * 2**20}, "The recording is too large. Please send at most 20 MB."),
        ({"duration": 3600}, "The recording is too long. Please send at most 600 seconds."),
    ],
)
def test_a_recording_is_refused_before_it_is_fetched(
    ada: User, telegram: TelegramServer, fields: dict[str, int], answer: str
) -> None:
    intake.take(update_of(**voice(**fields)), bot_id=1)

    assert OutboundMessage.objects.get().text == answer
    assert not VoiceCommand.objects.exists()
    assert not telegram.calls


def test_a_group_is_left_alone(ada: User, telegram: TelegramServer) -> None:
    code = accounts.make_link_code(ada)
    intake.take(update_of(chat_id=-77, text=f"/start {code}"), bot_id=1)

    assert not OutboundMessage.objects.exists()
    assert not ChatAccount.objects.filter(chat_id=-77).exists()


def test_an_update_that_raises_is_told_and_does_not_come_again(ada: User, telegram: TelegramServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voice_app_voicecommand ADD CONSTRAINT broken CHECK (command_text <> 'Buy milk')")
    try:
        intake.take(update_of(text="Buy milk"), bot_id=1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE voice_app_voicecommand DROP CONSTRAINT broken")

    assert ProcessedUpdate.objects.count() == 1
    assert OutboundMessage.objects.get().text.startswith("Something went wrong on our side.")


def test_a_code_works_once_and_only_for_a_while(ada: User) -> None:
    code = accounts.make_link_code(ada)
    assert code not in str(LinkCode.objects.values_list())

    assert accounts.link_chat(9, code, language="de-AT").language == "de"
    with pytest.raises(LinkCodeInvalid):
        accounts.link_chat(10, code, language="")
    late = accounts.make_link_code(ada)
    LinkCode.objects.update(expires_at="2020-01-01T00:00:00Z")
    with pytest.raises(LinkCodeInvalid):
        accounts.link_chat(10, late, language="")


def test_a_button_of_another_persons_command_does_nothing(
    ada: User, telegram: TelegramServer, bot: RunningBot, worker: None, chat_shows: Settled
) -> None:
    telegram.write(ADA, "Buy milk")
    [receipt] = chat_shows("Added “Buy milk”")
    eve = User.objects.create_user("eve")
    accounts.link_chat(666, accounts.make_link_code(eve), language="en")

    query = telegram.press_data(666, receipt.message_id, receipt.buttons[0][0]["callback_data"])

    assert telegram.wait_until(lambda: any(answer["callback_query_id"] == query for answer in telegram.answers))
    assert telegram.answers[-1]["text"] == "There is no such voice command, or it is not yours."
    assert Task.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize("data", ["", "u:", "u:????", "u:AAAA", "c:AAAAAAAAAAAAAAAAAAAAAA:-1:0", "x:y", "u:éé"])
def test_a_forged_button_does_nothing(ada: User, telegram: TelegramServer, data: str) -> None:
    query = {"id": "q", "from": {"id": ADA, "is_bot": False, "first_name": "A"}, "chat_instance": "1", "data": data}
    chat = {"id": ADA, "type": "private"}
    query["message"] = {"message_id": 1, "date": 1, "chat": chat, "text": "x"}
    update = Update.de_json({"update_id": 5, "callback_query": query}, None)
    assert update is not None

    taken = intake.take(update, bot_id=1)

    assert taken.answer is not None
    assert taken.answer.text == ""


def test_two_bots_with_one_token_do_everything_once(
    ada: User, telegram: TelegramServer, start_bot: Callable[[], RunningBot], worker: None, chat_shows: Settled
) -> None:
    start_bot()
    start_bot()
    for number in range(5):
        telegram.write(ADA, f"Buy item {number}")
    telegram.deliver_again(5)

    seen = telegram.wait_until(lambda: sum("Added" in item.text for item in telegram.chat(ADA)) == 5, 40)

    assert seen, telegram.transcript(ADA)
    titles = Task.objects.order_by("created_at").values_list("title", flat=True)
    assert list(titles) == [f"Buy item {number}" for number in range(5)]


def test_the_bot_survives_a_bad_network(
    ada: User, telegram: TelegramServer, start_bot: Callable[[], RunningBot], worker: None, chat_shows: Settled
) -> None:
    telegram.fail("getMe", Failure(is_reset=True))
    telegram.fail("getUpdates", Failure(500, "Internal Server Error"), Failure(is_reset=True, is_carried_out=True))
    bot = start_bot()
    telegram.write(ADA, "Buy milk")

    chat_shows("Added “Buy milk”")
    bot.stop()

    assert bot.problem is None
    assert Task.objects.count() == 1


def test_an_update_that_cannot_be_read_is_passed_over(
    ada: User, telegram: TelegramServer, start_bot: Callable[[], RunningBot]
) -> None:
    for date in (10**20, "soon"):
        telegram.add_update({"message": {"message_id": 1, "date": date, "chat": {"id": ADA, "type": "private"}}})
    telegram.write(ADA, "/help")
    start_bot()
    assert telegram.wait_until(lambda: bool(telegram.chat(ADA))), telegram.transcript(ADA)


def test_a_wrong_token_ends_the_bot(
    telegram: TelegramServer, start_bot: Callable[[], RunningBot], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TELEGRAM_BOT_TOKEN = "7700000001:AAF-a_token_that_nobody_knows_at_all_1"
    bot = start_bot()
    bot.wait()

    assert bot.problem is not None
    assert bot.problem.code == "telegram_token_refused"
    assert "nobody_knows" not in caplog.text + repr(bot.problem.__cause__) + repr(bot.problem.__context__)


def test_an_idle_bot_stops_at_once(telegram: TelegramServer, start_bot: Callable[[], RunningBot]) -> None:
    bot = start_bot()
    assert telegram.wait_until(lambda: bool(telegram.calls_of("getUpdates")))

    bot.stop()

    assert bot.problem is None
