"""The two things that an administrator does with chosen commands: try again, and judge."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voice_app.models import Recording, VoiceCommand
from voice_app.review.forms import ReviewForm, review_form_for
from voice_app.review.services import record_review, retry_command
from voicebot.errors import AppError
from voicebot.messages import message_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_AT_ONCE = 50


@admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
def retry_chosen(_modeladmin: object, request: HttpRequest, queryset: QuerySet[VoiceCommand]) -> HttpResponse | None:
    """Run each chosen command again; those that cannot be are counted by the reason."""
    refused: Counter[str] = Counter()
    retried = 0
    for command in queryset:
        try:
            retry_command(request.user, command)  # type: ignore[arg-type]  # the admin site lets nobody in unsigned
        except AppError as error:
            refused[message_of(error)] += 1
        else:
            retried += 1
    if retried:
        sentence = ngettext("%d command runs again.", "%d commands run again.", retried) % retried
        messages.success(request, sentence)
    for reason, count in refused.items():
        messages.warning(request, f"{count}: {reason}")
    return _back_to_the_only_one(queryset)


@admin.action(description=gettext_lazy("Mark as reviewed …"), permissions=["review"])
def review_chosen(
    modeladmin: admin.ModelAdmin[VoiceCommand], request: HttpRequest, queryset: QuerySet[VoiceCommand]
) -> HttpResponse | None:
    """Ask for a verdict and the right words for each chosen command, then keep them."""
    commands = list(queryset.select_related("review")[:MOST_AT_ONCE])
    data = request.POST if "apply" in request.POST else None
    forms = [(command, review_form_for(command, data)) for command in commands]
    if data is None or any(form.errors for _command, form in forms):
        return _ask(modeladmin, request, forms)
    for command, form in forms:
        record_review(request.user, command, **form.cleaned_data)  # type: ignore[arg-type]  # nobody is unsigned here
    sentence = ngettext("%d command reviewed.", "%d commands reviewed.", len(forms)) % len(forms)
    messages.success(request, sentence)
    return _back_to_the_only_one(queryset)


def _ask(
    modeladmin: admin.ModelAdmin[VoiceCommand], request: HttpRequest, forms: list[tuple[VoiceCommand, ReviewForm]]
) -> TemplateResponse:
    chosen = [command.pk for command, _form in forms]
    playable = Recording.objects.filter(pk__in=chosen, forgotten_at=None)
    context: dict[str, Any] = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Was it heard and understood?"),
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "forms": forms,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action_name": review_chosen.__name__,
        "playable": set(playable.values_list("pk", flat=True)),
    }
    return TemplateResponse(request, "admin/voice_app/voicecommand/review.html", context)


def _back_to_the_only_one(queryset: QuerySet[VoiceCommand]) -> HttpResponse | None:
    """The command's own page when one was chosen, else the list."""
    ids = list(queryset.values_list("pk", flat=True)[:2])
    return redirect(reverse("admin:voice_app_voicecommand_change", args=ids)) if len(ids) == 1 else None
