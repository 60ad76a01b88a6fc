"""Filters of the administrators' lists whose choices are known without asking the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tasks_app.intents import Intent
from voice_app.models import Review, VoiceCommand

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class IntentFilter(admin.SimpleListFilter):
    """By what was asked for."""

    title = _("intent")
    parameter_name = "intent"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> list[tuple[str, str]]:
        """The vocabulary's intents."""
        return [(intent.value, intent.value) for intent in Intent]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[VoiceCommand]) -> QuerySet[VoiceCommand]:
        """Those with the chosen intent."""
        return queryset.filter(intent=self.value()) if self.value() else queryset


class VerdictFilter(admin.SimpleListFilter):
    """By what a review found; also those that nobody has reviewed."""

    title = _("review")
    parameter_name = "verdict"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> list[tuple[str, Any]]:
        """The verdicts, and none."""
        return [("none", _("not reviewed")), *Review.Verdict.choices]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[VoiceCommand]) -> QuerySet[VoiceCommand]:
        """Those with the chosen verdict."""
        if self.value() == "none":
            return queryset.filter(review=None)
        return queryset.filter(review__verdict=self.value()) if self.value() else queryset
