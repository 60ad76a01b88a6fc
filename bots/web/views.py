"""Connecting a chat, and taking it away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bots import accounts
from bots.greeting import greet
from bots.telegram.identity import find_username, is_configured
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.models import User

_CODES = Rate("link-code", 10, 600)
_TRIES = Rate("link-code-tried", 20, 600)


class SignedInRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


@require_POST
@login_required
@never_cache
def connect_telegram(request: SignedInRequest) -> HttpResponse:
    """Show a new code and its link, this once.

    Raises:
        RateLimited: Too many codes were asked for.
    """
    if not is_configured():
        raise Http404
    check_rate(_CODES, str(request.user.pk))
    code = accounts.make_link_code(request.user)
    username = find_username()
    context = {
        "code": code,
        "link": f"https://t.me/{username}?start={code}" if username else "",
        "username": username,
        "minutes": int(accounts.CODE_VALID_FOR.total_seconds() // 60),
    }
    return render(request, "bots/connect_telegram.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def accept_chat(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask whether a chat in which somebody made a code is theirs, and connect it.

    Raises:
        LinkCodeInvalid: There is no such code, or it was used or is too old.
        RateLimited: Too many codes were tried.
    """
    check_rate(_TRIES, str(request.user.pk))
    if request.method == "GET":
        response = render(request, "bots/accept_chat.html", {"name": accounts.name_behind(code)})
        response["Referrer-Policy"] = "same-origin"
        return response
    with transaction.atomic():
        account = accounts.accept_chat(request.user, code)
        greet(account)
    return redirect("home")


@require_POST
@login_required
def unlink_chat(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Take one of the person's own chats away."""
    accounts.unlink_chat(request.user, account_id)
    return redirect("home")
