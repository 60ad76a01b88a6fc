"""Addresses of the pages about connected chats, and of the door for Telegram."""

from __future__ import annotations

from django.urls import path

from bots.telegram.webhook import telegram_webhook
from bots.web import views

urlpatterns = [
    path("telegram/webhook", telegram_webhook, name="telegram-webhook"),
    path("telegram/connect/", views.connect_telegram, name="connect-telegram"),
    path("telegram/connect/<str:code>/", views.accept_chat, name="accept-chat"),
    path("telegram/chats/<int:account_id>/unlink/", views.unlink_chat, name="unlink-chat"),
]
