"""Connecting a chat, and taking it away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bots import accounts
from bots.telegram.identity import find_username, is_configured
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.models import User

_CODES = Rate("link-code", 10, 600)


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


@require_POST
@login_required
def unlink_chat(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Take one of the person's own chats away."""
    accounts.unlink_chat(request.user, account_id)
    return redirect("home")
