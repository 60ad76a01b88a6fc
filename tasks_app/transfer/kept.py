"""Exports that are kept for a day: written piece by piece, read piece by piece, gone after that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tasks_app.errors import ExportNotFound, ExportNotReady
from tasks_app.models import Export, ExportPart, Task, User
from tasks_app.transfer.exports import ExportFormat, export_pieces
from voicebot.throttling import Rate, check_rate

KEEP_FOR = dt.timedelta(days=1)
SMALL_TASKS = 500
"""So many are written while the person waits."""
PART_BYTES = 512 * 1024
MOST_ATTEMPTS = 3
STALLED_AFTER = dt.timedelta(minutes=10)
RATE = Rate("export", 10, 3600)


def start_export(user: User, file_format: ExportFormat, *, now: dt.datetime) -> Export:
    """Make an export; ready at once when it is small, else waiting for a job.

    Raises:
        RateLimited: The person made too many.
    """
    check_rate(RATE, str(user.pk))
    export = Export.objects.create(user=user, format=file_format.value, expires_at=now + KEEP_FOR)
    if Task.objects.filter(owner=user, deleted_at=None)[:SMALL_TASKS].count() < SMALL_TASKS:
        write_export(export.pk, now=now)
        export.refresh_from_db()
    return export


def write_export(export_id: UUID, *, now: dt.datetime) -> None:
    """Write the file of an export that waits; all of it or nothing."""
    with transaction.atomic():
        waiting = Export.objects.select_for_update(skip_locked=True).filter(state=Export.State.WAITING)
        export = waiting.select_related(None).filter(pk=export_id).first()
        if export is None:
            return
        for ordinal, content in enumerate(_in_parts(export_pieces(export.user, ExportFormat(export.format), now=now))):
            ExportPart.objects.create(export=export, ordinal=ordinal, content=content)
            export.size += len(content)
        export.state = Export.State.READY
        export.save(update_fields=["size", "state"])


def list_exports(user: User, *, now: dt.datetime) -> QuerySet[Export]:
    """The person's own that are still kept, newest first."""
    return Export.objects.filter(user=user, expires_at__gt=now)


def get_export(user: User, export_id: UUID, *, now: dt.datetime) -> Export:
    """One of them.

    Raises:
        ExportNotFound: There is none, or not any more.
    """
    export = list_exports(user, now=now).filter(pk=export_id).first()
    if export is None:
        raise ExportNotFound
    return export


def count_parts(export: Export) -> int:
    """How many pieces its file has.

    Raises:
        ExportNotReady: It is not written yet, or could not be.
    """
    if export.state != Export.State.READY:
        raise ExportNotReady
    return export.parts.count()


def read_part(export: Export, ordinal: int) -> bytes:
    """One piece of its file; nothing when it was deleted meanwhile."""
    found = ExportPart.objects.filter(export=export, ordinal=ordinal).values_list("content", flat=True).first()
    return bytes(found or b"")


def take_stalled(now: dt.datetime) -> list[UUID]:
    """Those whose job seems lost, counted as one more attempt; one that was lost too often has failed."""
    stalled = Export.objects.filter(state=Export.State.WAITING, created_at__lt=now - STALLED_AFTER)
    stalled.filter(attempts__gte=MOST_ATTEMPTS).update(state=Export.State.FAILED)
    taken = []
    for export in stalled.filter(attempts__lt=MOST_ATTEMPTS):
        export.attempts += 1
        export.save(update_fields=["attempts"])
        taken.append(export.pk)
    return taken


def forget_expired(now: dt.datetime) -> None:
    """Delete what is kept no longer."""
    Export.objects.filter(expires_at__lte=now).delete()


def file_name_of(export: Export) -> str:
    """What the file is called on the person's disk."""
    return f"tasks-{export.created_at:%Y-%m-%d}.{export.format}"


def _in_parts(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= PART_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
