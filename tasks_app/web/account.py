"""A person's own account: profile, address, second factor, and where they are signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.accounts import devices, second_factor
from tasks_app.accounts.errors import SecondFactorRequired, SecondFactorWrong
from tasks_app.accounts.profile import change_profile
from tasks_app.mail.account_mails import confirm_address, mail_address_link
from tasks_app.web.agents import agent_name
from tasks_app.web.forms import AddressForm, ProfileForm
from tasks_app.web.limits import check_mail_rate, check_sign_in_rate
from tasks_app.web.signed_in import SignedInRequest


@method_decorator((never_cache, login_required), name="dispatch")
class AccountView(View):
    """What a person says of themselves, and the way to everything else of their account."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """The page."""
        return self._page(request, _profile_form(request))

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Keep what was changed."""
        form = _profile_form(request)
        if not form.is_valid():
            return self._page(request, form)
        change_profile(request.user, form.changes())
        messages.success(request, _("Kept."))
        return redirect("account")

    def _page(self, request: SignedInRequest, form: ProfileForm) -> HttpResponse:
        context = {
            "form": form,
            "can_mail": settings.EMAIL_IS_ON,
            "address_form": AddressForm(initial={"address": request.user.email}),
            "has_second_factor": second_factor.has_second_factor(request.user),
        }
        return render(request, "account/account.html", context)


def _profile_form(request: SignedInRequest) -> ProfileForm:
    return ProfileForm(
        request.POST if request.method == "POST" else None,
        request.user,
        kept_days=settings.VOICE_KEEP_RECORDINGS_DAYS,
    )


@require_POST
@login_required
@never_cache
def change_address(request: SignedInRequest) -> HttpResponse:
    """Mail a link to a new address; it becomes theirs when they open it.

    Raises:
        RateLimited
    """
    if not settings.EMAIL_IS_ON:
        raise Http404
    form = AddressForm(request.POST)
    if form.is_valid():
        check_sign_in_rate(request)
        check_mail_rate(form.cleaned_data["address"])
        mail_address_link(request.user, form.cleaned_data["address"])
        messages.success(request, _("We sent a link to that address. Open it there."))
    else:
        messages.error(request, _("That is not an e-mail address."))
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first: programs that look at links in mails must not confirm anything.

    Raises:
        AddressLinkInvalid
    """
    if request.method == "POST":
        confirm_address(token)
    return render(request, "account/address.html", {"is_done": request.method == "POST"})


@login_required
@never_cache
def list_devices(request: SignedInRequest) -> HttpResponse:
    """Where the person is signed in."""
    found = [
        {
            "device": device,
            "name": agent_name(device.agent),
            "is_this": device.session_key == request.session.session_key,
        }
        for device in devices.devices_of(request.user)
    ]
    return render(request, "account/devices.html", {"devices": found})


@require_POST
@login_required
def sign_out_device(request: SignedInRequest, device_id: int) -> HttpResponse:
    """End one session."""
    devices.sign_out_device(request.user, device_id)
    return redirect("devices")


@require_POST
@login_required
def sign_out_others(request: SignedInRequest) -> HttpResponse:
    """End all sessions but this one."""
    devices.sign_out_others(request.user, request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("devices")


@method_decorator((never_cache, login_required, sensitive_post_parameters("code")), name="dispatch")
class SecondFactorView(View):
    """Switching the second factor on and off, and its recovery codes."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """How it stands, or the picture for the app."""
        return self._page(request)

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Everything here needs a right code.

        Raises:
            RateLimited
        """
        try:
            return self._carry_out(request, request.POST.get("act", ""), request.POST.get("code", ""))
        except (SecondFactorRequired, SecondFactorWrong):
            return self._page(request, is_wrong=True)

    def _carry_out(self, request: SignedInRequest, act: str, code: str) -> HttpResponse:
        if not second_factor.has_second_factor(request.user):
            return self._show_codes(request, second_factor.finish_setup(request.user, code))
        second_factor.check_second_factor(request.user, code)
        if act == "codes":
            return self._show_codes(request, second_factor.make_recovery_codes(request.user))
        second_factor.switch_off(request.user)
        messages.success(request, _("The second factor is off."))
        return redirect("account")

    def _show_codes(self, request: SignedInRequest, codes: list[str]) -> HttpResponse:
        return render(request, "account/recovery_codes.html", {"codes": codes})

    def _page(self, request: SignedInRequest, *, is_wrong: bool = False) -> HttpResponse:
        context: dict[str, object] = {"is_wrong": is_wrong}
        if second_factor.has_second_factor(request.user):
            context |= {"is_on": True, "left": second_factor.count_recovery_codes(request.user)}
        else:
            device = second_factor.begin_setup(request.user)
            picture = mark_safe(second_factor.qr_code(device))  # noqa: S308  # made of squares by us, without any text
            context |= {"picture": picture, "secret": second_factor.secret_of(device)}
        return render(request, "account/second_factor.html", context, status=400 if is_wrong else 200)
