"""“Listening…” before the note is stored: once, by the row that follows, and never left alone."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from bots import outbox, pace
from bots.models import OutboundMessage
from bots.telegram import early, intake, runner
from bots.telegram.bot import bot_id
from bots.telegram.delivery import follow_up
from tasks_app.models import User
from tests.bots.conftest import ADA, RunningBot, Settled
from tests.bots.test_intake import update_of, voice
from tests.fakes.telegram_server import Failure, TelegramServer
from voicebot.redis import redis_client

State = OutboundMessage.State
TEXT = "Listening…"
UPDATE = 71
GRACE = 5002


@pytest.fixture
def known(ada: User, telegram: TelegramServer) -> User:
    """A person in whose chat the bot was at work lately."""
    early.remember(ADA, "en")
    return ada


def begin(update_id: int = UPDATE) -> early.EarlyMessage | None:
    return runner.run(early.begin(runner.bot(), update_of(update_id, **voice())))


def take(said: early.EarlyMessage | None, update_id: int = UPDATE) -> None:
    taken = intake.take(update_of(update_id, **voice()), bot_id=bot_id(), said=said.claim.text if said else "")
    runner.run(follow_up(runner.bot(), taken, said))


def shown(telegram: TelegramServer) -> list[str]:
    return [message.text for message in telegram.chat(ADA)]


def test_what_was_said_is_the_message_of_the_row(known: User, telegram: TelegramServer) -> None:
    said = begin()
    assert said is not None
    assert telegram.wait_until(lambda: shown(telegram) == [TEXT], 10)
    assert not OutboundMessage.objects.exists()

    take(said)

    row = OutboundMessage.objects.get()
    assert (row.state, row.message_id) == (State.SENT, telegram.chat(ADA)[0].message_id)
    assert len(telegram.calls_of("sendMessage")) == 1


def test_the_bot_says_it_once_however_often_the_update_comes(
    known: User, telegram: TelegramServer, bot: RunningBot, chat_shows: Settled
) -> None:
    telegram.speak(ADA, b"sound")
    telegram.deliver_again()
    chat_shows(TEXT)
    telegram.write(GRACE, "/start")
    assert telegram.wait_until(lambda: bool(telegram.chat(GRACE)), 20)

    assert shown(telegram) == [TEXT]
    update_id = telegram.history[-2]["update_id"]
    assert pace.was_early(bot_id(), update_id)
    assert OutboundMessage.objects.get(text=TEXT).state == State.SENT


def test_a_chat_is_known_by_what_was_taken_there(ada: User, telegram: TelegramServer) -> None:
    assert begin() is None
    intake.take(update_of(1, text="Buy milk"), bot_id=bot_id())

    assert begin() is not None


def test_what_a_dead_process_may_have_said_is_not_said_again(known: User, telegram: TelegramServer) -> None:
    assert pace.reserve_early(bot_id(), UPDATE, ADA)  # and then it died

    assert begin() is None
    take(None)

    row = OutboundMessage.objects.get()
    assert (row.state, shown(telegram)) == (State.UNCERTAIN, [])
    outbox.put(ADA, row.dedupe_key, "Added “Milk”.")
    row.refresh_from_db()
    assert row.state == State.PENDING


def test_a_refusal_is_told_whatever_a_dead_process_said(known: User, telegram: TelegramServer) -> None:
    assert pace.reserve_early(bot_id(), UPDATE, ADA)

    intake.take(update_of(UPDATE, **voice(duration=3600)), bot_id=bot_id())

    row = OutboundMessage.objects.get()
    assert "too long" in row.text
    assert row.state != State.UNCERTAIN


def test_it_is_taken_away_where_no_note_is_taken(telegram: TelegramServer, transactional_db: None) -> None:
    early.remember(ADA, "en")

    take(begin())

    assert TEXT not in shown(telegram)
    assert len(telegram.calls_of("deleteMessage")) == 1
    assert not pace.was_early(bot_id(), UPDATE)
    assert OutboundMessage.objects.get().text != TEXT


def test_it_is_taken_away_in_favour_of_a_refusal(known: User, telegram: TelegramServer) -> None:
    long = update_of(UPDATE, **voice(duration=3600))
    said = runner.run(early.begin(runner.bot(), long))
    assert said is not None
    taken = intake.take(long, bot_id=bot_id(), said=said.claim.text)
    runner.run(follow_up(runner.bot(), taken, said))

    assert shown(telegram) == []
    assert "too long" in OutboundMessage.objects.get().text


def test_only_a_note_of_now_is_answered_early(known: User, telegram: TelegramServer, settings: Settings) -> None:
    assert runner.run(early.begin(runner.bot(), update_of(UPDATE, text="Buy milk"))) is None
    settings.TELEGRAM_LATE_AFTER_SECONDS = 60
    assert begin() is None


def test_nothing_is_said_past_what_waits(known: User, telegram: TelegramServer) -> None:
    assert pace.reserve(ADA, "send") == 0
    assert pace.reserve(ADA, "send") > 0
    redis_client().delete(*redis_client().keys("*:send:*"))  # as a second later
    time.sleep(2 * pace.PLACE_INTERVAL_MS / 1000)

    assert not pace.reserve_early(bot_id(), UPDATE, ADA)
    assert pace.reserve(ADA, "send") == 0
    redis_client().delete(*redis_client().keys("*:send:*"))
    time.sleep(2 * pace.PLACE_INTERVAL_MS / 1000)
    assert pace.reserve_early(bot_id(), UPDATE, ADA)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Failure(429, "Too Many Requests: retry after 3", {"retry_after": 3}), State.PENDING),
        (Failure(is_reset=True, is_carried_out=True), State.UNCERTAIN),
        (Failure(400, "Bad Request: chat not found"), State.FAILED),
    ],
)
def test_a_failure_is_settled_as_any_other(
    known: User, telegram: TelegramServer, failure: Failure, state: OutboundMessage.State
) -> None:
    telegram.fail("sendMessage", failure)

    take(begin())

    assert OutboundMessage.objects.get().state == state
    assert len(telegram.calls_of("sendMessage")) == 1


def test_it_is_taken_back_and_may_be_said_again(known: User, telegram: TelegramServer) -> None:
    said = begin()
    assert said is not None

    runner.run(early.take_back(runner.bot(), said))

    assert shown(telegram) == []
    assert not pace.was_early(bot_id(), UPDATE)
