"""The calendar feed: its address, which needs no sign-in, and the person's choices about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasks_app.api.exports import order_export
from tasks_app.calendar_feed import addresses
from tasks_app.calendar_feed.content import read_feed
from tasks_app.models import User
from tasks_app.transfer import kept
from tasks_app.transfer.exports import ExportFormat
from tasks_app.web.panels import Panel
from voicebot.errors import RateLimited
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.web.signed_in import SignedInRequest

RATE = Rate("calendar-feed", 60, 3600)
"""Calendars ask every quarter of an hour at most; a person may have several."""
CHOICES = {"on": addresses.switch_on, "rotate": addresses.rotate, "off": addresses.switch_off}


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The tasks as iCalendar, for whoever knows the address."""
    feed = addresses.feed_at(secret)
    if feed is None:
        raise Http404
    try:
        check_rate(RATE, str(feed.address_id))
    except RateLimited as error:
        retry_after = str(error.details["retry_after"])
        return _guarded(HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": retry_after}))
    found = read_feed(feed, timezone.now())
    answer = HttpResponse(found.content, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Last-Modified"] = found.etag, http_date(found.changed_at.timestamp())
    answer["Content-Disposition"] = 'inline; filename="tasks.ics"'
    checked = get_conditional_response(request, found.etag, int(found.changed_at.timestamp()), answer)
    return _guarded(checked or answer)


def _guarded(answer: HttpResponse) -> HttpResponse:
    """For one reader alone: no shared cache keeps it, no search engine lists it, no link gives it away."""
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@require_POST
@login_required
def change_feed(request: SignedInRequest) -> HttpResponse:
    """Switch it on, give it a new address, or switch it off, as the pressed button says."""
    choose = CHOICES.get(request.POST.get("choice", ""))
    if choose is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    choose(request.user)
    return redirect("home")


@require_POST
@login_required
def save_feed_options(request: SignedInRequest) -> HttpResponse:
    """Keep what calendars are given."""
    addresses.set_options(request.user, as_todos="as_todos" in request.POST, has_alarms="has_alarms" in request.POST)
    return redirect("home")


@require_POST
@login_required
def make_export(request: SignedInRequest) -> HttpResponse:
    """Make a file; it is offered on the page when it is ready."""
    if request.POST.get("format") not in list(ExportFormat):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    order_export(request.user, ExportFormat(request.POST["format"]))
    return redirect("home")


def calendar_panel(request: HttpRequest) -> Panel | None:
    """The address with its buttons."""
    if not isinstance(request.user, User):
        return None
    feed = addresses.find_feed(request.user)
    context = {
        "feed": feed,
        "address": addresses.address_of(feed) if feed else "",
        "formats": list(ExportFormat),
        "exports": kept.list_exports(request.user, now=timezone.now())[:5],
    }
    return Panel(_("In your calendar, and as files"), "tasks/_calendar_panel.html", context)
