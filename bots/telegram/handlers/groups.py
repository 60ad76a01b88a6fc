"""Groups: the bot acts on what is said to it, for who said it, within the one project that the group works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from bots import groups
from bots.telegram.handlers import adding, messages
from bots.telegram.handlers.addressed import Addressed, read_addressed
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.keyboards import button
from tasks_app.errors import ProjectNotFound
from tasks_app.selectors import get_project
from voice_app.services import Circumstances
from voicebot.errors import AppError, NotAllowed, RateLimited
from voicebot.messages import message_of
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    import uuid

    from telegram import Message

    from bots.models import ChatAccount
    from tasks_app.models import Project

MOST_OFFERED = 8
_STRANGERS = Rate("telegram-group-stranger", 1, 24 * 3600)
"""How often one person without an account is answered in one group."""
_GUIDANCE = Rate("telegram-group-guidance", 6, 60)
"""How often a group is told what it could do."""


def take(incoming: Incoming, account: ChatAccount | None, message: Message, username: str) -> Taken:
    """Do what a message says to the bot; what is said to others is not looked at and not kept.

    Args:
        incoming: The update, from the group.
        account: Of who wrote it, by their own chat with the bot.
        message: As it came.
        username: The bot's.
    """
    addressed = read_addressed(message, incoming.bot_id, username)
    if addressed is None:
        return Taken()
    try:
        with transaction.atomic():
            return _act(incoming, account, message, addressed, username)
    except RateLimited:
        return Taken()
    except AppError as error:
        return incoming.say(message_of(error), reply_to=message.message_id)


def _act(
    incoming: Incoming, account: ChatAccount | None, message: Message, addressed: Addressed, username: str
) -> Taken:
    if message.edit_date is not None:
        return _redo(incoming, account, message, addressed)
    if account is None:
        check_rate(_STRANGERS, f"{incoming.chat_id}:{message.from_user.id if message.from_user else 0}")
        text = _("I do not know you yet. Write to me in a chat of our own first: https://t.me/%(bot)s")
        return incoming.say(text % {"bot": username}, reply_to=message.message_id)
    if addressed.command == "link":
        return _link(incoming, account, message, addressed.words)
    group = groups.find_group(incoming.chat_id)
    if group is None:
        check_rate(_GUIDANCE, str(incoming.chat_id))
        return incoming.say(_not_linked(), reply_to=message.message_id)
    if addressed.command == "unlink":
        get_project(account.user, group.project_id, to_edit=True)
        groups.end_group(incoming.chat_id)
        return incoming.say(_("This group works on no project any more."), reply_to=message.message_id)
    return _work(incoming, account, message, addressed, group.project)


def _work(incoming: Incoming, account: ChatAccount, message: Message, addressed: Addressed, project: Project) -> Taken:
    """Hand it to the pipeline, for who said it and within the project; who is not in it is told so once."""
    try:
        get_project(account.user, project.pk)
    except ProjectNotFound:
        check_rate(_STRANGERS, f"{incoming.chat_id}:{account.user_id}")
        raise NotAllowed from None
    within = Circumstances(within_project_id=project.pk)
    if addressed.command == "add" and addressed.words:
        return adding.add(incoming, account, message, addressed.words, within)
    if addressed.command or not (addressed.words or messages.find_recording(message)):
        check_rate(_GUIDANCE, str(incoming.chat_id))
        return incoming.say(_how_to(project.name), reply_to=message.message_id)
    return messages.submit(incoming, account, message, within, words=addressed.words)


def _redo(incoming: Incoming, account: ChatAccount | None, message: Message, addressed: Addressed) -> Taken:
    """Do what an edited message says now, when the bot did before what it said; else nothing, and nothing is said."""
    group = groups.find_group(incoming.chat_id)
    if account is None or group is None:
        return Taken()
    try:
        get_project(account.user, group.project_id)
    except ProjectNotFound:
        return Taken()
    return messages.submit_edited(incoming, account, message, addressed, within_id=group.project_id)


def _link(incoming: Incoming, account: ChatAccount, message: Message, name: str) -> Taken:
    """Link the group to the project of a name; without one, offer those whose names others know already."""
    if not name:
        return _offer(incoming, message, groups.list_shared(account.user))
    linkable = groups.list_linkable(account.user)
    projects = [project for project in linkable if project.name.casefold() == name.casefold()]
    if len(projects) == 1:
        return incoming.say(_linked(account, incoming.chat_id, projects[0].pk), reply_to=message.message_id)
    if not projects:
        text = _("You have no such project whose tasks you may change.")
        return incoming.say(text, reply_to=message.message_id)
    return _offer(incoming, message, projects)


def _offer(incoming: Incoming, message: Message, projects: list[Project]) -> Taken:
    if not projects:
        text = _("None of your projects is shared yet. Send /link and the name of the one that this group works on.")
        return incoming.say(text, reply_to=message.message_id)
    rows = [[button(project.name[:40], "gp", project.pk)] for project in projects[:MOST_OFFERED]]
    return incoming.say(_("Which project shall this group work on?"), rows, reply_to=message.message_id)


def choose(press: Press) -> Taken:
    """``gp:<project>`` is what the group works on; who presses needs the rights for that."""
    return press.replace(_linked(press.account, press.incoming.chat_id, press.pressed.id()))


def _linked(account: ChatAccount, chat_id: int, project_id: uuid.UUID) -> str:
    project = groups.link_group(account.user, chat_id, project_id)
    return _how_to(project.name)


def greet(incoming: Incoming) -> Taken:
    """Say what can be done, when the bot was brought into a group."""
    return incoming.say(_not_linked())


def _not_linked() -> str:
    return _(
        "This group works on no project yet. Whoever may change a project can send /link and its name, or /link alone."
    )


def _how_to(name: str) -> str:
    text = _(
        "This group works on “%(name)s”. Send /add and a task, mention me, or answer one of my messages. I look at "
        "nothing else."
    )
    return text % {"name": name}
