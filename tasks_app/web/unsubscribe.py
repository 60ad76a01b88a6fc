"""Switching mail off from a mail, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tasks_app.mail.unsubscribe import person_of, switch_email_off


@csrf_exempt  # mail programs send it by themselves (RFC 8058); the signed link says for whom, and does nothing else
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first: programs that look at links in mails must not switch anything off."""
    user = person_of(token)
    if request.method == "POST":
        switch_email_off(user)
    return render(request, "mail/unsubscribe.html", {"is_done": request.method == "POST"})
