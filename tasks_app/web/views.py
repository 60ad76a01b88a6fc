"""The pages of a signed-in person."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from tasks_app.models import validate_zone
from tasks_app.web.grouping import found_tasks, grouped_tasks
from tasks_app.web.page_texts import page_texts
from tasks_app.web.panels import panels_for
from tasks_app.web.signed_in import SignedInRequest


@require_GET
@login_required
@never_cache
@ensure_csrf_cookie
def home(request: SignedInRequest) -> HttpResponse:
    """The task list, the text box and the microphone."""
    context = {
        **_list_of(request),
        "panels": panels_for(request),
        "texts": page_texts(),
    }
    return render(request, "tasks/home.html", context)


@require_GET
@login_required
@never_cache
def task_list(request: SignedInRequest) -> HttpResponse:
    """The list alone, for the page to put in place of the one it shows."""
    return render(request, "tasks/_groups.html", _list_of(request))


def _list_of(request: SignedInRequest) -> dict[str, Any]:
    """What is due, or what is found where the address asks for words."""
    query = request.GET.get("q", "").strip()
    now = timezone.now()
    groups = found_tasks(request.user, query, now) if query else grouped_tasks(request.user, now)
    return {"groups": groups, "query": query}


@require_POST
@login_required
def save_time_zone(request: SignedInRequest) -> HttpResponse:
    """Keep the browser's zone as the person's own while theirs is unknown."""
    name = request.POST.get("timezone", "")
    try:
        validate_zone(name)
    except ValidationError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    if not request.user.timezone:
        request.user.timezone = name
        request.user.save(update_fields=["timezone"])
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
