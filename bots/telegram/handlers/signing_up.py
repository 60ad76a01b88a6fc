"""First contact: what a stranger is offered, by the sign-up policy, and the account that comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bots import accounts
from bots.expecting import expect_answer
from bots.newcomers import make_account
from bots.telegram.handlers import places
from bots.telegram.handlers.guidance import help_text, how_to_connect
from bots.telegram.handlers.incoming import ButtonAnswer, Incoming, Taken
from bots.telegram.keyboards import button
from voicebot.errors import AppError
from voicebot.languages import language_to_answer_in
from voicebot.messages import message_of
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from telegram import CallbackQuery

MAKE_ACCOUNT = "a"
"""The letter of the one button that a stranger may press."""
_NEWCOMERS = Rate("telegram-newcomers", 100, 3600)
"""New accounts from all chats together."""
_AGAIN = Rate("telegram-newcomer", 3, 24 * 3600)
"""New accounts from one chat."""


def offer(incoming: Incoming) -> Taken:
    """Tell a stranger how to get in."""
    if accounts.is_taken(incoming.chat_id):
        return incoming.say(how_to_connect())
    if settings.SIGN_UP == "open":
        text = _(
            "I do not know you yet. Shall I make an account for you? If you have one already, open %(address)s, sign "
            "in, choose “Connect Telegram”, and open the link that you get there."
        )
        rows = [[button(_("Make an account"), MAKE_ACCOUNT)]]
        return incoming.say(text % {"address": settings.PUBLIC_URL}, rows)
    if settings.SIGN_UP == "invitation":
        invited = _("Were you invited? Then send me the link of the invitation: /start LINK")
        return incoming.say(f"{how_to_connect()}\n\n{invited}")
    closed = _("New accounts are not made here.")
    return incoming.say(f"{how_to_connect()}\n\n{closed}")


def begin(incoming: Incoming, token: str = "") -> Taken:
    """Make the account, greet its person, and ask where they are.

    Args:
        incoming: The update.
        token: Of an invitation.

    Raises:
        RateLimited: Too many were made.
        tasks_app.accounts.errors.SignUpClosed, tasks_app.accounts.errors.SignUpInvitationInvalid: See
            :func:`bots.newcomers.make_account`.
    """
    check_rate(_AGAIN, str(incoming.chat_id))
    check_rate(_NEWCOMERS, "all")
    account = make_account(incoming.chat_id, incoming.name, language=incoming.language, token=token)
    with translation.override(language_to_answer_in(account.user.language)):
        expect_answer(incoming.chat_id, places.ASKED, {})
        welcome = _("Welcome! Your account is made.")
        zone = places.zone_text(account.user, timezone.now())
        return incoming.say(f"{welcome} {zone}\n\n{help_text()}")


def press(incoming: Incoming, query: CallbackQuery) -> Taken:
    """``a`` makes the account."""
    try:
        with transaction.atomic():
            return replace(begin(incoming), answer=ButtonAnswer(query.id))
    except AppError as error:
        return Taken(answer=ButtonAnswer(query.id, message_of(error), is_alert=True))
