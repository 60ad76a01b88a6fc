"""``/web``, ``/link``, ``/unlink`` and ``/privacy``: the person's account, seen from a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bots import accounts, outbox
from bots.documents import export_document
from bots.privacy import privacy_text
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.handlers.linking import link
from bots.telegram.keyboards import Rows, button
from tasks_app.transfer.exports import ExportFormat
from tasks_app.web.sign_in import sign_in_url
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount

VOICE_REPLIES = "voice"
"""The word of the button that switches them."""
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
    return incoming.say(f"{whose}\n\n{how}\n\n{link_from_chat(incoming)}\n\n{end}")


def link_from_chat(incoming: Incoming) -> str:
    """The other way round: a link that gives this chat to the person who opens it on the page."""
    code = accounts.make_chat_code(incoming.chat_id, incoming.name, language=incoming.language)
    text = _("Or open this link where you are signed in. It gives this chat to that account, once, within 15 minutes:")
    return f"{text}\n{settings.PUBLIC_URL}{reverse('accept-chat', args=[code])}"


def ask_to_unlink(incoming: Incoming, account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/unlink``: ask first."""
    return incoming.say(*_unlink_question(account))


def offer_to_unlink(press: Press) -> Taken:
    """``xq`` asks the same in the place of the settings."""
    return press.replace(*_unlink_question(press.account))


def _unlink_question(account: ChatAccount) -> tuple[str, Rows]:
    text = _("Shall I take this chat away from your account? Your tasks stay, and I forget nothing but the chat.")
    if accounts.is_only_way_in(account):
        warning = _("It is your only way in: open /web first and set a password there.")
        text = f"{text}\n\n{warning}"
    return text, [[button(_("Yes, disconnect"), "x"), button(_("No"), "k")]]


def prefer(press: Press) -> Taken:
    """``m`` lets reminders come to this chat."""
    accounts.prefer_chat(press.account)
    return press.replace(_("All right, reminders come to this chat from now on."))


def chat_rows(account: ChatAccount) -> Rows:
    """The settings of one chat: whether reminders come here, when the person has several; and away with it."""
    aloud = _("Short answers are spoken as well")
    voice = [button(f"✓ {aloud}" if account.voice_replies else f"✗ {aloud}", "s", VOICE_REPLIES)]
    rows = [voice, [button(_("Disconnect this chat"), "xq")]]
    if accounts.list_accounts(account.user).count() > 1:
        told = accounts.list_reachable(account.user).first()
        is_told = told is not None and told.pk == account.pk
        text = _("Reminders come to this chat")
        rows.insert(1, [button(f"✓ {text}" if is_told else f"✗ {text}", "m")])
    return rows


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
