"""The voice queue's jobs and the sweeps that keep it honest."""

from __future__ import annotations

import gc

import structlog
from celery.signals import worker_process_init
from django.conf import settings

from voice_app import retention, selectors, sessions
from voice_app.job_names import Job
from voice_app.locks import hold_person
from voice_app.models import VoiceCommand
from voicebot.celery import app
from voicebot.queues import has_room
from voicebot.transactions import enqueue_on_commit

log = structlog.get_logger(__name__)


@app.task
def process_command(command_id: str) -> None:
    """Work on the oldest unfinished command of the person who said this one.

    Notes of one person are done one at a time and in order; the lock's holder hands the next one on.
    A second delivery of the same job finds nothing to do.
    """
    from voice_app import pipeline

    user_id = VoiceCommand.objects.values_list("user_id", flat=True).filter(pk=command_id).first()
    if user_id is None:
        return
    with hold_person(user_id) as held:
        if not held:
            return
        if command := selectors.find_next_command(user_id):
            pipeline.run(command)
    if following := selectors.find_next_command(user_id):
        enqueue_on_commit(Job.PROCESS_COMMAND, str(following.pk))


@app.task
def resume_stalled_commands() -> None:
    """Enqueue what should have ended: its job was lost with a worker or with the queue server."""
    stalled = selectors.list_stalled_commands()
    if stalled and has_room("voice", len(stalled)):
        for command in stalled:
            enqueue_on_commit(Job.PROCESS_COMMAND, str(command.pk))


@app.task
def expire_questions() -> None:
    """Close what nobody answered, and say so where it was asked."""
    from voice_app import services

    for command in selectors.list_expired_questions():
        services.expire_question(command.pk)


@app.task
def end_idle_sessions() -> None:
    """End sessions that fell silent."""
    sessions.end_idle_sessions()


@app.task
def forget_expired() -> None:
    """Delete the sound of recordings that were kept long enough."""
    retention.forget_recordings(older_than_days=settings.VOICE_KEEP_RECORDINGS_DAYS)


@worker_process_init.connect
def load_models(**_kwargs: object) -> None:
    """Load the speech models once for each process of a worker that hears, before its first note."""
    if not settings.VOICE_WARM_UP:
        return
    from voice_app.providers.registry import warm_up

    warm_up()
    gc.collect()
    gc.freeze()  # the models stay: collecting garbage need not look at them again
    log.info("speech_models_loaded")
