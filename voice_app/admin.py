"""The administrators' pages of voice: how well did it listen, and why not?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import path
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from voice_app.models import (
    Playback,
    ProviderPreference,
    ProviderUsage,
    Recording,
    Review,
    VoiceCommand,
    VoiceSession,
)
from voice_app.review.actions import retry_chosen, review_chosen
from voice_app.review.filters import IntentFilter, VerdictFilter
from voice_app.review.playback import play_recording
from voice_app.review.presentation import build_attempts, build_meaning, build_results
from voice_app.review.providers import ProviderPreferenceAdmin, ProviderUsageAdmin
from voicebot.admin import HIDDEN, ReadOnlyAdmin, may_see_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

LIST_TEXT_LENGTH = 80
SHOWN_COMMANDS = 200
SHOWN_PLAYBACKS = 20
HEAVY_FIELDS = ("entities", "question", "answers", "results", "reply", "error_message")
"""Not read for lists."""

admin.site.register(ProviderUsage, ProviderUsageAdmin)
admin.site.register(ProviderPreference, ProviderPreferenceAdmin)


@admin.register(VoiceCommand)
class VoiceCommandAdmin(ReadOnlyAdmin):
    """Every utterance, with its sound, text, meaning and timeline."""

    list_display = (
        "received_at", "user", "source", "state", "said", "intent", "language", "confidence", "processing_time",
        "error_code", "verdict",
    )  # fmt: skip
    list_filter = (
        "state", "source", IntentFilter, "language", "success", "received_at", VerdictFilter, "error_code",
    )  # fmt: skip
    search_fields = ("=id", "error_ref", "correlation_id", "user__username", "user__email")
    private_search_fields = ("command_text",)
    search_help_text = _("Text, error reference, id or person")
    list_select_related = ("user", "review")
    ordering = ("-received_at",)
    fields = ("state",)
    actions = (retry_chosen, review_chosen)

    class Media:
        css = {"all": ("voice_app/review.css",)}

    @admin.display(description=_("said"), ordering="command_text")
    def said(self, command: VoiceCommand) -> str:
        """The beginning of what was said, or of what was shown when nobody said anything."""
        return Truncator(command.command_text or command.reply).chars(LIST_TEXT_LENGTH)

    @admin.display(description=_("review"))
    def verdict(self, command: VoiceCommand) -> str:
        """What a review found."""
        return command.review.get_verdict_display() if hasattr(command, "review") else ""

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may run a command again."""
        return request.user.has_perm("voice_app.change_voicecommand")

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Who may judge: only who may hear and read."""
        return may_see_private(request) and request.user.has_perm("voice_app.add_review")

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[Any], str | bool]]:
        """Without the words for those who may not read them."""
        return [name for name in self.list_display if name != "said" or may_see_private(request)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoiceCommand]:
        """Without what no column shows; the page of one command reads it whole."""
        return super().get_queryset(request).defer(*HEAVY_FIELDS)

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, and the recording's sound."""
        play = self.admin_site.admin_view(play_recording)
        own = path("<uuid:command_id>/recording/", play, name="voice_app_voicecommand_recording")
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One command with all that is known about it."""
        context = dict(extra_context or {})
        if found := self.get_object(request, object_id):
            command = VoiceCommand.objects.select_related("user").get(pk=found.pk)
            context |= self._detail_of(request, command)
        return super().change_view(request, object_id, form_url, context)

    def _detail_of(self, request: HttpRequest, command: VoiceCommand) -> dict[str, Any]:
        recording = Recording.objects.defer("ciphertext").filter(pk=command.pk).first()
        return {
            "command": command,
            "may_see_private": may_see_private(request),
            "may_retry": self.has_retry_permission(request) and command.state == VoiceCommand.State.FAILED,
            "may_review": self.has_review_permission(request),
            "hidden": HIDDEN,
            "recording": recording,
            "playbacks": command.playbacks.select_related("listener")[:SHOWN_PLAYBACKS],
            "attempts": build_attempts(command.stages.all()),
            "meaning": build_meaning(command.entities),
            "results": build_results(command.results),
            "review": Review.objects.select_related("reviewer").filter(command=command).first(),
        }


@admin.register(VoiceSession)
class VoiceSessionAdmin(ReadOnlyAdmin):
    """Stretches of speaking, with their commands."""

    list_display = (
        "start_time", "user", "source", "status", "commands_processed", "total_duration", "language",
        "confidence_avg", "error_count", "end_time",
    )  # fmt: skip
    list_filter = ("status", "source", "language", "start_time")
    search_fields = ("=id", "user__username", "user__email")
    list_select_related = ("user",)
    ordering = ("-start_time",)
    fields = (
        "id", "user", "source", "status", "start_time", "end_time", "commands_processed", "total_duration", "language",
        "confidence_avg", "error_count",
    )  # fmt: skip

    class Media:
        css = {"all": ("voice_app/review.css",)}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One session with its newest commands."""
        session = self.get_object(request, object_id)
        commands = session.commands.defer(*HEAVY_FIELDS)[:SHOWN_COMMANDS] if session else ()
        context = {"commands": commands, "may_see_private": may_see_private(request), "hidden": HIDDEN}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Verdicts, newest first: what it hears wrong."""

    list_display = ("updated_at", "verdict", "heard", "corrected", "reviewer")
    list_filter = ("verdict", "command__language", "updated_at")
    search_fields = ("=command__id",)
    private_search_fields = ("command__command_text", "corrected_transcript", "note")
    list_select_related = ("command", "reviewer")
    ordering = ("-updated_at",)
    fields = ("command", "verdict", "corrected_transcript", "note", "reviewer", "created_at", "updated_at")

    @admin.display(description=_("heard"))
    def heard(self, review: Review) -> str:
        """What was understood as said."""
        return Truncator(review.command.command_text).chars(LIST_TEXT_LENGTH)

    @admin.display(description=_("really said"))
    def corrected(self, review: Review) -> str:
        """What was said."""
        return Truncator(review.corrected_transcript).chars(LIST_TEXT_LENGTH)

    def has_view_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """Only who may read what people said."""
        return may_see_private(request) and super().has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Without the parts of the commands that no column shows."""
        return super().get_queryset(request).defer(*(f"command__{name}" for name in HEAVY_FIELDS))


@admin.register(Playback)
class PlaybackAdmin(ReadOnlyAdmin):
    """The audit of who listened to whose recording."""

    list_display = ("played_at", "listener", "command_id", "owner")
    list_filter = ("played_at",)
    search_fields = ("=command__id", "listener__username", "command__user__username")
    list_select_related = ("listener", "command__user")
    fields = ("played_at", "listener", "command_id", "owner")

    @admin.display(description=_("whose"))
    def owner(self, playback: Playback) -> str:
        """Whose recording it is."""
        return playback.command.user.get_username()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Playback]:
        """Without the words that were said."""
        return super().get_queryset(request).defer(*(f"command__{name}" for name in (*HEAVY_FIELDS, "command_text")))
