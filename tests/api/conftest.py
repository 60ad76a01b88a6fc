"""Two people with everything, and programs that act for them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from tasks_app import services
from tasks_app.commands import AddComment, CreateLabel, CreateProject, CreateTask
from tasks_app.context import Actor, Source
from tasks_app.models import (
    Export,
    ImportRow,
    Project,
    ProjectMember,
    PushSubscription,
    Reminder,
    SignedInDevice,
    Task,
    TaskImport,
    User,
    Webhook,
)
from tasks_app.transfer import kept
from voice_app.models import VoiceCommand, VoiceSession
from voicebot.api.schema import schema_document
from voicebot.redis import redis_client

MakeClient = Callable[[User], APIClient]
LATER = dt.datetime(2027, 1, 4, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def fresh_rates() -> None:
    redis_client().flushdb()


def resolve_anything(_host: str, _port: int) -> list[str]:
    """Every name has an address on the internet; nothing is sent to it."""
    return ["93.184.216.34"]


@pytest.fixture(autouse=True)
def names_of_the_internet(settings: Any) -> None:
    settings.OUTWARD_RESOLVER = f"{__name__}.resolve_anything"


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann", first_name="Ann", timezone="Europe/Berlin")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", timezone="Europe/Berlin")


def client_for(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user=user)[1]}")
    return client


@pytest.fixture
def api(ann: User) -> APIClient:
    return client_for(ann)


@pytest.fixture
def document() -> dict[str, Any]:
    return schema_document()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation."""
    return [(method, path, each) for path, methods in document["paths"].items() for method, each in methods.items()]


PARAMETER = re.compile(r"\{(\w+)\}")


def with_ids(path: str, ids: dict[str, str]) -> str:
    """The path with these in place of its parameters, and an id of nothing where none is given."""
    return PARAMETER.sub(lambda match: ids.get(match[1], str(uuid.UUID(int=4))), path)


def body_of(operation: dict[str, Any]) -> Any:
    """The example of an operation's body; None where it takes no JSON."""
    content = operation.get("requestBody", {}).get("content", {})
    media = content.get("application/json")
    return next(iter(media["examples"].values()))["value"] if media else None


def fill(user: User, count: int) -> dict[str, str]:
    """Give a person so many of everything; the ids of the last of each, by the name of the parameter."""
    actor = Actor(user, Source.API, ZoneInfo("Europe/Berlin"), "en", LATER)
    webhooks = [Webhook(owner=user, url="https://receiver.example.org/", events=["*"]) for _ in range(count)]
    for webhook in webhooks[1:]:
        webhook.is_active = False
    Webhook.objects.bulk_create(webhooks)
    session = VoiceSession.objects.create(user=user, source=Source.API)
    browser = PushSubscription.objects.create(user=user, endpoint=f"https://push.example/{user.pk}")
    token, _ = AuthToken.objects.create(user=user)
    device = SignedInDevice.objects.create(user=user, session_key=f"s{user.pk}", last_seen_at=timezone.now())
    ids = {
        "device_id": str(device.pk),
        "session_id": str(session.pk),
        "webhook_id": str(webhooks[0].pk),
        "subscription_id": str(browser.pk),
        "token_id": str(token.grant.pk),
    }
    for number in range(count):
        ids |= _fill_once(actor, session, f"{number}")
    report = [ImportRow(task_import_id=ids["import_id"], row=number, outcome="made") for number in range(count)]
    ImportRow.objects.bulk_create(report)
    return ids | {"delivery_id": str(webhooks[0].deliveries.values_list("pk", flat=True)[0])}


def _fill_once(actor: Actor, session: VoiceSession, name: str) -> dict[str, str]:
    change_set_id = uuid.uuid4()
    project, label = services.execute(
        actor, [CreateProject(name=f"p{name}"), CreateLabel(name=f"l{name}")], cause_id=uuid.uuid4()
    )
    (task,) = services.execute(
        actor,
        [
            CreateTask(
                title=f"t{name}",
                due=LATER,
                project_id=project.project_id,
                labels=(f"l{name}", "all"),
                remind=(dt.timedelta(minutes=5),),
            )
        ],
        cause_id=change_set_id,
    )
    (comment,) = services.execute(actor, [AddComment(task_id=task.task_id, text="so")], cause_id=uuid.uuid4())
    _fill_trash_and_invitations(actor.user, name)
    command = VoiceCommand.objects.create(
        user=actor.user,
        session=session,
        source=Source.API,
        external_id=f"{actor.user.pk}:{uuid.uuid4()}",
        timezone="Europe/Berlin",
        said_at=LATER,
        state=VoiceCommand.State.DONE,
    )
    export = Export.objects.create(user=actor.user, format="json", expires_at=timezone.now() + dt.timedelta(days=1))
    kept.write_export(export.pk, now=timezone.now())
    task_import = TaskImport.objects.create(
        user=actor.user, file_format="calendar", zone="UTC", given_at=LATER, state=TaskImport.State.DONE
    )
    return {
        "project_id": str(project.project_id),
        "task_id": str(task.task_id),
        "label_id": str(label.label_id),
        "comment_id": str(comment.comment_id),
        "reminder_id": str(Reminder.objects.get(task=task.task_id).pk),
        "user_id": str(actor.user.pk),
        "change_set_id": str(change_set_id),
        "command_id": str(command.pk),
        "export_id": str(export.pk),
        "import_id": str(task_import.pk),
    }


def _fill_trash_and_invitations(user: User, name: str) -> None:
    gone = Project.objects.create(owner=user, name=f"gone{name}", deleted_at=LATER)
    Task.objects.create(owner=user, title=f"gone{name}", project=gone, deleted_at=LATER, zone="Europe/Berlin")
    host, _ = User.objects.get_or_create(username="host")
    asked = Project.objects.create(owner=host, name=f"{user.pk} {name}")
    ProjectMember.objects.create(project=asked, user=user)
