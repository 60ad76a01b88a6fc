"""The page on which a person makes tokens for programs and takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voicebot.models import Scope
from voicebot.tokens import DEFAULT_DAYS, SHOWN_CHARACTERS, NewToken, list_tokens, make_token, revoke_token

if TYPE_CHECKING:
    from uuid import UUID

    from tasks_app.web.signed_in import SignedInRequest

DAYS = (7, 30, DEFAULT_DAYS, 365)


class NewTokenForm(forms.Form):
    """What a token is for, what it may do and when it ends."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=100, validators=[RegexValidator(r"^[^\x00-\x1f\x7f]*$")]
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=Scope.choices,
        initial=[Scope.READ, Scope.WRITE, Scope.VOICE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what it may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("It ends after"),
        coerce=int,
        choices=[(days, ngettext_lazy("%(days)d day", "%(days)d days", days) % {"days": days}) for days in DAYS],
        initial=DEFAULT_DAYS,
    )

    def to_token(self) -> NewToken:
        """What the form says, once it is valid."""
        data: dict[str, Any] = self.cleaned_data
        return NewToken(name=data["name"], scopes=frozenset(data["scopes"]), expires_in_days=data["days"])


@method_decorator((login_required, never_cache), name="dispatch")
class TokensView(View):
    """The list, and a form for one more."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Newest first."""
        return _page(request, NewTokenForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Show a new token, this once."""
        form = NewTokenForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=400)
        grant, secret = make_token(request.user, form.to_token())
        return render(request, "tasks/token.html", {"token": secret, "may_speak": Scope.VOICE in grant.scopes})


@require_POST
@login_required
def delete_token(request: SignedInRequest, token_id: UUID) -> HttpResponse:
    """Take a token back."""
    revoke_token(request.user, token_id)
    return redirect("token-page")


def _page(request: SignedInRequest, form: NewTokenForm, status: int = 200) -> HttpResponse:
    now, labels = timezone.now(), dict(Scope.choices)
    lines = [
        {
            "grant": grant,
            "begins_with": grant.token.token_key[:SHOWN_CHARACTERS],
            "expires_at": grant.token.expiry,
            "has_ended": grant.token.expiry is not None and grant.token.expiry <= now,
            "may": [labels[scope] for scope in grant.scopes],
        }
        for grant in list_tokens(request.user)
    ]
    return render(request, "tasks/tokens.html", {"lines": lines, "form": form}, status=status)
