"""Gives a chat to the person who made a code on the web page."""

from __future__ import annotations

from bots import accounts
from bots.greeting import greeting_text
from bots.telegram.handlers.incoming import Incoming, Taken


def link(incoming: Incoming, code: str) -> Taken:
    """Link the chat and greet its person.

    Raises:
        LinkCodeInvalid: See :func:`bots.accounts.link_chat`.
    """
    account = accounts.link_chat(incoming.chat_id, code, language=incoming.language)
    return incoming.say(greeting_text(account))
