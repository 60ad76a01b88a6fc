"""Reminders by mail: what they say, that each is sent once, and how they are switched off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from tasks_app.commands import CreateTask
from tasks_app.mail import outbox, sending, unsubscribe
from tasks_app.models import NotificationPreference, OutboundEmail, User
from tasks_app.outbox import LEASE, NotSent, take_stalled
from tasks_app.parts import check_mail
from tasks_app.reminders import telling
from tasks_app.reminders.errors import EmailUnavailable, QuietHoursIncomplete
from tasks_app.reminders.preferences import PreferenceChanges, change_preference
from tests.fakes.smtp_server import SmtpServer
from tests.tasks_app.conftest import BERLIN, Run
from voicebot.diagnostics import Level
from voicebot.mail_url import MailServer, read_mail_server

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
State = OutboundEmail.State


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    server = SmtpServer()
    settings.EMAIL_IS_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.DEFAULT_FROM_EMAIL = "Tasks <tasks@todo.example>"
    settings.PUBLIC_URL = "https://todo.example"
    yield server
    server.stop()


@pytest.fixture
def ann_by_mail(ann: User, server: SmtpServer) -> User:
    ann.email = "ann@home.example"
    ann.save()
    change_preference(ann, PreferenceChanges(email=True))
    return ann


def _tell(run: Run, user: User, *titles: str) -> None:
    run(*[CreateTask(title=title, due=DUE, remind=(dt.timedelta(0),)) for title in titles])
    telling.tell_person(user.pk, DUE + dt.timedelta(hours=1 if len(titles) > 1 else 0))


def _email() -> OutboundEmail:
    return OutboundEmail.objects.get()


def test_one_reminder(run: Run, ann_by_mail: User, server: SmtpServer) -> None:
    _tell(run, ann_by_mail, "Call <b>mum</b>\nsoon")
    sending.deliver(_email().pk)
    sending.deliver(_email().pk)
    (mail,) = server.messages
    assert (mail["To"], mail["From"]) == ("ann@home.example", "Tasks <tasks@todo.example>")
    assert mail["Subject"] == "Reminder: Call <b>mum</b> soon"
    text, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert "- Call <b>mum</b>\nsoon (due Mon 23 Nov 2026, 17:00)" in text
    assert "Call &lt;b&gt;mum&lt;/b&gt;<br>soon" in html
    link = unsubscribe.unsubscribe_url(ann_by_mail)
    assert link.startswith("https://todo.example/mail/off/")
    assert link in text
    assert link in html
    assert mail["List-Unsubscribe"].strip() == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{_email().pk}@todo.example>"
    assert _email().state == State.SENT


def test_what_was_missed_is_one_mail(run: Run, ann_by_mail: User, server: SmtpServer) -> None:
    _tell(run, ann_by_mail, *[f"task {n}" for n in range(30)])
    sending.deliver(_email().pk)
    (mail,) = server.messages
    assert mail["Subject"] == "30 missed reminders"
    text = next(mail.iter_parts()).get_content()
    assert text.count("- task") == 25
    assert "and 5 more" in text


def test_nobody_gets_mail_without_asking_for_it(run: Run, ann: User, server: SmtpServer) -> None:
    ann.email = "ann@home.example"
    ann.save()
    _tell(run, ann, "a")
    assert not OutboundEmail.objects.exists()


@pytest.mark.parametrize(
    ("answers", "state", "code"),
    [
        ({"RCPT": b"550 nobody here"}, State.FAILED, "email_refused"),
        ({"RCPT": b"450 later"}, State.PENDING, "email_refused"),
        ({"MAIL": b"421 busy"}, State.PENDING, "email_refused"),
        ({"EHLO": b"", "HELO": b""}, State.PENDING, "email_unreachable"),
        ({"END": b"554 spam"}, State.FAILED, "email_refused"),
    ],
)
def test_what_the_server_does_not_take(
    run: Run, ann_by_mail: User, server: SmtpServer, answers: dict[str, bytes], state: str, code: str
) -> None:
    server.answer_to = answers
    _tell(run, ann_by_mail, "a")
    sending.deliver(_email().pk)
    email = _email()
    assert (email.state, email.error_code, email.may_be_repeated) == (state, code, False)


def test_one_of_which_nobody_knows_is_sent_once_more_and_marked(
    run: Run, ann_by_mail: User, server: SmtpServer
) -> None:
    server.answer_to = {"END": b""}
    _tell(run, ann_by_mail, "a")
    for _ in range(3):
        OutboundEmail.objects.update(next_attempt_at=timezone.now())
        sending.deliver(_email().pk)
    assert [mail["Message-ID"] for mail in server.messages] == [f"<{_email().pk}@todo.example>"] * 2
    assert (_email().state, _email().may_be_repeated) == (State.UNCERTAIN, True)


@pytest.mark.parametrize(("is_for_sign_in", "hours"), [(False, 23), (True, 1)])
def test_a_mail_outlives_an_outage_of_a_day_and_a_sign_in_link_only_its_own_hour(
    run: Run, ann_by_mail: User, is_for_sign_in: bool, hours: int
) -> None:
    _tell(run, ann_by_mail, "a")
    OutboundEmail.objects.update(is_for_sign_in=is_for_sign_in)
    began = now = timezone.now()
    while outbox.take(_email().pk, now):
        outbox.settle(_email().pk, NotSent("email_unreachable"), now)
        now = max(now, _email().next_attempt_at)
    assert _email().state == State.FAILED
    assert dt.timedelta(hours=hours) < now - began < dt.timedelta(hours=hours + 2)


def test_one_that_lost_its_job_is_enqueued_once(run: Run, ann_by_mail: User) -> None:
    _tell(run, ann_by_mail, "a")
    later = timezone.now() + LEASE
    assert take_stalled(OutboundEmail.objects.all(), timezone.now()) == []
    assert take_stalled(OutboundEmail.objects.all(), later) == [_email().pk]
    assert take_stalled(OutboundEmail.objects.all(), later) == []
    assert outbox.take(_email().pk, later)


def test_a_lost_worker_s_mail_is_sent_once_more_and_marked(run: Run, ann_by_mail: User, server: SmtpServer) -> None:
    _tell(run, ann_by_mail, "a")
    now = timezone.now()
    assert outbox.take(_email().pk, now)
    assert take_stalled(OutboundEmail.objects.all(), now) == []
    assert outbox.take(_email().pk, now) is None
    later = now + LEASE + dt.timedelta(seconds=1)
    assert take_stalled(OutboundEmail.objects.all(), later) == [_email().pk]
    assert outbox.take(_email().pk, later)
    assert _email().may_be_repeated
    assert outbox.take(_email().pk, later + LEASE + dt.timedelta(seconds=1)) is None
    assert _email().state == State.UNCERTAIN


def test_the_link_asks_first_and_a_mail_program_does_not(run: Run, ann_by_mail: User, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    _tell(run, ann_by_mail, "a")
    path = unsubscribe.unsubscribe_url(ann_by_mail).removeprefix("https://todo.example")
    stranger = Client(enforce_csrf_checks=True)
    assert b"Send me no more mail" in stranger.get(path).content
    assert NotificationPreference.objects.get().email
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not NotificationPreference.objects.get().email
    sending.deliver(_email().pk)
    assert (_email().state, _email().error_code) == (State.FAILED, "email_off")
    assert stranger.post(path[:-3] + "x/").status_code == 404


def test_wishes_that_cannot_be_met(ann: User, server: SmtpServer, settings: Any) -> None:
    with pytest.raises(EmailUnavailable):
        change_preference(ann, PreferenceChanges(email=True))
    ann.email = "ann@home.example"
    settings.EMAIL_IS_ON = False
    with pytest.raises(EmailUnavailable):
        change_preference(ann, PreferenceChanges(email=True))
    with pytest.raises(QuietHoursIncomplete):
        change_preference(ann, PreferenceChanges(quiet_from=dt.time(22)))
    assert not NotificationPreference.objects.exists()


def test_doctor_looks_at_the_server(db: None, server: SmtpServer, settings: Any) -> None:
    assert check_mail().level == Level.OK
    server.stop()
    assert check_mail().level == Level.WARN
    settings.EMAIL_IS_ON = False
    assert check_mail().summary.startswith("off")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail.example", MailServer("mail.example", 25, "", "", "none")),
        ("smtps://a%40b:p%3Aw@mail.example", MailServer("mail.example", 465, "a@b", "p:w", "tls")),
        ("smtp+starttls://a:b@mail.example:25", MailServer("mail.example", 25, "a", "b", "starttls")),
    ],
)
def test_the_address_of_a_mail_server(url: str, server: MailServer | None) -> None:
    assert read_mail_server(url) == server


@pytest.mark.parametrize("url", ["mail.example", "http://a:secret@b", "smtp://a:secret@b:99999", "smtp://"])
def test_what_is_none(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_mail_server(url)
    assert "secret" not in str(caught.value)
