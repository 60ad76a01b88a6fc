"""Signing in: by a one-time link, or by name and password where a person has set one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from sesame.utils import get_query_string

from tasks_app.accounts import ensure_owner
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.models import User


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
        _check_sign_in_rate(request)
        user = authenticate(request, sesame=request.POST.get("token", ""))
        if user is not None:
            login(request, user)
            return redirect("home")
        if request.user.is_authenticated:
            return redirect("home")
        return self._page(request, {"is_spent": True}, status=400)

    def _page(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        response = render(request, "registration/sign_in_link.html", context, status=status)
        response["Referrer-Policy"] = "same-origin"
        return response


class SignInView(LoginView):
    """Name and password, for who has set one."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        """Try to sign in, not too often."""
        _check_sign_in_rate(request)
        return super().post(request, *args, **kwargs)


def _check_sign_in_rate(request: HttpRequest) -> None:
    check_rate(Rate("sign-in", settings.SIGN_INS_PER_MINUTE, 60), request.META.get("REMOTE_ADDR") or "unknown")
