"""Reads of voice commands; who may see one is part of getting it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from voice_app.errors import CommandNotFound, CommandNotRetryable, QuestionClosed, SessionNotFound
from voice_app.models import Recording, VoiceCommand, VoiceSession
from voice_app.showing import UNASKED

if TYPE_CHECKING:
    import uuid

    from tasks_app.models import User

STALLED_AFTER = dt.timedelta(seconds=5)
"""A command that could have run for this long and has not ended may have lost its place in the queue."""


def list_commands(user: User) -> QuerySet[VoiceCommand]:
    """The person's own commands, newest first; what they were shown unasked, such as reminders, is none."""
    return VoiceCommand.objects.filter(user=user).exclude(intent__in=UNASKED)


def get_command(user: User, command_id: uuid.UUID) -> VoiceCommand:
    """One of the person's own commands, or of what they were shown unasked.

    Raises:
        CommandNotFound
    """
    command = VoiceCommand.objects.filter(user=user, pk=command_id).first()
    if command is None:
        raise CommandNotFound
    return command


def list_sessions(user: User) -> QuerySet[VoiceSession]:
    """The person's own conversations, newest first."""
    return VoiceSession.objects.filter(user=user)


def get_session(user: User, session_id: uuid.UUID) -> VoiceSession:
    """One of the person's own conversations.

    Raises:
        SessionNotFound
    """
    session = list_sessions(user).filter(pk=session_id).first()
    if session is None:
        raise SessionNotFound
    return session


def find_in_project(command_id: uuid.UUID) -> VoiceCommand | None:
    """A command of anybody whose answer was written for all of one project; the caller asks who may see that."""
    return VoiceCommand.objects.filter(pk=command_id, within_project_id__isnull=False).first()


def get_waiting_command(user: User, command_id: uuid.UUID) -> VoiceCommand:
    """One of the person's own commands that waits for an answer, locked until the transaction ends.

    Raises:
        CommandNotFound
        QuestionClosed: When it does not wait, or waited too long.
    """
    get_command(user, command_id)
    command = VoiceCommand.objects.select_for_update().get(pk=command_id)
    if command.state != VoiceCommand.State.WAITING or is_expired(command.question):
        raise QuestionClosed
    return command


def find_open_question(command: VoiceCommand) -> VoiceCommand | None:
    """The newest command of the same session that waits for an answer."""
    waiting = VoiceCommand.objects.filter(session_id=command.session_id, state=VoiceCommand.State.WAITING)
    waiting = waiting.filter(within_project_id=command.within_project_id)  # what a group is asked is answered there
    newest = waiting.exclude(pk=command.pk).order_by("-received_at").first()
    return newest if newest and not is_expired(newest.question) else None


def is_expired(question: dict[str, Any] | None) -> bool:
    """Whether a question was asked too long ago to be answered."""
    return question is None or dt.datetime.fromisoformat(question["expires_at"]) < timezone.now()


def list_expired_questions() -> list[VoiceCommand]:
    """Commands whose question waited too long."""
    now = timezone.now().isoformat()
    return list(VoiceCommand.objects.filter(state=VoiceCommand.State.WAITING, question__expires_at__lt=now))


def question_expiry() -> str:
    """When a question asked now closes, as an ISO datetime."""
    return (timezone.now() + dt.timedelta(seconds=settings.VOICE_QUESTION_TTL_SECONDS)).isoformat()


def find_next_command(user_id: int) -> VoiceCommand | None:
    """The person's oldest command that can be worked on now."""
    return (
        VoiceCommand.objects.filter(
            user_id=user_id, state__in=VoiceCommand.WORKING_STATES, run_after__lte=timezone.now()
        )
        .select_related("user")
        .order_by("received_at")
        .first()
    )


def list_stalled_commands() -> list[VoiceCommand]:
    """For each person, their oldest command that should have ended by now."""
    return list(
        VoiceCommand.objects.filter(state__in=VoiceCommand.WORKING_STATES, run_after__lt=timezone.now() - STALLED_AFTER)
        .order_by("user_id", "received_at")
        .distinct("user_id")
    )


def first_unfinished_state(command: VoiceCommand) -> VoiceCommand.State:
    """Where a failed command goes on.

    Raises:
        CommandNotRetryable: When it has neither text nor sound to start from.
    """
    if command.entities and command.mode == VoiceCommand.Mode.EXECUTE:
        return VoiceCommand.State.UNDERSTOOD
    if command.command_text:
        return VoiceCommand.State.TRANSCRIBED
    recording = getattr(command, "recording", None)
    if recording and not recording.forgotten_at:
        return VoiceCommand.State.FETCHED
    if hasattr(command, "remote_audio"):
        return VoiceCommand.State.RECEIVED
    raise CommandNotRetryable


def find_recent_results(command: VoiceCommand, limit: int = 10) -> list[dict[str, Any]]:
    """What the latest commands of the session did, listed or offered, newest first: "it", "the second one".

    Each carries the id of its command as ``cause_id``.
    """
    earlier = VoiceCommand.objects.filter(session_id=command.session_id, state=VoiceCommand.State.DONE)
    rows = earlier.exclude(pk=command.pk).order_by("-received_at").values_list("pk", "results", "answers")[:limit]
    return [{**result, "cause_id": str(pk)} for pk, *row in rows for result in (*row[0], *_offered(row[1]))]


def _offered(answers: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The options of answered questions, in the form of lists that were shown."""
    offers = [answer["offered"] for answer in answers.values() if len(answer.get("offered", ())) > 1]
    return [{"tasks": [{"id": option["id"], "title": option["label"]} for option in offer]} for offer in offers]


def find_recording(cause_id: OuterRef) -> QuerySet[Recording]:
    """The recording of the utterance of this id, for a subquery; none when it was typed or was no utterance."""
    return Recording.objects.filter(pk=cause_id)
