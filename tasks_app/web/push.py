"""The pages' part of notifications: the service worker, the panel, and the buttons."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tasks_app.models import User
from tasks_app.push import actions, keys
from tasks_app.web.panels import Panel
from voicebot.errors import NotSignedIn

if TYPE_CHECKING:
    from tasks_app.web.signed_in import SignedInRequest

WORKER = "tasks_app/service-worker.js"


@require_GET
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """The script from an address at the root, since a worker serves only what lies below its own address."""
    return HttpResponse(Path(str(finders.find(WORKER))).read_bytes(), content_type="text/javascript; charset=utf-8")


@csrf_exempt  # a service worker has no form's token; the signed address, which no other site knows, stands in for it
@require_POST
@never_cache
def push_action(request: SignedInRequest, token: str) -> HttpResponse:
    """Do what a notification's button says.

    Raises:
        NotSignedIn: Nobody is.
        AppError: See :func:`tasks_app.push.actions.act`.
    """
    if not isinstance(request.user, User):
        raise NotSignedIn
    actions.act(request.user, token)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def push_panel(request: HttpRequest) -> Panel | None:  # noqa: ARG001  # the same for everybody
    """The button that asks for permission."""
    if not keys.is_on():
        return None
    return Panel(_("Notifications"), "tasks/_push_panel.html", {"public_key": keys.public_key()})
