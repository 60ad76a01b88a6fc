"""Addresses of the voice API."""

from __future__ import annotations

from django.urls import path

from voice_app.api import views

urlpatterns = [
    path("voice/commands/", views.CommandListView.as_view(), name="voice-commands"),
    path("voice/commands/<uuid:command_id>/", views.CommandView.as_view(), name="voice-command"),
    path("voice/commands/<uuid:command_id>/answer/", views.AnswerView.as_view(), name="voice-command-answer"),
    path("voice/commands/<uuid:command_id>/undo/", views.UndoView.as_view(), name="voice-command-undo"),
    path("voice/sessions/", views.SessionListView.as_view(), name="voice-sessions"),
    path("voice/sessions/<uuid:session_id>/", views.SessionView.as_view(), name="voice-session"),
    path("parse/", views.ParseView.as_view(), name="parse"),
]
