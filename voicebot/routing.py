"""Every WebSocket address of the project."""

from __future__ import annotations

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path
from tasks_app.consumers import TaskFeedConsumer
from voice_app.live.consumer import VoiceConsumer

websocket_application = AllowedHostsOriginValidator(
    AuthMiddlewareStack(
        URLRouter([path("ws/voice/", VoiceConsumer.as_asgi()), path("ws/tasks/", TaskFeedConsumer.as_asgi())])
    )
)
