"""Making an account, with or without an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tasks_app.accounts.sign_up import check_may_sign_up, sign_up
from tasks_app.mail.account_mails import mail_address_link
from tasks_app.web.forms import SignUpForm
from tasks_app.web.limits import check_mail_rate, check_sign_in_rate

if TYPE_CHECKING:
    from tasks_app.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator((never_cache, sensitive_post_parameters("password1", "password2")), name="dispatch")
class SignUpView(View):
    """The form; with an invitation its address holds the token, which the page tells no other site."""

    def get(self, request: HttpRequest, token: str = "") -> HttpResponse:
        """The empty form.

        Raises:
            SignUpClosed, SignUpInvitationInvalid, RateLimited
        """
        if request.user.is_authenticated:
            return redirect("home")
        if token:
            check_sign_in_rate(request)
        check_may_sign_up(token)
        return self._page(request, SignUpForm(can_mail=settings.EMAIL_IS_ON))

    def post(self, request: HttpRequest, token: str = "") -> HttpResponse:
        """Make the account and sign in.

        Raises:
            SignUpClosed, SignUpInvitationInvalid, RateLimited
        """
        check_sign_in_rate(request)
        check_may_sign_up(token)
        form = SignUpForm(request.POST, can_mail=settings.EMAIL_IS_ON)
        if not form.is_valid():
            return self._page(request, form)
        try:
            user = self._sign_up(form, token)
        except IntegrityError:
            form.add_error("username", _("Somebody took that name just now."))
            return self._page(request, form)
        login(request, user, backend=_BACKEND)
        return redirect("home")

    @transaction.atomic
    def _sign_up(self, form: SignUpForm, token: str) -> User:
        user = sign_up(form.save(commit=False), token)
        if address := form.cleaned_data.get("address"):
            check_mail_rate(address)
            mail_address_link(user, address)
        return user

    def _page(self, request: HttpRequest, form: SignUpForm) -> HttpResponse:
        response = render(request, "registration/sign_up.html", {"form": form})
        response["Referrer-Policy"] = "same-origin"
        return response
