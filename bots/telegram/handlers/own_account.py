"""``/web``, ``/link``, ``/unlink`` and ``/privacy``: the person's account, seen from a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from bots import accounts, outbox
from bots.documents import export_document
from bots.privacy import privacy_text
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.handlers.linking import link
from bots.telegram.keyboards import button
from tasks_app.transfer.exports import ExportFormat
from tasks_app.web.sign_in import sign_in_url
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount

_EXPORTS = Rate("telegram-export", 6, 3600)
_SIGN_IN_LINKS = Rate("telegram-web", 5, 600)


def web(incoming: Incoming, account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/web``: a link that signs in once, within the hour.

    Raises:
        RateLimited: Too many links were asked for.
    """
    check_rate(_SIGN_IN_LINKS, str(account.user_id))
    text = _("Your page, for you alone. The link works once, within an hour; give it to nobody:")
    return incoming.say(f"{text}\n{sign_in_url(account.user, settings.PUBLIC_URL)}")


def export(incoming: Incoming, account: ChatAccount, _message: Message, argument: str) -> Taken:
    """``/export``: the person's tasks as a file; ``/export csv`` and ``/export ics`` for other programs.

    Raises:
        RateLimited: Too many files were asked for.
    """
    word = argument.lower() or ExportFormat.JSON
    if word not in set(ExportFormat):
        return incoming.say(_("I can make these files: /export, /export csv and /export ics."))
    check_rate(_EXPORTS, str(account.user_id))
    outbox.put(
        incoming.chat_id,
        f"export:{incoming.bot_id}:{incoming.update_id}",
        _("All that is yours. /export csv is for spreadsheets, /export ics for calendars."),
        is_repeatable=True,
        document=export_document(account, ExportFormat(word)),
    )
    return Taken()


def link_code(incoming: Incoming, account: ChatAccount, _message: Message, argument: str) -> Taken:
    """``/link``: with a code of the page, give the chat to who made it; without one, tell how to get one."""
    if argument:
        return link(incoming, argument)
    whose = _("This chat belongs to %(name)s.") % {"name": accounts.name_of(account.user)}
    how = _(
        "To connect another chat, or to give this one to another account, open %(address)s, choose “Connect Telegram”, "
        "and send the code from there: /link CODE"
    ) % {"address": settings.PUBLIC_URL}
    end = _("/unlink takes this chat away from the account.")
    return incoming.say(f"{whose}\n\n{how}\n\n{end}")


def ask_to_unlink(incoming: Incoming, _account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/unlink``: ask first."""
    text = _("Shall I take this chat away from your account? Your tasks stay, and I forget nothing but the chat.")
    return incoming.say(text, [[button(_("Yes, disconnect"), "x"), button(_("No"), "k")]])


def unlink(press: Press) -> Taken:
    """``x`` takes the chat away from the person's account."""
    accounts.unlink_chat(press.account.user, press.account.pk)
    return press.replace(_("This chat is not connected any more. Good-bye!"))


def keep(press: Press) -> Taken:
    """``k`` leaves everything as it is."""
    return press.replace(_("All right, I changed nothing."))


def privacy(incoming: Incoming, account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/privacy``: what is kept of the person, and for how long."""
    return incoming.say(privacy_text(account.user))
