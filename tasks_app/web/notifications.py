"""The page on which a person says how they are told, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from tasks_app.reminders.errors import QuietHoursIncomplete
from tasks_app.reminders.preferences import change_preference
from tasks_app.web.forms import NotificationsForm
from voicebot.messages import message_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tasks_app.web.signed_in import SignedInRequest


@method_decorator((never_cache, login_required), name="dispatch")
class NotificationsView(View):
    """How the person is told."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """The page."""
        return _page(request, NotificationsForm(None, request.user))

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Keep what was changed."""
        form = NotificationsForm(request.POST, request.user)
        if not form.is_valid():
            return _page(request, form, status=400)
        try:
            change_preference(request.user, form.changes())
        except QuietHoursIncomplete as error:
            form.add_error("quiet_until", message_of(error))
            return _page(request, form, status=error.http_status)
        messages.success(request, _("Kept."))
        return redirect("notification-page")


def _page(request: SignedInRequest, form: NotificationsForm, status: int = 200) -> HttpResponse:
    lacks_address = settings.EMAIL_IS_ON and not request.user.email
    context = {"form": form, "lacks_address": lacks_address}
    return render(request, "account/notifications.html", context, status=status)
