"""Runs a command through its stages, from the first that is unfinished, and keeps its timeline.

Each step ends in one transaction that stores what it found, the stage records and the next state. The
last step carries the commands out in that same transaction, so a command is done exactly when its
receipt is stored. A worker that dies leaves the row as the last step left it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone, translation
from structlog.contextvars import bound_contextvars

from voice_app import sessions
from voice_app.errors import CommandGivenUp
from voice_app.events import announce
from voice_app.job_names import Job
from voice_app.models import StageRecord, VoiceCommand
from voice_app.providers.attempts import Attempt
from voice_app.providers.base import Deadline
from voice_app.stages import decode, execute, fetch, reply, resolve, transcribe, understand
from voice_app.timeline import keep_records, record_of
from voice_app.work import StageReport, Work
from voicebot.errors import AppError, new_reference
from voicebot.messages import message_of
from voicebot.transactions import enqueue_on_commit

log = structlog.get_logger(__name__)

State = VoiceCommand.State
Stage = Callable[[Work], StageReport]

FIRST_RETRY_SECONDS = 2.0


@dataclass(frozen=True)
class Step:
    """Stages whose results are stored together."""

    stages: tuple[tuple[str, Stage], ...]
    next_state: State
    is_atomic: bool = False
    """Whether the stages themselves run inside the transaction that stores their results."""


STEPS: dict[str, Step] = {
    State.RECEIVED: Step((("fetch", fetch.run),), State.FETCHED),
    State.FETCHED: Step((("decode", decode.run), ("transcribe", transcribe.run)), State.TRANSCRIBED),
    State.TRANSCRIBED: Step((("understand", understand.run),), State.UNDERSTOOD),
    State.UNDERSTOOD: Step(
        (("resolve", resolve.run), ("execute", execute.run), ("reply", reply.run)), State.DONE, is_atomic=True
    ),
}


def run(command: VoiceCommand) -> None:
    """Bring a command to its end, to a question, or to its next attempt.

    Expected failures end on the row with a code and a sentence.

    Raises:
        django.db.OperationalError: When the database is away; the sweep comes back to the row.
    """
    with bound_contextvars(correlation_id=command.correlation_id, command_id=str(command.pk)):
        if not _begin_attempt(command):
            return
        work = Work(command, Deadline.after(settings.VOICE_COMMAND_DEADLINE_SECONDS))
        while command.state in STEPS and _run_step(work, STEPS[command.state]):
            pass


def _begin_attempt(command: VoiceCommand) -> bool:
    """Count the attempt before anything runs, so that a note that kills its worker does not do so for ever."""
    VoiceCommand.objects.filter(pk=command.pk).update(
        attempts=F("attempts") + 1, started_at=command.started_at or timezone.now()
    )
    command.refresh_from_db(fields=["attempts", "started_at"])
    if command.attempts <= settings.VOICE_MAX_ATTEMPTS:
        return True
    _fail(command, CommandGivenUp(), [], new_reference())
    return False


def _run_step(work: Work, step: Step) -> bool:
    """Whether the step's results are stored, so that the next one can begin."""
    records: list[StageRecord] = []
    try:
        with translation.override(work.actor.language), transaction.atomic() if step.is_atomic else nullcontext():
            _run_stages(work, step, records)
            with transaction.atomic():
                _store(work, step, records)
    except (OperationalError, InterfaceError):
        raise
    except AppError as error:
        _fail_or_postpone(work, error, records, new_reference())
    except Exception:  # whatever a stage raises must end on the row, not in the worker
        reference = new_reference()
        log.exception("stage_raised", ref=reference)
        _fail_or_postpone(work, AppError(), records, reference)
    else:
        return True
    return False


def _run_stages(work: Work, step: Step, records: list[StageRecord]) -> None:
    """All of them, unless one brings the command to a question or an end."""
    state_at_start = work.command.state
    for name, stage in step.stages:
        if work.command.state == state_at_start:
            _run_stage(work, name, stage, records)


def _run_stage(work: Work, name: str, stage: Stage, records: list[StageRecord]) -> None:
    record = StageRecord(
        command=work.command, attempt=work.command.attempts, stage=name, started_at=timezone.now(), seconds=0.0
    )
    records.append(record)
    started = time.perf_counter()
    record.outcome = StageRecord.Outcome.FAILED
    try:
        report = stage(work)
    except AppError as error:
        record.error_code = error.code
        raise
    finally:
        record.seconds = time.perf_counter() - started
        record.cost_usd = sum(attempt.usage.cost_usd for attempt in work.attempts)
        records += [_record_of(attempt, record) for attempt in work.attempts]
        work.attempts.clear()
    record.outcome = StageRecord.Outcome.OK
    record.provider, record.detail = report.provider, report.detail


def _record_of(attempt: Attempt, stage: StageRecord) -> StageRecord:
    """One engine's part in a stage."""
    record = record_of(attempt, stage.stage)
    record.command, record.attempt = stage.command, stage.attempt
    return record


def _store(work: Work, step: Step, records: list[StageRecord]) -> None:
    command = work.command
    if STEPS.get(command.state) is step:
        command.state = step.next_state
    if command.mode == VoiceCommand.Mode.TRANSCRIBE and command.state == State.TRANSCRIBED:
        command.state, command.success, command.reply = State.DONE, True, command.command_text
    _save(command, records)


def _save(command: VoiceCommand, records: list[StageRecord]) -> None:
    if command.is_ended and command.finished_at is None:
        command.finished_at = timezone.now()
        command.processing_time = (command.finished_at - command.received_at).total_seconds()
    command.save()
    keep_records(command.user_id, records)
    if command.is_ended:
        sessions.count_into_session(command)
    announce(command)


def _fail_or_postpone(work: Work, error: AppError, records: list[StageRecord], reference: str) -> None:
    """What the step wrote is rolled back; the row is read again before the failure is noted."""
    work.command.refresh_from_db()
    if error.is_retryable and work.command.attempts < settings.VOICE_MAX_ATTEMPTS:
        _postpone(work.command, error, records)
    else:
        _fail(work.command, error, records, reference)


def _postpone(command: VoiceCommand, error: AppError, records: list[StageRecord]) -> None:
    delay = FIRST_RETRY_SECONDS * 2 ** (command.attempts - 1)
    log.warning("command_postponed", code=error.code, seconds=delay)
    with transaction.atomic():
        command.run_after = timezone.now() + dt.timedelta(seconds=delay)
        command.save(update_fields=["run_after"])
        keep_records(command.user_id, records)
        enqueue_on_commit(Job.PROCESS_COMMAND, str(command.pk), countdown_seconds=delay)


def _fail(command: VoiceCommand, error: AppError, records: list[StageRecord], reference: str) -> None:
    log.warning("command_failed", code=error.code, ref=reference)
    command.state, command.success = State.FAILED, False
    with translation.override(command.answer_language):
        command.error_message = command.reply = message_of(error)
    command.error_code, command.error_ref = error.code, reference
    with transaction.atomic():
        _save(command, records)
