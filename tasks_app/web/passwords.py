"""Links by mail, to sign in or to choose a new password, and changing the password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tasks_app.accounts import devices
from tasks_app.mail.account_mails import mail_password_link, mail_sign_in_link, people_with
from tasks_app.models import User
from tasks_app.web.forms import AddressForm
from tasks_app.web.limits import check_mail_rate, check_sign_in_rate
from tasks_app.web.signed_in import SignedInRequest


@method_decorator(never_cache, name="dispatch")
class MailLinkView(View):
    """Asks for an address and answers the same whether or not anybody has it."""

    heading = ""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """There is no such page where no mail is sent."""
        if not settings.EMAIL_IS_ON:
            raise Http404
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self._page(request, {"form": AddressForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the mail, where there is somebody to send it to.

        Raises:
            RateLimited
        """
        check_sign_in_rate(request)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._page(request, {"form": form})
        check_mail_rate(form.cleaned_data["address"])
        for user in people_with(form.cleaned_data["address"]):
            self.mail(user)
        return self._page(request, {"is_sent": True})

    def mail(self, user: User) -> None:
        """Send one person their link."""
        raise NotImplementedError

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return render(request, "registration/mail_link.html", context | {"heading": self.heading})


class SignInByMailView(MailLinkView):
    """A one-time link to sign in with."""

    heading = "sign-in"

    def mail(self, user: User) -> None:
        """Send it."""
        mail_sign_in_link(user)


class PasswordForgottenView(MailLinkView):
    """A link to choose a new password with."""

    heading = "password"

    def mail(self, user: User) -> None:
        """Send it."""
        mail_password_link(user)


class PasswordNewView(PasswordResetConfirmView):
    """The page behind that link; it signs nobody in, so that a second factor is still asked for."""

    template_name = "registration/password_new.html"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: SetPasswordForm[Any]) -> HttpResponse:
        """Keep the password; every session of the person ends by it."""
        answer = super().form_valid(form)
        devices.sign_out_others(form.user, None)
        messages.success(self.request, _("Your new password works now."))
        return answer


@method_decorator((never_cache, login_required, sensitive_post_parameters()), name="dispatch")
class PasswordView(View):
    """Setting or changing the password; all other sessions end by it."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """The form."""
        return render(request, "account/password.html", {"form": _password_form(request.user)})

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Keep it.

        Raises:
            RateLimited
        """
        check_sign_in_rate(request)
        form = _password_form(request.user, request.POST)
        if not form.is_valid():
            return render(request, "account/password.html", {"form": form})
        update_session_auth_hash(request, form.save())
        devices.sign_out_others(request.user, request.session.session_key)
        messages.success(request, _("Your password is changed, and you are signed out everywhere else."))
        return redirect("account")


def _password_form(user: User, data: QueryDict | None = None) -> SetPasswordForm[User]:
    """Asks for the old password where there is one."""
    form = PasswordChangeForm if user.has_usable_password() else SetPasswordForm
    return form(user, data)
