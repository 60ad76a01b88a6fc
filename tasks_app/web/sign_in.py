"""Signing in: by a one-time link or by name and password, and then by a code where a second factor is on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from sesame.utils import get_query_string

from tasks_app.accounts import ensure_owner
from tasks_app.accounts.errors import SecondFactorRequired, SecondFactorWrong
from tasks_app.accounts.second_factor import check_second_factor, has_second_factor
from tasks_app.models import User
from tasks_app.web.limits import check_guess_rate, check_sign_in_rate

if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm

_HALF_SIGNED_IN = "half_signed_in"
"""In the session: who gave the first factor, when, and where they were going."""
CODE_WITHIN_SECONDS = 600


def sign_in_url(user: User, base_url: str) -> str:
    """An address that signs this person in once, within the hour.

    Args:
        user: Who.
        base_url: Scheme, host and port under which they reach the page.
    """
    return f"{base_url.rstrip('/')}{reverse('sign-in-link')}{get_query_string(user)}"


def owner_sign_in_url(base_url: str) -> str:
    """The same for the owner, who is made when there is none."""
    return sign_in_url(ensure_owner(), base_url)


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Let somebody in whose first factor was right: at once, or to the page that asks for their code.

    Args:
        request: Of the door.
        user: As :func:`django.contrib.auth.authenticate` gave them.
        target: Where they go then, a safe address of our own.
    """
    if not has_second_factor(user):
        login(request, user)
        return redirect(target)
    request.session[_HALF_SIGNED_IN] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "at": time.time(),
        "target": target,
    }
    request.session.cycle_key()
    return redirect("sign-in-code")


def _lock_person_of(request: HttpRequest, token: str) -> User | None:
    """Whose link it is, if it still works; of two who use it at once the second waits here and is too late."""
    owner = authenticate(request, sesame=token)
    if owner is None:
        return None
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    user = authenticate(request, sesame=token)
    return user if isinstance(user, User) else None


@method_decorator((never_cache, sensitive_post_parameters("token")), name="dispatch")
class SignInLinkView(View):
    """The page behind the link.

    Opening it signs nobody in, since chats and mail programs open links to preview them; its button does.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """The button."""
        return self._page(request, {"token": request.GET.get("token", "")})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, or say that the link is spent."""
        check_sign_in_rate(request)
        with transaction.atomic():
            user = _lock_person_of(request, request.POST.get("token", ""))
            if user is not None:
                return enter(request, user, reverse("home"))
        if request.user.is_authenticated:
            return redirect("home")
        return self._page(request, {"is_spent": True}, status=400)

    def _page(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        context["can_mail"] = settings.EMAIL_IS_ON
        response = render(request, "registration/sign_in_link.html", context, status=status)
        response["Referrer-Policy"] = "same-origin"
        return response


class SignInView(LoginView):
    """Name and password, for who has set one."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        """Try to sign in, not too often."""
        check_sign_in_rate(request)
        check_guess_rate(request.POST.get("username", ""))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The name and the password belong together."""
        return enter(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """With the other ways in that this installation has."""
        ways = {"can_mail": settings.EMAIL_IS_ON, "can_sign_up": settings.SIGN_UP == "open"}
        return super().get_context_data(**kwargs) | ways


@method_decorator((never_cache, sensitive_post_parameters("code")), name="dispatch")
class SignInCodeView(View):
    """The second factor, after a password or a link."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the code."""
        if _half_signed_in(request) is None:
            return redirect("sign-in")
        return render(request, "registration/sign_in_code.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in with the right one."""
        check_sign_in_rate(request)
        user = _half_signed_in(request)
        if user is None:
            return redirect("sign-in")
        try:
            check_second_factor(user, request.POST.get("code", ""))
        except (SecondFactorRequired, SecondFactorWrong):
            return render(request, "registration/sign_in_code.html", {"is_wrong": True}, status=400)
        half = request.session.pop(_HALF_SIGNED_IN)
        login(request, user, backend=half["backend"])
        return redirect(half["target"])


def _half_signed_in(request: HttpRequest) -> User | None:
    """Who gave the first factor a little while ago and has not changed their password since."""
    half = request.session.get(_HALF_SIGNED_IN)
    if not half or time.time() - half["at"] > CODE_WITHIN_SECONDS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), half["hash"]):
        return None
    return user


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: who is not signed in goes to ours, and staff come back."""
    if request.user.is_authenticated:
        raise PermissionDenied
    query = request.GET.urlencode()
    return redirect(f"{reverse('sign-in')}?{query}" if query else reverse("sign-in"))
