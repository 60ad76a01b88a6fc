"""``/web``, ``/link``, ``/unlink`` and ``/privacy``: the person's account, seen from a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bots import accounts
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.handlers.linking import link
from bots.telegram.handlers.preferences import kept_days
from bots.telegram.keyboards import button
from tasks_app.web.sign_in import sign_in_url
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount

_SIGN_IN_LINKS = Rate("telegram-web", 5, 600)


def web(incoming: Incoming, account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/web``: a link that signs in once, within the hour.

    Raises:
        RateLimited: Too many links were asked for.
    """
    check_rate(_SIGN_IN_LINKS, str(account.user_id))
    text = _("Your page, for you alone. The link works once, within an hour; give it to nobody:")
    return incoming.say(f"{text}\n{sign_in_url(account.user, settings.PUBLIC_URL)}")


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
    return incoming.say("\n\n".join([_("What I keep of you:"), "\n".join(_kept(account)), _what_can_be_done()]))


def _kept(account: ChatAccount) -> list[str]:
    days, trash = kept_days(account.user), int(settings.TRASH_DAYS)
    recordings = (
        ngettext(
            "• Your recordings, encrypted with a key of your own, for %(count)d day.",
            "• Your recordings, encrypted with a key of your own, for %(count)d days.",
            days,
        )
        if days
        else _("• Your recordings only until they are understood.")
    )
    deleted = ngettext(
        "• What you deleted stays in the trash for %(count)d day.",
        "• What you deleted stays in the trash for %(count)d days.",
        trash,
    )
    shares = (
        _("• What you say may go to services of others where this server uses them, to be understood.")
        if account.user.shares_with_services
        else _("• What you say goes to no services of others.")
    )
    return [
        _("• Your tasks, projects, labels and settings, and what you wrote and said as text, until you delete them."),
        recordings % {"count": days} if days else recordings,
        deleted % {"count": trash},
        _("• The number of this chat and the language of your Telegram."),
        shares,
    ]


def _what_can_be_done() -> str:
    return _("/settings changes it, /export gives you all of it as a file, and /forget_me deletes it for good.")
