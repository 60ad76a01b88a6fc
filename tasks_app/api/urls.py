"""Addresses of the task API: each noun's module has its own ``urlpatterns``; a new noun is one more name here."""

from __future__ import annotations

from django.urls import include, path

NOUNS = (
    "tokens",
    "devices",
    "me",
    "notifications",
    "push",
    "tasks",
    "comments",
    "projects",
    "members",
    "labels",
    "actions",
    "search",
    "changes",
    "webhooks",
    "agenda",
    "reminders",
    "trash",
    "invitations",
    "stats",
    "exports",
    "imports",
)

urlpatterns = [path("", include(f"tasks_app.api.{noun}")) for noun in NOUNS]
