"""Every HTTP address of the project."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from voicebot import health
from voicebot.metrics import metrics

urlpatterns = [
    path("", include("tasks_app.web.urls")),
    path("", include("bots.web.urls")),
    path("api/v1/", include("tasks_app.api.urls")),
    path("api/v1/", include("voice_app.api.urls")),
    path("", include("voicebot.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics),
]

handler400 = "voicebot.error_pages.bad_request"
handler403 = "voicebot.error_pages.permission_denied"
handler404 = "voicebot.error_pages.not_found"
handler500 = "voicebot.error_pages.server_error"
