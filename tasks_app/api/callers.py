"""Who calls the API, through which door, and how what they ask for is carried out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from tasks_app import selectors, services
from tasks_app.commands import Command
from tasks_app.context import Actor, Source
from tasks_app.models import Change, Task, User
from tasks_app.results import CommandResult
from voicebot.api.versions import check_version


@dataclass(frozen=True)
class Outcome:
    """What came of a request that changes something."""

    change_set: uuid.UUID
    """What an undo names."""
    results: tuple[CommandResult, ...]
    made: dict[uuid.UUID, Task] = field(default_factory=dict)
    """Tasks that are new, as they are now."""


def caller_of(request: Request) -> User:
    """The signed-in person.

    Raises:
        NotAuthenticated: There is none.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def locked_caller_of(request: Request) -> User:
    """The same as they are kept now, and by nobody else changed until the transaction ends.

    Raises:
        NotAuthenticated: There is none.
    """
    return User.objects.select_for_update(of=("self",)).get(pk=caller_of(request).pk)


def source_of(request: Request) -> Source:
    """A token stands for another program, a session for the web page."""
    return Source.API if request.auth else Source.WEB


def actor_of(request: Request) -> Actor:
    """The caller, acting now in their own zone."""
    user = caller_of(request)
    zone = selectors.zone_of(user)
    return Actor(user, source_of(request), zone, selectors.get_user_language(user), timezone.now().astimezone(zone))


def carry_out(request: Request, *commands: Command) -> Outcome:
    """Carry commands out as one set.

    Raises:
        AppError: Whatever :func:`tasks_app.services.execute` refuses for.
    """
    cause_id, made = uuid.uuid4(), dict[uuid.UUID, Task]()
    results = services.execute(actor_of(request), commands, cause_id=cause_id, made=made, is_new=True)
    return Outcome(cause_id, results, made)


def carry_out_on(request: Request, row_id: uuid.UUID, version: int, command: Command) -> Outcome:
    """Carry out what changes one row, if it still is as the caller saw it.

    The version is looked at twice: before, and in the record of what was changed, since somebody else may have been
    quicker in between.

    Args:
        request: With or without ``If-Match``.
        row_id: The row that the version is of.
        version: As it was read for this request.
        command: What to do.

    Raises:
        VersionChanged: ``If-Match`` names another version; nothing is changed.
        AppError: Whatever :func:`tasks_app.services.execute` refuses for.
    """
    check_version(request, version)
    with transaction.atomic():
        outcome = carry_out(request, command)
        first = Change.objects.filter(change_set_id=outcome.change_set, row_id=row_id).order_by("ordinal").first()
        if first is not None:
            check_version(request, first.version_after - 1)
        return outcome
