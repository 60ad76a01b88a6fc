"""Gives a chat to the person who made a code on the web page."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from bots import accounts
from bots.telegram.handlers.guidance import help_text
from bots.telegram.handlers.incoming import Incoming, Taken
from voicebot.languages import language_to_answer_in


def link(incoming: Incoming, code: str) -> Taken:
    """Link the chat and greet its person.

    Raises:
        LinkCodeInvalid: See :func:`bots.accounts.link_chat`.
    """
    account = accounts.link_chat(incoming.chat_id, code, language=incoming.language)
    with translation.override(language_to_answer_in(account.user.language, account.language)):
        greeting = _("This chat now belongs to %(name)s.") % {"name": accounts.name_of(account.user)}
        return incoming.say(f"{greeting}\n\n{help_text()}")
