"""Webhooks from the change to the receiver: what is sent, signed, tried again, given up and switched off."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from ipaddress import ip_network
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tasks_app.commands import AddComment, CompleteTask, CreateTask, DeleteTask, UpdateTask
from tasks_app.models import User, Webhook, WebhookDelivery
from tasks_app.reminders import telling
from tasks_app.webhooks import queue, recording, registry, sending
from tasks_app.webhooks.queue import Outcome
from tasks_app.webhooks.signing import secret_of
from tests.fakes.webhook_receiver import Got, WebhookReceiver
from tests.tasks_app.conftest import SAID_AT, Run
from voicebot.outward.addresses import Guard
from voicebot.outward.sending import Answer
from voicebot.redis import redis_client

State = WebhookDelivery.State


def loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def receiver(settings: Any) -> Iterator[WebhookReceiver]:
    redis_client().flushdb()
    receiver = WebhookReceiver()
    settings.OUTWARD_PORTS = [receiver.port]
    settings.OUTWARD_ALLOW_HTTP = True
    settings.OUTWARD_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.OUTWARD_RESOLVER = f"{__name__}.loopback"
    yield receiver
    receiver.stop()


def address_of(receiver: WebhookReceiver) -> str:
    return f"http://receiver.example:{receiver.port}/in"


@pytest.fixture
def webhook(ann: User, receiver: WebhookReceiver) -> Webhook:
    return Webhook.objects.create(owner=ann, url=address_of(receiver), events=["*"])


def send_at(moment: dt.datetime) -> list[WebhookDelivery]:
    """One round of what is due at a moment."""
    send = sending.send_with(Guard.of_settings(), seconds=5)
    parcels = queue.take(moment, 16)
    for parcel in parcels:
        queue.settle(parcel, send(parcel), moment)
    return list(WebhookDelivery.objects.filter(pk__in=[parcel.delivery_id for parcel in parcels]))


def is_signed(got: Got, secret: str) -> bool:
    """As docs/webhooks.md tells receivers to check it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    signatures = [each.removeprefix("v1,") for each in got.headers["webhook-signature"].split()]
    is_fresh = abs(time.time() - int(got.headers["webhook-timestamp"])) < 300
    return is_fresh and any(hmac.compare_digest(each, expected) for each in signatures)


def test_changes_arrive_signed_and_in_order(run: Run, webhook: Webhook, receiver: WebhookReceiver) -> None:
    (made,) = run(CreateTask(title="Call mum"))
    run(UpdateTask(task_id=made.task_id, title="Call dad"), AddComment(task_id=made.task_id, text="so"))
    run(CompleteTask(task_id=made.task_id))
    run(DeleteTask(task_id=made.task_id))
    sending.run()
    told = [json.loads(got.body) for got in receiver.got]
    assert [each["event"] for each in told] == [
        "task.created", "task.updated", "comment.created", "task.completed", "task.deleted",
    ]  # fmt: skip
    assert all(is_signed(got, secret_of(webhook)) for got in receiver.got)
    assert not is_signed(receiver.got[0], "whsec_" + base64.b64encode(b"x" * 32).decode())
    assert [got.headers["webhook-id"] for got in receiver.got] == [each["id"] for each in told]
    created, updated = told[:2]
    assert (created["source"], created["actor"]["username"], created["before"]) == ("api", "ann", None)
    assert updated["object"]["title"] == "Call dad"
    assert (updated["before"]["title"], updated["after"]["title"]) == ("Call mum", "Call dad")
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {State.DELIVERED}


def test_only_what_is_wanted_and_may_be_seen(run: Run, bob: User, webhook: Webhook) -> None:
    webhook.events = ["task.completed"]
    webhook.save()
    Webhook.objects.create(owner=bob, url=webhook.url, events=["*"])
    (made,) = run(CreateTask(title="Call mum"))
    run(CompleteTask(task_id=made.task_id))
    (delivery,) = WebhookDelivery.objects.all()
    assert (delivery.webhook, delivery.event) == (webhook, "task.completed")


def test_a_refusal_is_tried_again_later_under_the_same_id(
    run: Run, webhook: Webhook, receiver: WebhookReceiver
) -> None:
    run(CreateTask(title="one"))
    receiver.answers, receiver.body = [503, 302], b"busy"
    now = timezone.now()
    (first,) = send_at(now)
    assert (first.state, first.attempts, first.response_status) == (State.PENDING, 1, 503)
    assert (first.response_start, first.error_code) == ("busy", "webhook_refused")
    assert not send_at(now)
    assert len(send_at(now + dt.timedelta(seconds=10))) == 1
    (last,) = send_at(now + dt.timedelta(minutes=1))
    assert (last.state, last.attempts, last.error_code) == (State.DELIVERED, 3, "")
    assert {got.headers["webhook-id"] for got in receiver.got} == {str(first.pk)}
    assert {got.path for got in receiver.got} == {"/in"}
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.resume_at) == (0, None, None)


def test_pauses_grow_and_a_day_later_it_is_given_up(run: Run, webhook: Webhook) -> None:
    run(CreateTask(title="one"))
    now, moments = timezone.now(), []
    delivery = WebhookDelivery.objects.get()
    while delivery.state != State.FAILED:
        (parcel,) = queue.take(now, 1)
        queue.settle(parcel, Outcome(None, "outward_timeout"), now)
        delivery.refresh_from_db()
        moments.append(now)
        now = max(delivery.next_attempt_at, webhook.__class__.objects.get().resume_at or now)
    assert 15 < len(moments) < 30
    assert dt.timedelta(hours=20) < moments[-1] - moments[0] < dt.timedelta(hours=24)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[0] < dt.timedelta(seconds=7)
    assert max(pauses) <= dt.timedelta(hours=2.5)


def test_one_that_fails_for_days_is_switched_off_and_its_owner_told(
    run: Run, webhook: Webhook, receiver: WebhookReceiver, django_capture_on_commit_callbacks: Any
) -> None:
    run(CreateTask(title="one"))
    now = timezone.now()
    webhook.failing_since = now - queue.DISABLE_AFTER
    webhook.save()
    receiver.answers = [500]
    with django_capture_on_commit_callbacks() as told:
        send_at(now)
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.off_reason, len(told)) == (False, "failing", 1)
    assert not send_at(now + dt.timedelta(days=1))
    run(CreateTask(title="two"))
    assert WebhookDelivery.objects.count() == 1


def test_gone_switches_off(run: Run, webhook: Webhook, receiver: WebhookReceiver) -> None:
    run(CreateTask(title="one"))
    receiver.answers = [410]
    (delivery,) = send_at(timezone.now())
    webhook.refresh_from_db()
    assert (delivery.state, webhook.is_active, webhook.off_reason) == (State.FAILED, False, "gone")


def test_killed_between_sending_and_noting_it_is_sent_once_more(
    run: Run, webhook: Webhook, receiver: WebhookReceiver
) -> None:
    run(CreateTask(title="one"))
    now = timezone.now()
    (lost,) = queue.take(now, 16)
    sending.send_with(Guard.of_settings())(lost)
    assert not send_at(now + queue.LEASE / 2)
    (delivery,) = send_at(now + queue.LEASE)
    assert (delivery.state, delivery.attempts) == (State.DELIVERED, 2)
    queue.settle(lost, Outcome(None, "outward_timeout"), now + queue.LEASE)
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
    assert [got.headers["webhook-id"] for got in receiver.got] == [str(delivery.pk)] * 2


def test_a_slow_receiver_holds_up_nobody_else(
    run: Run, ann: User, webhook: Webhook, receiver: WebhookReceiver, settings: Any
) -> None:
    quick = WebhookReceiver()
    settings.OUTWARD_PORTS = [receiver.port, quick.port]
    Webhook.objects.create(owner=ann, url=address_of(quick), events=["*"])
    run(CreateTask(title="one"), CreateTask(title="two"))
    receiver.may_answer.clear()
    real = sending.send_with(Guard.of_settings())

    def send(parcel: queue.Parcel) -> Outcome:
        outcome = real(parcel)
        if len(quick.got) == 2:
            receiver.may_answer.set()
        return outcome

    sending.send_all(send, ends_at=time.monotonic() + 10)
    quick.stop()
    assert (len(quick.got), len(receiver.got)) == (2, 2)
    assert WebhookDelivery.objects.filter(state=State.DELIVERED).count() == 4


def test_a_full_queue_gives_up_the_oldest(run: Run, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "QUEUE_LIMIT", 2)
    run(*[CreateTask(title=f"task {number}") for number in range(4)])
    states = WebhookDelivery.objects.order_by("created_at").values_list("state", "error_code")
    assert list(states) == [(State.FAILED, "webhook_queue_full")] * 2 + [(State.PENDING, "")] * 2


def test_while_a_secret_changes_both_are_signed_with(ann: User, webhook: Webhook, receiver: WebhookReceiver) -> None:
    old = secret_of(webhook)
    registry.rotate_secret(webhook)
    registry.send_test(ann, webhook.pk)
    send_at(timezone.now())
    (got,) = receiver.got
    assert secret_of(webhook) != old
    assert is_signed(got, old)
    assert is_signed(got, secret_of(webhook))
    assert json.loads(got.body)["event"] == "webhook.test"
    webhook.old_until = timezone.now()
    webhook.save()
    registry.send_test(ann, webhook.pk)
    send_at(timezone.now())
    assert not is_signed(receiver.got[1], old)


def test_through_the_api(ann: User, receiver: WebhookReceiver, settings: Any) -> None:
    api = APIClient()
    api.force_authenticate(ann)
    body = {"url": address_of(receiver), "events": ["task.created"]}
    made = api.post("/api/v1/webhooks/", body)
    assert made.status_code == 201, made.content
    secret, one = made.json()["secret"], made["Location"]
    assert "secret" not in api.get(one).json()
    delivery = api.post(f"{one}test/").json()
    send_at(timezone.now())
    assert is_signed(receiver.got[0], secret)
    (shown,) = api.get(f"{one}deliveries/").json()["results"]
    assert (shown["id"], shown["state"], shown["response_status"]) == (delivery["id"], "delivered", 204)
    assert api.post(f"{one}deliveries/{delivery['id']}/redeliver/").json()["state"] == "pending"
    send_at(timezone.now())
    assert [got.headers["webhook-id"] for got in receiver.got] == [delivery["id"]] * 2
    assert api.patch(one, {"is_active": False}, headers={"If-Match": '"1"'}).status_code == 200
    assert api.post(f"{one}test/").json()["error"]["code"] == "webhook_off"
    assert api.post(f"{one}secret/").json()["secret"] != secret
    assert api.post("/api/v1/webhooks/", {**body, "events": ["task.eaten"]}).status_code == 400
    settings.OUTWARD_ALLOWED_NETWORKS = []
    refused = api.post("/api/v1/webhooks/", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "outward_address_refused")
    settings.WEBHOOKS_FOR_EACH = 1
    settings.OUTWARD_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    assert api.post("/api/v1/webhooks/", body).json()["error"]["code"] == "too_many_webhooks"
    assert api.delete(one).status_code == 204
    assert not WebhookDelivery.objects.exists()


def test_a_reminder_is_told_with_its_task(run: Run, ann: User, webhook: Webhook) -> None:
    webhook.events = ["reminder.delivered"]
    webhook.save()
    run(CreateTask(title="Call mum", due=SAID_AT, remind=(dt.timedelta(0),)))
    telling.tell_person(ann.pk, SAID_AT)
    (delivery,) = WebhookDelivery.objects.all()
    told = json.loads(delivery.body)
    assert (told["event"], told["source"], told["object"]["task"]["title"]) == (
        "reminder.delivered", "system", "Call mum",
    )  # fmt: skip


def test_old_deliveries_are_forgotten(run: Run, webhook: Webhook) -> None:
    run(CreateTask(title="one"))
    (parcel,) = queue.take(timezone.now(), 1)
    queue.settle(parcel, Outcome(Answer(204, "")), timezone.now())
    queue.forget_old(timezone.now() + queue.KEEP)
    assert not WebhookDelivery.objects.exists()
