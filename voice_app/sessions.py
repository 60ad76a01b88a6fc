"""Voice sessions: which one an utterance belongs to, what it adds up to, and when it ends."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils import timezone

from voice_app.models import VoiceCommand, VoiceSession

if TYPE_CHECKING:
    from tasks_app.context import Actor


def active_session(actor: Actor) -> VoiceSession:
    """The person's running session at this door, or a new one when the last fell silent long ago."""
    now = timezone.now()
    running = _running(actor)
    session = running.first()
    if session and session.last_active_at < now - _idle_limit():
        _end(session)
        session = None
    if session is None:
        return _start(actor)
    running.update(last_active_at=now)
    return session


def find_running_session(actor: Actor) -> VoiceSession | None:
    """The person's session at this door, unless they fell silent long ago."""
    return _running(actor).filter(last_active_at__gte=timezone.now() - _idle_limit()).first()


def end_idle_sessions() -> int:
    """End every session that fell silent; how many there were."""
    idle = VoiceSession.objects.filter(
        status=VoiceSession.Status.ACTIVE, last_active_at__lt=timezone.now() - _idle_limit()
    )
    for session in idle:
        _end(session)
    return len(idle)


def count_into_session(command: VoiceCommand) -> None:
    """Bring the session's figures up to date with a command that has ended."""
    figures = VoiceCommand.objects.filter(session_id=command.session_id).aggregate(
        ended=Count("id", filter=Q(state__in=VoiceCommand.END_STATES)),
        failed=Count("id", filter=Q(state=VoiceCommand.State.FAILED)),
        confidence=Avg("confidence"),
        seconds=Sum("recording__seconds", default=0.0),
    )
    VoiceSession.objects.filter(pk=command.session_id).update(
        commands_processed=figures["ended"],
        error_count=figures["failed"],
        confidence_avg=figures["confidence"],
        total_duration=figures["seconds"],
        language=command.language,
    )


def _running(actor: Actor) -> QuerySet[VoiceSession]:
    return VoiceSession.objects.filter(user=actor.user, source=actor.source, status=VoiceSession.Status.ACTIVE)


def _start(actor: Actor) -> VoiceSession:
    try:
        with transaction.atomic():
            return VoiceSession.objects.create(user=actor.user, source=actor.source, language=actor.language)
    except IntegrityError:
        return VoiceSession.objects.get(user=actor.user, source=actor.source, status=VoiceSession.Status.ACTIVE)


def _end(session: VoiceSession) -> None:
    """Its end is its last utterance; a session in which nothing worked is one that failed."""
    all_failed = session.commands_processed and session.error_count == session.commands_processed
    session.status = VoiceSession.Status.ERROR if all_failed else VoiceSession.Status.ENDED
    session.end_time = session.last_active_at
    session.save(update_fields=["status", "end_time"])


def _idle_limit() -> dt.timedelta:
    return dt.timedelta(seconds=settings.VOICE_SESSION_IDLE_SECONDS)
