"""Slash commands."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from telegram import Message

from bots import accounts, followers
from bots.errors import BotCommandUnknown
from bots.models import ChatAccount
from bots.telegram.gateway import WAY_IN
from bots.telegram.handlers import adding, forgetting, lists, own_account, places, preferences
from bots.telegram.handlers.guidance import help_text
from bots.telegram.handlers.incoming import Incoming, Taken
from bots.telegram.handlers.linking import link
from bots.telegram.handlers.slash import read_command
from tasks_app.services import undo_change_set
from voice_app.replies import reply_text

MENU: dict[str, Promise] = {
    "today": gettext_lazy("What is due today"),
    "week": gettext_lazy("What is due in the next seven days"),
    "tasks": gettext_lazy("All open tasks, or those with some words"),
    "projects": gettext_lazy("Your projects"),
    "help": gettext_lazy("What I can do"),
    "add": gettext_lazy("A new task"),
    "undo": gettext_lazy("Take the last change back"),
    "settings": gettext_lazy("How I behave"),
    "language": gettext_lazy("Which language we speak"),
    "timezone": gettext_lazy("Where you are"),
    "link": gettext_lazy("Connect a chat with an account"),
    "web": gettext_lazy("A link to your page"),
    "export": gettext_lazy("Your tasks as a file"),
    "privacy": gettext_lazy("What I keep of you"),
    "forget_me": gettext_lazy("Delete all of it"),
}
"""Commands that Telegram shows in its menu."""


def run(incoming: Incoming, account: ChatAccount, message: Message) -> Taken:
    """Carry out a linked person's command.

    Raises:
        BotCommandUnknown: There is no such command.
        voicebot.errors.AppError: What the command itself raises.
    """
    command = read_command(message.text or "")
    handler = HANDLERS.get(command.name)
    if handler is None:
        raise BotCommandUnknown
    return handler(incoming, account, message, command.argument)


def _start(incoming: Incoming, _account: ChatAccount, _message: Message, argument: str) -> Taken:
    return link(incoming, argument) if argument and argument != WAY_IN else incoming.say(help_text())


def _help(incoming: Incoming, _account: ChatAccount, _message: Message, _argument: str) -> Taken:
    return incoming.say(help_text())


def _undo(incoming: Incoming, account: ChatAccount, message: Message, _argument: str) -> Taken:
    actor = accounts.actor_of(account, message.date)
    results = undo_change_set(actor, None, incoming.cause_id)
    for result in results:
        if result.undone_set_id:
            followers.show_undone(actor.user, result.undone_set_id)
    return incoming.say(reply_text([result.to_json() for result in results], actor))


HANDLERS: dict[str, Callable[[Incoming, ChatAccount, Message, str], Taken]] = {
    "start": _start,
    "help": _help,
    "today": lists.today,
    "week": lists.week,
    "tasks": lists.tasks,
    "projects": lists.projects,
    "add": adding.add,
    "settings": preferences.show,
    "language": preferences.show_languages,
    "timezone": places.ask_or_set,
    "link": own_account.link_code,
    "unlink": own_account.ask_to_unlink,
    "web": own_account.web,
    "export": own_account.export,
    "privacy": own_account.privacy,
    "forget_me": forgetting.ask,
    "undo": _undo,
}
"""All commands; those of the menu are among them."""
