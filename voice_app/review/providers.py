"""The administrators' pages of providers: how each does, what it costs, and to whom a person's words may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from voice_app.asking.spending import Whose, list_budgets, spent_usd
from voice_app.asking.terms import Terms
from voice_app.models import ProviderPreference, ProviderUsage
from voice_app.operation.provider_status import look_at_providers, why_off
from voice_app.providers import registry
from voice_app.providers.breaker import Breaker
from voice_app.providers.registry import LOCAL, Kind
from voicebot.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    PreferenceModelForm: TypeAlias = forms.ModelForm[ProviderPreference]
    PreferenceModelAdmin: TypeAlias = admin.ModelAdmin[ProviderPreference]
else:
    PreferenceModelForm = forms.ModelForm
    PreferenceModelAdmin = admin.ModelAdmin

MAY_CLOSE = "voice_app.change_providerusage"
CHAINS = {"speech_chain": Kind.SPEECH, "language_chain": Kind.LANGUAGE}


@require_POST
def close_breaker(request: HttpRequest) -> HttpResponse:
    """Ask a provider again at once.

    Raises:
        PermissionDenied: When this administrator may not.
    """
    if not request.user.has_perm(MAY_CLOSE):
        raise PermissionDenied
    name = request.POST.get("provider", "")
    if name not in {provider.full_name for provider in look_at_providers().providers if provider.name != LOCAL}:
        messages.error(request, _("There is no such provider."))
        return redirect("admin:voice_app_providerusage_changelist")
    Breaker(name).close()
    LogEntry.objects.create(
        user=request.user,  # type: ignore[misc]  # the admin site lets nobody in unsigned
        content_type=ContentType.objects.get_for_model(ProviderUsage),
        object_id=name,
        object_repr=name,
        action_flag=CHANGE,
        change_message="Closed its breaker.",
    )
    messages.success(request, _("%s is asked again.") % name)
    return redirect("admin:voice_app_providerusage_changelist")


class ProviderUsageAdmin(ReadOnlyAdmin):
    """How every provider does now, above what each did for whom on which day."""

    list_display = (
        "day", "provider", "user", "calls", "errors", "input_tokens", "cached_tokens", "output_tokens",
        "audio_seconds", "cost_usd",
    )  # fmt: skip
    list_filter = ("provider", "day")
    search_fields = ("user__username", "provider")
    list_select_related = ("user",)
    ordering = ("-day", "provider")

    class Media:
        css = {"all": ("voice_app/review.css",)}

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, and the button."""
        close = self.admin_site.admin_view(close_breaker)
        return [path("close/", close, name="voice_app_providerusage_close"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The state of all providers and of the budgets, then the days."""
        budgets = [(budget, None if budget.whose is Whose.USER else spent_usd(budget)) for budget in list_budgets()]
        context = {
            "providers": look_at_providers().providers,
            "budgets": budgets,
            "may_close": request.user.has_perm(MAY_CLOSE),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})


class PreferenceForm(PreferenceModelForm):
    """One person's chains, and providers that are off for them."""

    speech_chain = SimpleArrayField(
        forms.CharField(max_length=32), required=False, label=gettext_lazy("Hearing"),
        help_text=gettext_lazy("Engines in order with commas between them, such as local,openai; empty: as for all."),
    )  # fmt: skip
    language_chain = SimpleArrayField(
        forms.CharField(max_length=32), required=False, label=gettext_lazy("Understanding"),
        help_text=gettext_lazy("The same, such as local,openai,claude,local."),
    )  # fmt: skip
    off = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Off for this person"),
        choices=[(name, name) for name in registry.known_names(Kind.LANGUAGE) if name != LOCAL],
        help_text=gettext_lazy("Nothing of this person goes to these, also not through LangChain."),
    )  # fmt: skip

    class Meta:
        model = ProviderPreference
        fields = ("user", "speech_chain", "language_chain", "sure_from", "off")

    def clean(self) -> dict[str, Any]:
        """Every name is one of an engine."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field, kind in CHAINS.items():
            known = registry.known_names(kind)
            if unknown := [name for name in cleaned.get(field) or () if name not in known]:
                told = {"name": unknown[0], "known": ", ".join(known)}
                self.add_error(field, _("There is no engine “%(name)s”; use %(known)s.") % told)
        return cleaned


class ProviderPreferenceAdmin(PreferenceModelAdmin):
    """Whom a person's words may reach, with the state of each link."""

    form = PreferenceForm
    list_display = ("user", "speech_chain", "language_chain", "sure_from", "off", "updated_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email")
    autocomplete_fields = ("user",)
    readonly_fields = ("links",)
    fields = ("user", "speech_chain", "language_chain", "sure_from", "off", "links")

    @admin.display(description=gettext_lazy("Links now"))
    def links(self, preference: ProviderPreference) -> str:
        """Every engine of the person's chains, on or off and why."""
        if not preference.user_id:  # the page that adds one
            return "—"
        terms = Terms(preference.user, preference)
        rows = [(kind, name, _state(terms, kind, name)) for kind in Kind for name in terms.chain_names(kind)]
        return format_html_join("", "<div>{}:{} – {}</div>", rows)


def _state(terms: Terms, kind: Kind, name: str) -> str:
    if terms.is_off(name):
        return _("off for this person")
    reason = why_off(kind, name, terms.chain_names(kind))
    if reason or name == LOCAL:
        return reason or _("on")
    reading = Breaker(f"{kind}:{name}").read()
    return _("on, breaker %(state)s") % {"state": reading.state.value}
