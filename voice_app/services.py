"""The four doors' way in: take an utterance, answer a question, cancel, try again.

Everything here stores rows in one transaction and lets the queue know after the commit; the work itself
is :mod:`voice_app.pipeline`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from tasks_app.commands import TITLE_MAX_LENGTH
from voice_app import audio, decoded, selectors, vault
from voice_app.errors import (
    AudioEmpty,
    AudioTooLarge,
    AudioTooLong,
    CommandNotRetryable,
    QuestionClosed,
    TextEmpty,
    TextTooLong,
)
from voice_app.events import announce
from voice_app.job_names import Job
from voice_app.models import Recording, RemoteAudio, VoiceCommand
from voice_app.replies import cancelled_reply, expired_reply
from voice_app.sessions import active_session, count_into_session
from voicebot.api.errors import IdempotencyKeyReused
from voicebot.logging import current_correlation_id
from voicebot.one_line import one_line
from voicebot.throttling import Rate, check_rate
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    import uuid

    from tasks_app.context import Actor
    from voice_app.types import Understanding


@dataclass(frozen=True)
class Submission:
    """A command that is safe in the database."""

    command: VoiceCommand
    is_new: bool
    """False when the same sender sent the same thing before."""


@dataclass(frozen=True)
class RemoteFile:
    """A recording that a chat platform keeps until the fetch stage brings it."""

    platform: str
    reference: str
    size_bytes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Circumstances:
    """What is known of an utterance beside its words."""

    corrects: VoiceCommand | None = None
    """The person's own command that was not what they said; its changes are taken back first."""
    about_task_id: uuid.UUID | None = None
    """The task that the words are to change."""
    within_project_id: uuid.UUID | None = None
    """The only project that the words can touch or show, as in a group whose members read the answer."""
    said_by: str = ""
    """Whose words they are, when not the person's own."""


PLAIN = Circumstances()


def submit_audio(
    actor: Actor,
    data: bytes,
    *,
    external_id: str,
    media_type: str = "application/octet-stream",
    mode: VoiceCommand.Mode = VoiceCommand.Mode.EXECUTE,
) -> Submission:
    """Take a recording whose bytes are here; what cannot be played is refused before anything is stored.

    Args:
        actor: Who speaks, where and when.
        data: The file as it came.
        external_id: What the sender calls it; the same id again is the same command.
        media_type: As the sender names it; only kept, never believed.
        mode: Carry out, or transcribe only.

    Raises:
        voicebot.errors.AppError: One of the audio errors, ``RateLimited`` or ``IdempotencyKeyReused``.
    """
    digest = _digest(data, mode)
    if earlier := _earlier(actor, external_id, digest):
        return Submission(earlier, is_new=False)
    _check_submit_rate(actor)
    clip = audio.decode(data, limits=audio.DecodeLimits.from_settings())
    command = _new_command(actor, external_id, digest, mode=mode, state=VoiceCommand.State.FETCHED)

    def store_recording() -> None:
        Recording.objects.create(
            command=command,
            ciphertext=vault.encrypt(actor.user, command.pk, data),
            size_bytes=len(data),
            media_type=media_type.replace("\x00", "")[:64],
            seconds=clip.seconds,
        )
        decoded.keep_samples(command, clip)

    return _store(actor, command, store_recording)


def submit_remote_audio(
    actor: Actor, file: RemoteFile, *, external_id: str, circumstances: Circumstances = PLAIN
) -> Submission:
    """Take a recording that still lies with a chat platform; refused from its metadata where that suffices.

    Raises:
        AudioTooLarge, AudioTooLong, AudioEmpty, RateLimited: Before a byte is fetched.
    """
    digest = _digest(file.reference.encode())
    if earlier := _earlier(actor, external_id, digest):
        return Submission(earlier, is_new=False)
    _check_submit_rate(actor)
    check_metadata(file.size_bytes, file.seconds)
    command = _new_command(actor, external_id, digest, circumstances=circumstances)

    def store_reference() -> None:
        RemoteAudio.objects.create(command=command, platform=file.platform, reference=file.reference)

    return _store(actor, command, store_reference)


def submit_text(actor: Actor, text: str, *, external_id: str, circumstances: Circumstances = PLAIN) -> Submission:
    """Take a typed utterance.

    Raises:
        TextEmpty, TextTooLong, RateLimited, IdempotencyKeyReused: Before anything is stored.
    """
    text = one_line(text)
    digest = _digest(text.encode())
    if earlier := _earlier(actor, external_id, digest):
        return Submission(earlier, is_new=False)
    _check_submit_rate(actor)
    if not text:
        raise TextEmpty
    if len(text) > settings.VOICE_MAX_TEXT_LENGTH:
        raise TextTooLong(limit_characters=settings.VOICE_MAX_TEXT_LENGTH)
    command = _new_command(
        actor, external_id, digest, state=VoiceCommand.State.TRANSCRIBED, text=text, circumstances=circumstances
    )
    return _store(actor, command, lambda: None)


def submit_understood(
    actor: Actor, understanding: Understanding, *, external_id: str, circumstances: Circumstances = PLAIN
) -> Submission:
    """Take what needs no understanding, such as a choice from a menu; it counts as said, so later words can mean it.

    Raises:
        RateLimited, IdempotencyKeyReused: Before anything is stored.
    """
    digest = _digest(understanding.text.encode())
    if earlier := _earlier(actor, external_id, digest):
        return Submission(earlier, is_new=False)
    _check_submit_rate(actor)
    command = _new_command(
        actor,
        external_id,
        digest,
        state=VoiceCommand.State.UNDERSTOOD,
        text=understanding.text,
        circumstances=circumstances,
    )
    command.intent = understanding.commands[0].intent
    command.confidence = understanding.confidence
    command.language = command.language or understanding.language
    command.entities = understanding.model_dump(mode="json")
    return _store(actor, command, lambda: None)


def check_metadata(size_bytes: int | None, seconds: float | None) -> None:
    """Refuse a recording by what is said about it.

    Raises:
        AudioEmpty, AudioTooLarge, AudioTooLong
    """
    if size_bytes == 0:
        raise AudioEmpty
    if size_bytes and size_bytes > settings.VOICE_MAX_AUDIO_BYTES:
        raise AudioTooLarge(limit_megabytes=settings.VOICE_MAX_AUDIO_BYTES // 2**20)
    if seconds and seconds > settings.VOICE_MAX_AUDIO_SECONDS:
        raise AudioTooLong(limit_seconds=int(settings.VOICE_MAX_AUDIO_SECONDS))


@transaction.atomic
def choose(actor: Actor, command_id: uuid.UUID, option_ids: list[str]) -> VoiceCommand:
    """Answer "which one?" with ids from the question's own options.

    Raises:
        QuestionClosed: When it was answered, cancelled or has expired, or the ids are not its own.
    """
    command = selectors.get_waiting_command(actor.user, command_id)
    question = command.question or {}
    offered = {option["id"] for option in question.get("options", [])}
    if question.get("kind") != "choice" or not option_ids or not offered.issuperset(option_ids):
        raise QuestionClosed
    return _answer(command, question["action"], {"ids": list(option_ids)})


@transaction.atomic
def confirm(actor: Actor, command_id: uuid.UUID) -> VoiceCommand:
    """Say yes to a question that wants a yes.

    Raises:
        QuestionClosed: When it was answered, cancelled or has expired.
    """
    command = selectors.get_waiting_command(actor.user, command_id)
    question = command.question or {}
    if question.get("kind") != "confirmation":
        raise QuestionClosed
    return _answer(command, question["action"], {"confirmed": True})


@transaction.atomic
def give_title(actor: Actor, command_id: uuid.UUID, title: str) -> VoiceCommand:
    """Answer "what shall it be called?".

    Raises:
        QuestionClosed: When it was answered, cancelled or has expired.
    """
    command = selectors.get_waiting_command(actor.user, command_id)
    question = command.question or {}
    if question.get("kind") != "title":
        raise QuestionClosed
    return _answer(command, question["action"], {"text": title[:TITLE_MAX_LENGTH]})


@transaction.atomic
def cancel(actor: Actor, command_id: uuid.UUID) -> VoiceCommand:
    """Say no: nothing of the utterance is carried out.

    Raises:
        QuestionClosed: When it was answered, cancelled or has expired.
    """
    command = selectors.get_waiting_command(actor.user, command_id)
    return _end_question(command, cancelled_reply())


@transaction.atomic
def expire_question(command_id: uuid.UUID) -> None:
    """Close a question that waited too long, and say so; does nothing when it was answered meanwhile."""
    command = VoiceCommand.objects.select_for_update().get(pk=command_id)
    if command.state != VoiceCommand.State.WAITING or not selectors.is_expired(command.question):
        return
    with translation.override(command.answer_language):
        _end_question(command, expired_reply(str((command.question or {}).get("text", ""))))


@transaction.atomic
def retry(command: VoiceCommand) -> None:
    """Run a failed command again from its first unfinished stage; callers have checked who asks.

    Raises:
        CommandNotRetryable: When it did not fail, or its recording is gone.
    """
    command = VoiceCommand.objects.select_for_update().get(pk=command.pk)
    if command.state != VoiceCommand.State.FAILED:
        raise CommandNotRetryable
    command.state = selectors.first_unfinished_state(command)
    command.success, command.finished_at, command.attempts = None, None, 0
    command.error_code = command.error_message = command.error_ref = ""
    command.run_after = timezone.now()
    command.save()
    announce(command)
    enqueue_on_commit(Job.PROCESS_COMMAND, str(command.pk))


def _end_question(command: VoiceCommand, reply: str) -> VoiceCommand:
    """Nothing of the utterance is carried out."""
    command.state = VoiceCommand.State.CANCELLED
    command.question = None
    command.success = True
    command.finished_at = timezone.now()
    command.processing_time = (command.finished_at - command.received_at).total_seconds()
    command.reply = reply
    command.save()
    count_into_session(command)
    announce(command)
    return command


def _answer(command: VoiceCommand, action: int, answer: dict[str, object]) -> VoiceCommand:
    offered = (command.question or {}).get("options", [])
    given = {**command.answers.get(str(action), {}), "offered": offered, **answer}
    command.answers = {**command.answers, str(action): given}
    command.question = None
    command.state = VoiceCommand.State.UNDERSTOOD
    command.run_after = timezone.now()
    command.save()
    announce(command)
    enqueue_on_commit(Job.PROCESS_COMMAND, str(command.pk))
    return command


def _digest(content: bytes, *circumstances: str) -> str:
    """Of all that makes two requests different ones."""
    return hashlib.sha256("\0".join(circumstances).encode() + b"\0" + content).hexdigest()


def _check_submit_rate(actor: Actor) -> None:
    check_rate(Rate("submit", settings.VOICE_SUBMITS_PER_MINUTE, 60), str(actor.user.pk))


def _earlier(actor: Actor, external_id: str, digest: str) -> VoiceCommand | None:
    command = VoiceCommand.objects.filter(source=actor.source, external_id=external_id).first()
    if command is None:
        return None
    if command.user_id != actor.user.pk or command.request_digest != digest:
        raise IdempotencyKeyReused
    return command


def _new_command(
    actor: Actor,
    external_id: str,
    digest: str,
    *,
    mode: VoiceCommand.Mode = VoiceCommand.Mode.EXECUTE,
    state: VoiceCommand.State = VoiceCommand.State.RECEIVED,
    text: str = "",
    circumstances: Circumstances = PLAIN,
) -> VoiceCommand:
    return VoiceCommand(
        corrects=circumstances.corrects,
        about_task_id=circumstances.about_task_id,
        within_project_id=circumstances.within_project_id,
        said_by=circumstances.said_by,
        user=actor.user,
        source=actor.source,
        external_id=external_id,
        request_digest=digest,
        mode=mode,
        state=state,
        command_text=text,
        language=actor.spoken_language,
        timezone=actor.tz.key,
        said_at=actor.said_at,
        correlation_id=current_correlation_id(),
    )


def _store(actor: Actor, command: VoiceCommand, store_parts: Callable[[], None]) -> Submission:
    try:
        with transaction.atomic():
            command.session = active_session(actor)
            command.save(force_insert=True)
            store_parts()
            enqueue_on_commit(Job.PROCESS_COMMAND, str(command.pk))
            announce(command)
    except IntegrityError:
        if earlier := _earlier(actor, command.external_id, command.request_digest):
            return Submission(earlier, is_new=False)
        raise
    return Submission(command, is_new=True)
