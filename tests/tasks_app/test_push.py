"""Notifications of browsers: only the browser can read them, each is sent once, and their buttons work."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.utils import timezone

from tasks_app.commands import CreateTask
from tasks_app.models import News, OutboundPush, PushSubscription, Reminder, Task, User
from tasks_app.outbox import LEASE, NotSent, take_stalled
from tasks_app.push import keys, outbox, sending, subscriptions
from tasks_app.push.errors import PushOff, PushSubscriptionInvalid, PushSubscriptionNotFound
from tasks_app.reminders import news, telling
from tasks_app.reminders.preferences import PreferenceChanges, change_preference
from tests.fakes.push_server import PushServer, decode
from tests.tasks_app.conftest import BERLIN, Run
from tests.tasks_app.sharing import act, share
from voicebot.outward.addresses import OutwardAddressRefused

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
State = OutboundPush.State


@pytest.fixture
def server(settings: Any) -> Iterator[PushServer]:
    server = PushServer()
    settings.OUTWARD_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.OUTWARD_PORTS = [443, server.port]
    settings.OUTWARD_ALLOW_HTTP = True
    yield server
    server.stop()


def subscribe(user: User, server: PushServer) -> PushSubscription:
    browser = server.subscription
    return subscriptions.subscribe(user, browser["endpoint"], **browser["keys"])


@pytest.fixture
def browser(ann: User, server: PushServer) -> PushSubscription:
    return subscribe(ann, server)


def tell(run: Run, user: User, *titles: str) -> None:
    run(*[CreateTask(title=title, due=DUE, remind=(dt.timedelta(0),)) for title in titles])
    telling.tell_person(user.pk, DUE + dt.timedelta(hours=1 if len(titles) > 1 else 0))


def deliver() -> OutboundPush:
    """As after all pauses have passed."""
    OutboundPush.objects.update(next_attempt_at=timezone.now())
    sending.deliver(OutboundPush.objects.get().pk)
    return OutboundPush.objects.get()


def test_only_the_browser_reads_it_and_it_is_sent_once(
    run: Run, ann: User, server: PushServer, browser: PushSubscription
) -> None:
    tell(run, ann, "Call\nmum 🎂" + "x" * 400)
    assert (deliver().state, deliver().state) == (State.SENT, State.SENT)
    (shown,) = server.shown
    task = Task.objects.get()
    assert shown["title"].startswith("Call mum 🎂x")
    assert (len(shown["title"]), shown["body"], shown["url"]) == (120, "Mon 23 Nov, 17:00", f"/#task-{task.pk}")
    assert [each["title"] for each in shown["actions"]] == ["Done", "In 10 minutes"]
    headers = server.headers[0]
    assert (headers["Content-Encoding"], headers["TTL"], len(headers["Topic"])) == ("aes128gcm", "86400", 32)
    assert int(headers["Content-Length"]) <= 4096


def test_the_service_can_tell_who_sends(run: Run, ann: User, server: PushServer, browser: PushSubscription) -> None:
    tell(run, ann, "a")
    deliver()
    scheme, token, key = server.headers[0]["Authorization"].split()
    head, claims, signature = token.removeprefix("t=").rstrip(",").split(".")
    assert (scheme, key) == ("vapid", f"k={keys.public_key()}")
    said = json.loads(decode(claims))
    assert said["aud"] == server.origin
    assert 0 < said["exp"] - timezone.now().timestamp() < 24 * 3600
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key.removeprefix("k=")))
    raw = decode(signature)
    r, s = (int.from_bytes(part, "big") for part in (raw[:32], raw[32:]))
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(encode_dss_signature(r, s), f"{head}.{claims}x".encode(), ec.ECDSA(SHA256()))


def test_what_was_missed_is_one_without_buttons(
    run: Run, ann: User, server: PushServer, browser: PushSubscription
) -> None:
    tell(run, ann, *[f"task {number} {'😀' * 80}" for number in range(30)])
    deliver()
    (shown,) = server.shown
    assert (shown["title"], shown["actions"], shown["url"]) == ("30 missed reminders", [], "/")
    assert shown["body"].startswith("task ")


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    run: Run, ann: User, server: PushServer, browser: PushSubscription, status: int
) -> None:
    server.answers = [(status, {})]
    tell(run, ann, "a")
    sending.deliver(OutboundPush.objects.get().pk)
    assert not PushSubscription.objects.exists()
    assert not OutboundPush.objects.exists()


@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [(429, {"Retry-After": "120"}, State.PENDING, 120), (503, {}, State.PENDING, 1), (413, {}, State.FAILED, None)],
)
def test_what_the_service_does_not_take(
    run: Run,
    ann: User,
    server: PushServer,
    browser: PushSubscription,
    status: int,
    headers: dict[str, str],
    state: str,
    wait: int | None,
) -> None:
    server.answers = [(status, headers)]
    tell(run, ann, "a")
    now = timezone.now()
    push = deliver()
    assert (push.state, push.may_be_repeated, push.error_code) == (state, False, "push_refused")
    if wait is not None:
        assert push.next_attempt_at >= now + dt.timedelta(seconds=wait)
        assert deliver().state == State.SENT
        assert len(server.shown) == 1


def test_one_of_which_nobody_knows_takes_its_own_place(
    run: Run, ann: User, server: PushServer, browser: PushSubscription
) -> None:
    server.answers = [None, None]
    tell(run, ann, "a")
    for _ in range(3):
        push = deliver()
    assert (push.state, push.may_be_repeated) == (State.UNCERTAIN, True)
    assert len(server.shown) == 2
    assert len({shown["tag"] for shown in server.shown}) == len({sent["Topic"] for sent in server.headers}) == 1


def test_a_service_that_is_not_there_is_tried_again(
    run: Run, ann: User, server: PushServer, browser: PushSubscription
) -> None:
    server.stop()
    tell(run, ann, "a")
    push = deliver()
    assert (push.state, push.attempts, push.may_be_repeated) == (State.PENDING, 1, False)


def names_nothing(_host: str, _port: int) -> list[str]:
    raise OSError("no such name now")


def test_a_name_that_leads_nowhere_now_is_tried_again(
    run: Run, ann: User, server: PushServer, browser: PushSubscription, settings: Any
) -> None:
    settings.OUTWARD_RESOLVER = f"{__name__}.names_nothing"
    PushSubscription.objects.update(endpoint="https://push.example/send")
    tell(run, ann, "a")
    assert (deliver().state, server.headers) == (State.PENDING, [])


def test_it_outlives_an_outage_of_a_day(run: Run, ann: User, browser: PushSubscription) -> None:
    tell(run, ann, "a")
    push = OutboundPush.objects.get()
    began = now = timezone.now()
    while outbox.take(push.pk, now):
        outbox.settle(push.pk, NotSent("push_unreachable"), now)
        push.refresh_from_db()
        now = max(now, push.next_attempt_at)
    assert push.state == State.FAILED
    assert dt.timedelta(hours=23) < now - began < dt.timedelta(hours=25)


def test_a_lost_worker_s_is_sent_once_more_and_marked(
    run: Run, ann: User, server: PushServer, browser: PushSubscription
) -> None:
    tell(run, ann, "a")
    now = timezone.now()
    push_id = OutboundPush.objects.get().pk
    assert take_stalled(OutboundPush.objects.all(), now) == []
    assert outbox.take(push_id, now)
    assert outbox.take(push_id, now) is None
    later = now + LEASE + dt.timedelta(seconds=1)
    assert take_stalled(OutboundPush.objects.all(), later) == [push_id]
    assert outbox.take(push_id, later)
    assert OutboundPush.objects.get().may_be_repeated
    assert outbox.take(push_id, later + LEASE + dt.timedelta(seconds=1)) is None
    assert OutboundPush.objects.get().state == State.UNCERTAIN


def test_who_switched_it_off_hears_nothing(run: Run, ann: User, server: PushServer, browser: PushSubscription) -> None:
    tell(run, ann, "a")
    change_preference(ann, PreferenceChanges(push=False))
    assert (deliver().state, server.shown) == (State.FAILED, [])
    tell(run, ann, "b")
    assert OutboundPush.objects.count() == 1


def test_news_come_this_way_too(ann: User, bob: User, server: PushServer) -> None:
    project = share(ann, bob)
    News.objects.all().delete()
    subscribe(bob, server)
    (made,) = act(ann, CreateTask(title="Buy milk", project_id=project.id, assignee_id=bob.pk))
    news.tell_news(bob.pk, timezone.now() + news.GRACE)
    deliver()
    assert (server.shown[0]["title"], server.shown[0]["url"]) == (
        "ann gave you a task: Buy milk",
        f"/#task-{made.task_id}",
    )


@pytest.mark.usefixtures("unhashed_static_files")
def test_buttons_do_their_thing_once_for_their_person(
    run: Run, ann: User, bob: User, server: PushServer, browser: PushSubscription
) -> None:
    tell(run, ann, "a")
    deliver()
    done, snooze = (each["url"] for each in server.shown[0]["actions"])
    client = Client(enforce_csrf_checks=True)
    assert client.post(done).status_code == 401
    client.force_login(bob)
    assert client.post(done).status_code == 404
    client.force_login(ann)
    assert client.get(done).status_code == 405
    assert client.post(f"{done[:-4]}xxx/").status_code == 404
    assert [client.post(snooze).status_code for _ in range(2)] == [204, 204]
    assert Reminder.objects.filter(state="waiting").count() == 1
    assert [client.post(done).status_code for _ in range(2)] == [204, 204]
    assert Task.objects.get().completed_at


def test_a_browser_belongs_to_whoever_used_it_last(
    run: Run, ann: User, bob: User, server: PushServer, browser: PushSubscription
) -> None:
    assert subscribe(ann, server).pk == browser.pk
    tell(run, ann, "secret")
    theirs = subscribe(bob, server)
    assert list(PushSubscription.objects.values_list("user", flat=True)) == [bob.pk]
    assert not OutboundPush.objects.exists()
    with pytest.raises(PushSubscriptionNotFound):
        subscriptions.unsubscribe(ann, theirs.pk)
    with pytest.raises(PushSubscriptionNotFound):
        subscriptions.unsubscribe(bob, uuid.uuid4())
    subscriptions.unsubscribe(bob, theirs.pk)
    assert not PushSubscription.objects.exists()


def test_no_more_browsers_than_a_person_has(ann: User, server: PushServer) -> None:
    for number in range(subscriptions.MOST_BROWSERS + 2):
        subscriptions.subscribe(ann, f"https://push.example/{number}", **server.subscription["keys"])
    assert PushSubscription.objects.count() == subscriptions.MOST_BROWSERS
    assert not PushSubscription.objects.filter(endpoint="https://push.example/0").exists()


def test_what_is_no_browser(ann: User, server: PushServer, settings: Any) -> None:
    good = server.subscription["keys"]
    for wrong in ({"p256dh": "AAAA"}, {"p256dh": "é"}, {"auth": "AAAA"}, {"auth": "A"}):
        with pytest.raises(PushSubscriptionInvalid):
            subscriptions.subscribe(ann, "https://push.example/1", **{**good, **wrong})
    with pytest.raises(OutwardAddressRefused):
        subscriptions.subscribe(ann, "https://10.0.0.1/1", **good)
    settings.VAPID_PRIVATE_KEY = ""
    with pytest.raises(PushOff):
        subscriptions.subscribe(ann, "https://push.example/1", **good)


def test_a_service_that_lies_inside_is_not_called(
    run: Run, ann: User, server: PushServer, browser: PushSubscription, settings: Any
) -> None:
    settings.OUTWARD_ALLOWED_NETWORKS = []
    PushSubscription.objects.update(endpoint="https://localhost/send")
    tell(run, ann, "a")
    push = deliver()
    assert (push.state, push.error_code, server.headers) == (State.FAILED, "outward_address_refused", [])
