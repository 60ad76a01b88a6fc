"""Messages on their way: once, in order, within the limits, whatever the network does."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bots import jobs, outbox, pace
from bots.models import ChatAccount, OutboundMessage
from tasks_app.models import User
from tests.bots.conftest import ADA
from tests.fakes.telegram_server import Failure, TelegramServer
from voicebot.redis import redis_client

State = OutboundMessage.State

pytestmark = pytest.mark.usefixtures("transactional_db")


def put(text: str, key: str = "k", chat_id: int = ADA) -> OutboundMessage:
    return outbox.put(chat_id, key, text)


def deliver(message: OutboundMessage) -> OutboundMessage:
    """In a chat that was quiet for long."""
    redis_client().flushdb()
    jobs.deliver_message(str(message.pk))
    message.refresh_from_db()
    return message


def deliver_later(message: OutboundMessage) -> OutboundMessage:
    """As after all pauses have passed."""
    OutboundMessage.objects.update(next_attempt_at=timezone.now())
    return deliver(message)


def texts(telegram: TelegramServer, chat_id: int = ADA) -> list[str]:
    return [message.text for message in telegram.chat(chat_id)]


def test_a_message_is_sent_once_however_often_its_job_runs(telegram: TelegramServer) -> None:
    message = deliver(put("Hello"))
    deliver_later(message)

    assert (message.state, message.message_id) == (State.SENT, telegram.chat(ADA)[0].message_id)
    assert texts(telegram) == ["Hello"]
    assert len(telegram.calls_of("sendMessage")) == 1


def test_a_newer_text_before_sending_takes_the_place_of_the_older(telegram: TelegramServer) -> None:
    put("Listening…")
    put("Heard")
    message = deliver(put("Added"))

    assert telegram.chat(ADA)[0].texts == ["Added"]
    assert message.state == State.SENT


def test_a_newer_text_after_sending_edits_the_message(telegram: TelegramServer) -> None:
    deliver(put("Listening…"))
    deliver(put("Added"))

    assert [message.texts for message in telegram.chat(ADA)] == [["Listening…", "Added"]]


def test_the_same_text_again_makes_no_call(telegram: TelegramServer) -> None:
    deliver(put("Hello"))
    deliver_later(put("Hello"))

    assert not telegram.calls_of("editMessageText")


def test_new_messages_keep_their_order(telegram: TelegramServer) -> None:
    first, second = put("one", "1"), put("two", "2")
    deliver(second)
    deliver_later(second)

    assert texts(telegram) == ["one", "two"]
    first.refresh_from_db()
    assert first.state == State.SENT


def test_a_chat_gets_one_new_message_a_second(telegram: TelegramServer) -> None:
    put("one", "1")
    deliver(put("two", "2"))

    assert texts(telegram) == ["one"]
    assert isinstance(outbox.take_next(ADA), outbox.Pause)


def test_a_message_follows_a_group_to_its_new_number(telegram: TelegramServer) -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail("sendMessage", Failure(400, description, {"migrate_to_chat_id": -1001}))
    message = deliver(put("Added", chat_id=-77))
    assert (message.state, message.chat_id) == (State.PENDING, -1001)
    assert deliver_later(message).state == State.SENT
    assert texts(telegram, -1001) == ["Added"]


def test_the_whole_bot_keeps_under_thirty_a_second(telegram: TelegramServer) -> None:
    started = time.monotonic()
    for place in range(1, 61):
        wait = pace.reserve(place, "send")
        assert time.monotonic() - started + wait >= (place - 1) / 30 - 0.01, "each chat has a later place in the line"


def test_a_place_in_the_line_is_kept(telegram: TelegramServer) -> None:
    waits = [pace.reserve(chat_id, "send") for chat_id in range(1, 20)]
    assert pace.reserve(19, "send") <= max(waits)


def test_those_who_come_late_to_their_place_do_not_come_at_once(
    telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat_id in range(1, 12):
        pace.reserve(chat_id, "send")
    monkeypatch.setattr(pace, "OVERALL_INTERVAL_MS", 20_000)
    time.sleep(0.45)  # past everybody's place, as when all processes stood still

    assert pace.reserve(12, "send") > 0
    assert all(pace.reserve(chat_id, "send") > 10 for chat_id in range(2, 12))


def test_a_group_gets_twenty_calls_a_minute_edits_included(
    telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "CHAT_INTERVAL_MS", 0)
    monkeypatch.setattr(pace, "OVERALL_INTERVAL_MS", 0)
    monkeypatch.setattr(pace, "PLACE_INTERVAL_MS", 0)
    monkeypatch.setattr(pace, "OVERALL_CALLS", 1000)
    monkeypatch.setattr(pace, "GROUP_WINDOW_MS", 60_000)

    waits = [pace.reserve(-100, kind) for kind in ("send", "edit") * 11]

    assert waits[:20] == [0.0] * 20
    assert all(50 < wait <= 60 for wait in waits[20:])
    assert pace.reserve(-200, "send") == 0
    assert [pace.reserve(100, "send") for _ in range(30)] == [0.0] * 30


def test_being_asked_to_slow_down_holds_the_chat_back(telegram: TelegramServer) -> None:
    telegram.fail("sendMessage", Failure(429, "Too Many Requests: retry after 7", {"retry_after": 7}))

    message = deliver(put("Hello"))

    assert (message.state, message.attempts, message.error_code) == (State.PENDING, 0, "telegram_flooded")
    assert message.next_attempt_at > timezone.now() + dt.timedelta(seconds=5)
    assert deliver_later(message).state == State.SENT


@pytest.mark.parametrize("failure", [Failure(500, "Internal Server Error"), Failure(503, "Service Unavailable")])
def test_a_server_that_failed_is_tried_again(telegram: TelegramServer, failure: Failure) -> None:
    telegram.fail("sendMessage", failure, failure)

    message = deliver(put("Hello"))
    assert (message.state, message.attempts, message.error_code) == (State.PENDING, 1, "telegram_server_failed")
    assert deliver_later(message).attempts == 2
    assert deliver_later(message).state == State.SENT
    assert texts(telegram) == ["Hello"]


@pytest.mark.parametrize(
    "failure",
    [Failure(is_reset=True), Failure(is_reset=True, is_carried_out=True), Failure(502, "Bad Gateway")],
    ids=["reset", "answer lost", "gateway"],
)
def test_a_new_message_that_may_have_arrived_is_never_sent_again(telegram: TelegramServer, failure: Failure) -> None:
    telegram.fail("sendMessage", failure)

    message = deliver(put("Hello"))
    assert message.state == State.UNCERTAIN
    assert deliver_later(message).state == State.UNCERTAIN
    jobs.resume_stalled_messages()
    assert len(telegram.calls_of("sendMessage")) == 1


def test_after_an_unclear_first_message_the_receipt_comes_as_its_own(telegram: TelegramServer) -> None:
    telegram.fail("sendMessage", Failure(is_reset=True))
    deliver(put("Listening…"))

    message = deliver_later(put("Added"))

    assert (message.state, texts(telegram)) == (State.SENT, ["Added"])


def test_an_edit_whose_answer_was_lost_is_tried_again(telegram: TelegramServer) -> None:
    deliver(put("Listening…"))
    telegram.fail("editMessageText", Failure(is_reset=True, is_carried_out=True))

    message = deliver(put("Added"))
    assert message.state == State.PENDING
    message = deliver_later(message)

    assert message.state == State.SENT, "“message is not modified” means that it is as wanted"
    assert texts(telegram) == ["Added"]


def test_a_deleted_message_is_given_up(telegram: TelegramServer) -> None:
    deliver(put("Listening…"))
    telegram.forget_message(ADA)

    message = deliver(put("Added"))

    assert (message.state, message.error_code) == (State.FAILED, "telegram_refused")


def test_a_person_who_blocked_the_bot_is_left_alone(telegram: TelegramServer, ada: User) -> None:
    telegram.block(ADA)

    message = deliver(put("Hello"))

    assert (message.state, message.error_code) == (State.FAILED, "telegram_forbidden")
    assert ChatAccount.objects.get(chat_id=ADA).blocked_at is not None


def test_a_server_that_is_not_there_is_tried_again(telegram: TelegramServer) -> None:
    telegram.stop_listening()
    try:
        message = deliver(put("Hello"))
        assert (message.state, message.error_code) == (State.PENDING, "telegram_unreachable")
    finally:
        telegram.listen_again()
    assert deliver_later(message).state == State.SENT


def test_what_a_dead_process_was_sending_is_not_sent_again(telegram: TelegramServer) -> None:
    message = put("Hello")
    assert isinstance(outbox.take_next(ADA), outbox.Claim)
    OutboundMessage.objects.update(lease_until=timezone.now())

    deliver(message)

    assert message.state == State.UNCERTAIN
    assert not telegram.calls_of("sendMessage")


def test_what_a_dead_process_was_editing_is_edited_again(telegram: TelegramServer) -> None:
    deliver(put("Listening…"))
    message = put("Added")
    redis_client().flushdb()
    assert isinstance(outbox.take_next(ADA), outbox.Claim)
    OutboundMessage.objects.update(lease_until=timezone.now())

    assert deliver_later(message).state == State.SENT
    assert texts(telegram) == ["Added"]


def test_another_process_at_work_in_the_chat_is_not_disturbed(telegram: TelegramServer) -> None:
    put("Hello")
    assert isinstance(outbox.take_next(ADA), outbox.Claim)
    put("two", "2")

    assert outbox.take_next(ADA) is None


def test_a_text_that_changes_while_it_is_sent_is_sent_afterwards(telegram: TelegramServer) -> None:
    put("Listening…")
    claim = outbox.take_next(ADA)
    assert isinstance(claim, outbox.Claim)
    message = put("Added")

    outbox.settle(claim, outbox.Sent(77))

    message.refresh_from_db()
    assert (message.state, message.message_id) == (State.PENDING, 77)


def test_what_is_rolled_back_is_not_said(telegram: TelegramServer) -> None:
    with transaction.atomic():
        put("Hello")
        transaction.set_rollback(True)

    assert not OutboundMessage.objects.exists()


def test_the_sweep_finds_what_lost_its_job(telegram: TelegramServer) -> None:
    message = put("Hello")
    OutboundMessage.objects.update(next_attempt_at=timezone.now())
    sent = put("there", "2", ADA + 1)
    deliver(sent)

    assert outbox.list_stalled() == [message]


def put_reminder(text: str) -> OutboundMessage:
    return outbox.put(ADA, "notice", text, is_repeatable=True)


def test_a_reminder_whose_answer_is_lost_is_sent_once_more_and_marked(telegram: TelegramServer) -> None:
    lost = Failure(is_reset=True, is_carried_out=True)
    telegram.fail("sendMessage", lost, lost)
    message = deliver(put_reminder("Call mum"))
    for _ in range(3):
        message = deliver_later(message)

    assert texts(telegram) == ["Call mum", "↻ Call mum"]
    assert (message.state, message.may_be_repeated) == (State.UNCERTAIN, True)


def test_a_reminder_that_surely_did_not_arrive_is_not_marked(telegram: TelegramServer) -> None:
    telegram.fail("sendMessage", Failure(503, "Service Unavailable"))
    message = deliver_later(deliver(put_reminder("Call mum")))

    assert (texts(telegram), message.may_be_repeated) == (["Call mum"], False)


def test_a_reminder_that_a_dead_process_held_is_sent(telegram: TelegramServer) -> None:
    message = put_reminder("Call mum")
    assert isinstance(outbox.take_next(ADA), outbox.Claim)
    OutboundMessage.objects.update(lease_until=timezone.now())
    assert outbox.list_stalled() == [message]

    assert deliver(message).state == State.SENT
    assert texts(telegram) == ["↻ Call mum"]


@pytest.mark.parametrize(("waiting", "added"), [(2, 1), (3, 0)])
def test_a_sweep_adds_nothing_where_twice_as_much_waits(telegram: TelegramServer, waiting: int, added: int) -> None:
    OutboundMessage.objects.create(chat_id=ADA, dedupe_key="k", text="Hello")
    queue = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}notices"
    redis_client().rpush(queue, *["a job"] * waiting)

    jobs.resume_stalled_messages()

    assert redis_client().llen(queue) == waiting + added
    redis_client().delete(queue)


def test_a_message_is_found_by_one_look_whether_it_is_settled_or_not(
    telegram: TelegramServer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    waiting = put("Hello")
    claim = outbox.take_next(ADA)
    assert isinstance(claim, outbox.Claim)
    with django_assert_num_queries(1):  # between two looks it could be settled, and a press under it be lost
        assert outbox.find_sent(ADA, 5) == waiting

    outbox.settle(claim, outbox.Sent(5))
    other = put("Sending", "other")
    redis_client().flushdb()
    assert isinstance(outbox.take_next(ADA), outbox.Claim)

    assert outbox.find_sent(ADA, 5) == waiting
    assert outbox.find_sent(ADA, 6) == other


def test_nothing_waits_for_a_message_that_is_being_changed(telegram: TelegramServer) -> None:
    """Whoever changes it may wait for the chat's lock: a press changes a message and then takes the next one."""
    message = put("Hello")

    def take_next_elsewhere() -> outbox.Claim | outbox.Pause | None:
        try:
            return outbox.take_next(ADA)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        OutboundMessage.objects.select_for_update().get(pk=message.pk)
        assert isinstance(pool.submit(take_next_elsewhere).result(10), outbox.Pause)
        assert isinstance(outbox.take_next(ADA), outbox.Claim)
