"""Plays a recording to an administrator: decrypted for this answer alone, with an audit line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from voice_app import vault
from voice_app.audio import Container, sniff
from voice_app.models import Playback, Recording
from voice_app.review.ranges import RangeNotSatisfiable, parse_range
from voicebot.admin import may_see_private
from voicebot.errors import AppError
from voicebot.messages import message_of

if TYPE_CHECKING:
    from tasks_app.models import User

log = structlog.get_logger(__name__)

ONE_LISTENING = dt.timedelta(minutes=1)
"""A player asks for one recording in several ranges; within this time they are one line of the audit."""

MEDIA_TYPES = {
    Container.OGG: ("audio/ogg", "ogg"),
    Container.MATROSKA: ("audio/webm", "webm"),
    Container.WAV: ("audio/wav", "wav"),
    Container.MP4: ("audio/mp4", "m4a"),
    Container.MP3: ("audio/mpeg", "mp3"),
    Container.AAC: ("audio/aac", "aac"),
    Container.FLAC: ("audio/flac", "flac"),
    Container.AMR: ("audio/amr", "amr"),
}
UNKNOWN_MEDIA_TYPE = ("application/octet-stream", "bin")


@require_safe
def play_recording(request: HttpRequest, command_id: UUID) -> HttpResponse:
    """The recording of a command, whole (200) or in part (206, 416).

    Raises:
        PermissionDenied: When this administrator may not listen.
        Http404: When the command has no recording.
    """
    if not may_see_private(request):
        raise PermissionDenied
    recording = Recording.objects.select_related("command__user").filter(pk=command_id).first()
    if recording is None:
        raise Http404
    try:
        data = vault.decrypt(recording.command.user, recording.pk, bytes(recording.ciphertext))
    except AppError as error:
        return HttpResponse(message_of(error), status=error.http_status, content_type="text/plain; charset=utf-8")
    return _protect(_answer(request, recording, data), recording, data)


def _answer(request: HttpRequest, recording: Recording, data: bytes) -> HttpResponse:
    try:
        wanted = parse_range(request.headers.get("Range"), len(data))
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    if request.method == "GET":
        _note_playback(request.user, recording)  # type: ignore[arg-type]  # the admin site lets nobody in unsigned
    if wanted is None:
        return HttpResponse(data)
    part = HttpResponse(data[wanted.first : wanted.last + 1], status=206)
    part["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{len(data)}"
    return part


def _protect(response: HttpResponse, recording: Recording, data: bytes) -> HttpResponse:
    """Headers that keep it out of caches and keep a browser from taking it for anything but sound."""
    media_type, ending = _media_type_of(data)
    response["Content-Type"] = media_type
    response["Content-Disposition"] = f'inline; filename="{recording.pk}.{ending}"'
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _media_type_of(data: bytes) -> tuple[str, str]:
    """Media type and file ending by content; what the sender claimed is not believed."""
    try:
        return MEDIA_TYPES[sniff(data)]
    except AppError:
        return UNKNOWN_MEDIA_TYPE


def _note_playback(listener: User, recording: Recording) -> None:
    recent = Playback.objects.filter(
        command_id=recording.pk, listener=listener, played_at__gt=timezone.now() - ONE_LISTENING
    )
    if recent.exists():
        return
    Playback.objects.create(command_id=recording.pk, listener=listener)
    log.info("recording_played", command_id=str(recording.pk), listener_id=listener.pk)
