"""What stands in front of Django for HTTP, and every WebSocket address of the project."""

from __future__ import annotations

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.urls import path, re_path

from tasks_app.consumers import TaskFeedConsumer
from voice_app.errors import AudioTooLarge
from voice_app.live.consumer import VoiceConsumer
from voicebot.body_limit import Application, BodyLimit, LimitedBody, RequestTooLarge
from voicebot.models import Scope
from voicebot.sockets import SocketGuard

MAX_PLAIN_BODY_BYTES = 1024 * 1024
"""The most that a request without a file may have."""

websocket_application = SocketGuard(
    URLRouter(
        [
            path("ws/voice/", VoiceConsumer.as_asgi()),
            path("ws/tasks/", TaskFeedConsumer.as_asgi()),
            re_path("", WebsocketDenier.as_asgi()),
        ]
    ),
    scopes={"/ws/voice/": Scope.VOICE, "/ws/tasks/": Scope.READ},
)


def limit_bodies(application: Application) -> LimitedBody:
    """The application behind the limits on what a request may bring."""
    megabytes = settings.VOICE_MAX_AUDIO_BYTES // 2**20
    return LimitedBody(
        application,
        forms=BodyLimit(settings.MAX_BODY_BYTES, lambda: AudioTooLarge(limit_megabytes=megabytes)),
        others=BodyLimit(MAX_PLAIN_BODY_BYTES, lambda: RequestTooLarge(limit_megabytes=MAX_PLAIN_BODY_BYTES // 2**20)),
    )
