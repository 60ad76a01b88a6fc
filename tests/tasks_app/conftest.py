"""People who act, and short ways to carry commands out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from tasks_app import services
from tasks_app.commands import Command
from tasks_app.context import Actor, Source
from tasks_app.models import User
from tasks_app.results import CommandResult

BERLIN = ZoneInfo("Europe/Berlin")
SAID_AT = dt.datetime(2026, 11, 22, 10, 0, tzinfo=BERLIN)
"""A Sunday."""

Run = Callable[..., tuple[CommandResult, ...]]


def actor_of(user: User, *, tz: ZoneInfo = BERLIN, said_at: dt.datetime = SAID_AT) -> Actor:
    return Actor(user=user, source=Source.API, tz=tz, language="en", said_at=said_at)


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann", timezone="Europe/Berlin")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def actor(ann: User) -> Actor:
    return actor_of(ann)


@pytest.fixture
def run(actor: Actor) -> Run:
    """Carry commands out as Ann, as one new cause."""

    def run(*commands: Command, said_at: dt.datetime | None = None) -> tuple[CommandResult, ...]:
        acting = actor if said_at is None else actor_of(actor.user, said_at=said_at)
        return services.execute(acting, commands, cause_id=uuid.uuid4())

    return run
