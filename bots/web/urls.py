"""Addresses of the pages about connected chats."""

from __future__ import annotations

from django.urls import path

from bots.web import views

urlpatterns = [
    path("telegram/connect/", views.connect_telegram, name="connect-telegram"),
    path("telegram/chats/<int:account_id>/unlink/", views.unlink_chat, name="unlink-chat"),
]
