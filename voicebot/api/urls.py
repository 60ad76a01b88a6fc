"""Addresses of what describes the API."""

from __future__ import annotations

from django.urls import path

from voicebot.api import documents

urlpatterns = [
    path("api/schema/", documents.SchemaView.as_view(), name="schema"),
    path("api/asyncapi/", documents.asyncapi, name="asyncapi"),
    path("docs", documents.swagger, name="swagger"),
    path("redoc", documents.redoc, name="redoc"),
]
