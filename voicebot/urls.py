"""Every HTTP address of the project."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from voicebot import health

urlpatterns = [
    path("", include("tasks_app.web.urls")),
    path("api/v1/", include("voice_app.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
