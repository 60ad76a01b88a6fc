"""The home page's panel about Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bots import accounts
from bots.telegram.identity import is_configured
from tasks_app.web.panels import Panel

if TYPE_CHECKING:
    from tasks_app.models import User


def telegram_panel(request: HttpRequest) -> Panel:
    """Which chats are connected and how to connect one, or how an operator switches the bot on."""
    user = cast("User", request.user)
    context = {"is_configured": is_configured(), "accounts": list(accounts.list_accounts(user))}
    return Panel(_("Connect Telegram"), "bots/_telegram_panel.html", context)
