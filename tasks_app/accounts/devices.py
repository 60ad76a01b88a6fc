"""The browsers in which a person is signed in, and signing them out from afar."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from tasks_app.models import SignedInDevice
from tasks_app.models.accounts import AGENT_MAX_LENGTH
from voicebot.client_address import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tasks_app.models import User

SEEN_EVERY_SECONDS = 300
"""How exact "last seen" is."""


def note_device(request: HttpRequest) -> None:
    """Keep that the signed-in session of a request is in use; writes at most every few minutes."""
    key = request.session.session_key
    if not key or not cache.add(f"device-seen:{key}", 1, SEEN_EVERY_SECONDS):
        return
    _keep(request, key, int(request.session[SESSION_KEY]))


def _keep(request: HttpRequest, key: str, user_id: int) -> None:
    seen = {
        "user_id": user_id,
        "agent": request.headers.get("User-Agent", "")[:AGENT_MAX_LENGTH].replace("\x00", ""),
        "address": client_address(request) or None,
        "last_seen_at": timezone.now(),
    }
    if SignedInDevice.objects.filter(session_key=key).update(**seen):
        return
    SignedInDevice.objects.bulk_create([SignedInDevice(session_key=key, **seen)], ignore_conflicts=True)


def devices_of(user: User) -> list[SignedInDevice]:
    """Where the person is signed in now, latest first; what has ended is forgotten."""
    devices = SignedInDevice.objects.filter(user=user)
    keys = devices.values_list("session_key", flat=True)
    alive = set(Session.objects.filter(pk__in=list(keys), expire_date__gt=timezone.now()).values_list("pk", flat=True))
    devices.exclude(session_key__in=alive).delete()
    return list(devices)


def sign_out_device(user: User, device_id: int) -> None:
    """End one session of this person; nothing when it has ended, or is another person's."""
    for device in SignedInDevice.objects.filter(user=user, pk=device_id):
        _end(device)


def sign_out_others(user: User, session_key: str | None) -> int:
    """End all sessions of this person but one; how many there were."""
    others = list(SignedInDevice.objects.filter(user=user).exclude(session_key=session_key or ""))
    for device in others:
        _end(device)
    return len(others)


def _end(device: SignedInDevice) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore(device.session_key).delete()
    device.delete()


def _on_sign_in(request: HttpRequest, user: User, **_kwargs: object) -> None:
    if not request.session.session_key:
        request.session.save()
    cache.set(f"device-seen:{request.session.session_key}", 1, SEEN_EVERY_SECONDS)
    _keep(request, str(request.session.session_key), user.pk)


def _on_sign_out(request: HttpRequest, **_kwargs: object) -> None:
    SignedInDevice.objects.filter(session_key=request.session.session_key or "").delete()


def follow_sessions() -> None:
    """Keep a row for each session from its beginning to its end; called once, when the application is ready."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="device-signed-in")
    user_logged_out.connect(_on_sign_out, dispatch_uid="device-signed-out")
