"""What a person said last through the same door: bounded, theirs alone, and gone with their session.

Nothing is stored for it; it is read from the commands of the running session.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from pydantic import ValidationError

from voice_app.models import VoiceCommand
from voice_app.sessions import find_running_session
from voice_app.types import SpokenCommand, Turn, Understanding

if TYPE_CHECKING:
    from tasks_app.context import Actor

MOST_TURNS = 6
MOST_CHARACTERS = 4_000
"""Of all turns together: their texts and the titles in them."""
MOST_TITLES = 30
"""Of a list that was shown; as many as a list shows."""
LONGEST_TEXT = 500
"""Characters of one utterance; the rest of a longer one is left out."""


def turns_before(command: VoiceCommand) -> tuple[Turn, ...]:
    """What the same person said in the same session before a command, oldest first; what it corrects was not said."""
    own = VoiceCommand.objects.filter(user_id=command.user_id, session_id=command.session_id)
    before = own.filter(received_at__lt=command.received_at)
    return _turns(before.exclude(pk=command.corrects_id) if command.corrects_id else before)


def turns_so_far(actor: Actor) -> tuple[Turn, ...]:
    """What the person said in their running session at this door, oldest first; nothing when none runs."""
    session = find_running_session(actor)
    return _turns(VoiceCommand.objects.filter(user=actor.user, session=session)) if session else ()


def _turns(own: QuerySet[VoiceCommand]) -> tuple[Turn, ...]:
    heard = own.filter(mode=VoiceCommand.Mode.EXECUTE).exclude(state__in=VoiceCommand.WORKING_STATES)
    newest_first = (_turn(command) for command in heard.order_by("-received_at")[:MOST_TURNS])
    return tuple(reversed(list(_within_bounds(newest_first))))


def _within_bounds(turns: Iterable[Turn]) -> Iterator[Turn]:
    left = MOST_CHARACTERS
    for turn in turns:
        left -= len(turn.text) + sum(map(len, (*turn.touched, *turn.shown)))
        if left < 0:
            return
        yield turn


def _turn(command: VoiceCommand) -> Turn:
    touched = [result for result in command.results if result.get("task_id")]
    return Turn(
        text=command.command_text[:LONGEST_TEXT],
        said_at=command.said_at.astimezone(zoneinfo.ZoneInfo(command.timezone)),
        commands=_understood(command.entities),
        touched=tuple(result["title"] for result in touched),
        due=tuple(result.get("due") for result in touched),
        shown=tuple(_titles_shown(command))[:MOST_TITLES],
    )


def _understood(entities: dict[str, Any]) -> tuple[SpokenCommand, ...]:
    """The commands as they were understood; none for what was never understood, or by an older release."""
    try:
        return Understanding.model_validate(entities).commands
    except ValidationError:
        return ()


def _titles_shown(command: VoiceCommand) -> Iterator[str]:
    """Of the lists that it showed, or of the options that it offered, answered or not."""
    for result in command.results:
        yield from (task["title"] for task in result.get("tasks", ()))
    yield from (option["label"] for option in (command.question or {}).get("options", ()))
    for answer in command.answers.values():
        yield from (option["label"] for option in answer.get("offered", ()))
