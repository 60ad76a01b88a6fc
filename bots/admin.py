"""The administrators' pages of the chat platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from bots.models import ChatAccount, OutboundMessage
from voicebot.admin import ReadOnlyAdmin, may_see_private

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(ChatAccount)
class ChatAccountAdmin(ReadOnlyAdmin):
    """Linked chats."""

    list_display = ("platform", "chat_id", "user", "language", "linked_at")
    list_filter = ("platform", "language", "linked_at")
    search_fields = ("=chat_id", "user__username")
    list_select_related = ("user",)
    ordering = ("-linked_at",)


@admin.register(OutboundMessage)
class OutboundMessageAdmin(ReadOnlyAdmin):
    """Messages on their way to chats; their text needs the right to read what people said."""

    list_display = (
        "created_at", "platform", "chat_id", "state", "revision", "sent_revision", "attempts", "next_attempt_at",
        "may_be_repeated", "error_code",
    )  # fmt: skip
    list_filter = ("state", "platform", "created_at", "error_code")
    search_fields = ("=id", "=chat_id", "dedupe_key")
    private_search_fields = ("text",)
    ordering = ("-created_at",)

    def get_fields(self, request: HttpRequest, obj: OutboundMessage | None = None) -> list[Any]:
        """Without the words for those who may not read them."""
        fields = list(super().get_fields(request, obj))
        return fields if may_see_private(request) else [name for name in fields if name not in {"text", "buttons"}]
