"""People are told of what others do to them: once, on every channel that is on, and not at night."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from bots.models import ChatAccount, OutboundMessage
from tasks_app import services
from tasks_app.commands import CompleteTask, CreateProject, CreateTask, InviteMember, UndoChanges, UpdateTask
from tasks_app.models import News, Notice, OutboundEmail, Project, User
from tasks_app.reminders import news
from tasks_app.reminders.preferences import PreferenceChanges, change_preference
from tests.tasks_app.conftest import actor_of
from tests.tasks_app.sharing import act, share


@pytest.fixture
def flat(ann: User, bob: User) -> Project:
    """Ann's project, which she shares with Bob; he has been told so."""
    flat = share(ann, bob)
    News.objects.all().delete()
    return flat


def later(seconds: float = 11) -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=seconds)


def beat(now: dt.datetime | None = None) -> int:
    now = now or later()
    with transaction.atomic():
        people = news.take_due_news(now)
    return sum(news.tell_news(user_id, now) for user_id in people)


def give(ann: User, bob: User, flat: Project, title: str = "Buy milk") -> uuid.UUID:
    (made,) = act(ann, CreateTask(title=title, project_id=flat.id, assignee_id=bob.pk))
    assert made.task_id
    return made.task_id


def test_a_task_is_told_on_every_channel_once(ann: User, bob: User, flat: Project, settings: Any) -> None:
    settings.EMAIL_IS_ON = True
    ann.first_name, bob.email = "Ann", "bob@home.example"
    ann.save()
    bob.save()
    change_preference(bob, PreferenceChanges(email=True))
    ChatAccount.objects.create(user=bob, chat_id=7)
    give(ann, bob, flat)

    assert [beat(), beat()] == [1, 0]
    says = "Ann gave you a task: Buy milk"
    assert OutboundMessage.objects.get().text == f"👥 {says}"
    assert OutboundEmail.objects.get().subject == says
    assert Notice.objects.get().user == bob


def test_open_pages_hear_of_it(
    ann: User, bob: User, flat: Project, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    task_id = give(ann, bob, flat)
    with django_capture_on_commit_callbacks() as callbacks:
        beat()
    ((user_id, event),) = [each.args for each in callbacks]  # type: ignore[attr-defined]  # a partial of ours
    assert (user_id, event["event"]) == (bob.pk, "news.told")
    assert (event["news"][0]["task_id"], event["news"][0]["kind"]) == (str(task_id), "task_assigned")


def test_an_invitation_is_told_until_it_is_answered(ann: User, bob: User) -> None:
    share(ann, bob)
    assert (beat(), News.objects.count()) == (0, 0)
    (made,) = act(ann, CreateProject(name="Boat"))
    act(ann, InviteMember(project_id=made.project_id, username="bob"))
    assert beat() == 1
    assert news.line_of(News.objects.get()) == "ann asks you to share the project Boat"


def test_nobody_hears_of_what_they_did_themselves(ann: User, bob: User, flat: Project) -> None:
    act(bob, CreateTask(title="mine", project_id=flat.id, assignee_id=bob.pk))
    assert not News.objects.exists()


def test_what_is_taken_back_at_once_is_not_told(ann: User, bob: User, flat: Project) -> None:
    (made,) = act(ann, CreateTask(title="a", project_id=flat.id))
    cause = uuid.uuid4()
    assign = UpdateTask(task_id=made.task_id, assignee_id=bob.pk)
    services.execute(actor_of(ann), [assign], cause_id=cause)
    act(ann, UndoChanges(change_set_id=cause))
    assert beat(timezone.now()) == 0, "it waits for a moment"
    assert (beat(), Notice.objects.count()) == (0, 0)

    for person in (bob.pk, None, bob.pk):
        act(ann, UpdateTask(task_id=made.task_id, assignee_id=person))
    assert beat() == 1
    for person in (None, bob.pk):
        act(ann, UpdateTask(task_id=made.task_id, assignee_id=person))
    assert beat(later(30)) == 0, "told a moment ago"


def test_what_is_done_already_is_not_told(ann: User, bob: User, flat: Project) -> None:
    act(ann, CompleteTask(task_id=give(ann, bob, flat)))
    assert beat() == 0


def test_several_come_together_and_after_quiet_hours(ann: User, bob: User, flat: Project) -> None:
    now = later()
    begin, end = ((now + dt.timedelta(hours=hours)).time() for hours in (-1, 1))
    change_preference(bob, PreferenceChanges(quiet_from=begin, quiet_until=end))
    give(ann, bob, flat, "a")
    give(ann, bob, flat, "b")
    assert (beat(now), beat(later(60))) == (0, 0)
    change_preference(bob, PreferenceChanges(quiet_from=None, quiet_until=None))
    assert (beat(), Notice.objects.count()) == (2, 1)


def test_a_lost_worker_s_news_is_taken_again(ann: User, bob: User, flat: Project) -> None:
    give(ann, bob, flat)
    now = later()
    assert [news.take_due_news(now), news.take_due_news(now)] == [[bob.pk], []]
    assert news.take_due_news(now + news.LEASE + dt.timedelta(seconds=1)) == [bob.pk]
