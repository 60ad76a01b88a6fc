"""ASGI entry: HTTP through Django, WebSockets through Channels."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402  # needs the applications loaded

from voicebot.routing import limit_bodies, websocket_application  # noqa: E402  # needs the applications loaded

application = ProtocolTypeRouter({"http": limit_bodies(django_application), "websocket": websocket_application})
