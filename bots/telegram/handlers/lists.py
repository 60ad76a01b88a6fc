"""The lists of ``/today``, ``/week``, ``/tasks`` and ``/projects``, and the buttons under every list.

A list that is asked for by a slash command is a command like a spoken one, so what is said next can mean its lines.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from bots import accounts, followers, lists, outbox, replies
from bots.lists import Page
from bots.telegram.handlers.incoming import Press, Taken
from bots.telegram.keyboards import NotOurButton
from tasks_app.clock import day_in, days_from
from tasks_app.commands import CompleteTask, ReopenTask
from tasks_app.intents import Intent
from tasks_app.selectors import get_project
from tasks_app.services import execute
from voice_app.replies import reply_text
from voice_app.selectors import find_in_project, get_command
from voice_app.services import submit_understood
from voice_app.types import FROM_MENU, SpokenCommand, Understanding

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount, OutboundMessage
    from bots.telegram.handlers.incoming import Incoming
    from tasks_app.context import Actor
    from voice_app.models import VoiceCommand

DAYS_OF_A_WEEK = 7


def today(incoming: Incoming, account: ChatAccount, message: Message, _argument: str) -> Taken:
    """``/today``: what is late, and what is due today."""
    return _list_days(incoming, account, message, 1)


def week(incoming: Incoming, account: ChatAccount, message: Message, _argument: str) -> Taken:
    """``/week``: what is late, and what is due today and on the six days after it."""
    return _list_days(incoming, account, message, DAYS_OF_A_WEEK)


def tasks(incoming: Incoming, account: ChatAccount, message: Message, argument: str) -> Taken:
    """``/tasks``: all that is open; with words, what has them."""
    filters = {"text": argument} if argument else {}
    return _list(incoming, accounts.actor_of(account, message.date), message, Intent.LIST_TASKS, filters)


def projects(incoming: Incoming, account: ChatAccount, message: Message, _argument: str) -> Taken:
    """``/projects``: the person's projects, each with a button that lists its tasks."""
    return _list(incoming, accounts.actor_of(account, message.date), message, Intent.LIST_PROJECTS, {})


def turn_page(press: Press) -> Taken:
    """``l:<command>:<page>`` shows another page of a list in the same message; in a group, for all in its project."""
    if press.incoming.chat_id < 0:
        return _turn_page_in_group(press)
    command, message = _listed(press)
    return press.told(message=_redraw(command, message, lists.show_page(command, press.pressed.number(1))))


def open_task(press: Press) -> Taken:
    """``o:<command>:<number>`` shows all about a task in the place of the list."""
    command, message = _listed(press)
    page = lists.show_task(command, press.pressed.number(1))
    if page is None:
        return _gone(press, command, message)
    return press.told(message=_redraw(command, message, page))


def toggle_done(press: Press) -> Taken:
    """``d:<command>:<number>:<1 when the task alone is shown>`` marks a task as done, or opens it again."""
    command, message = _listed(press)
    number, is_alone = press.pressed.number(1), press.pressed.number(2)
    line = lists.find_line(command, number)
    if line is None:
        raise NotOurButton
    if line.task is None:
        return _gone(press, command, message)
    task_id = line.task.pk
    change = ReopenTask(task_id=task_id) if line.task.completed_at else CompleteTask(task_id=task_id)
    results = execute(press.actor, [change], cause_id=press.incoming.cause_id)
    page = lists.show_task(command, number) if is_alone else None
    shown = _redraw(command, message, page or lists.show_page(command, (number - 1) // lists.PAGE_SIZE))
    return press.told(reply_text([result.to_json() for result in results], press.actor), message=shown)


def open_project(press: Press) -> Taken:
    """``p:<project>`` lists a project's open tasks in a message of their own."""
    project = get_project(press.actor.user, press.pressed.id())
    understanding = _understanding(press.actor, project.name, Intent.LIST_TASKS, {"project": project.name})
    external_id = f"{press.incoming.bot_id}:press:{press.incoming.update_id}"
    submission = submit_understood(press.actor, understanding, external_id=external_id)
    followers.begin_message(submission.command, press.incoming.chat_id, press.message_id)
    return press.told()


def _list_days(incoming: Incoming, account: ChatAccount, message: Message, days: int) -> Taken:
    actor = accounts.actor_of(account, message.date)
    first = day_in(actor.tz, actor.said_at)
    last: dt.date = days_from(first, days - 1)
    filters = {"from": first.isoformat(), "to": last.isoformat(), "late": True}
    return _list(incoming, actor, message, Intent.AGENDA, filters)


def _list(incoming: Incoming, actor: Actor, message: Message, intent: Intent, filters: dict[str, Any]) -> Taken:
    understanding = _understanding(actor, message.text or "", intent, filters)
    external_id = f"{incoming.bot_id}:{incoming.chat_id}:{message.message_id}"
    submission = submit_understood(actor, understanding, external_id=external_id)
    followers.begin_message(submission.command, incoming.chat_id, message.message_id)
    return Taken()


def _understanding(actor: Actor, text: str, intent: Intent, filters: dict[str, Any]) -> Understanding:
    spoken = SpokenCommand(intent=intent, filters=filters)
    return Understanding(text=text, language=actor.language, engine=FROM_MENU, confidence=1.0, commands=(spoken,))


def _turn_page_in_group(press: Press) -> Taken:
    command = find_in_project(press.pressed.id())
    if command is None or command.within_project_id is None:
        raise NotOurButton
    get_project(press.actor.user, command.within_project_id)
    message = _message_with(press, command)
    with translation.override(command.answer_language):
        page = lists.show_page(command, press.pressed.number(1))
        return press.told(message=_redraw(command, message, Page(page.text, lists.turning_alone(page.buttons))))


def _listed(press: Press) -> tuple[VoiceCommand, OutboundMessage]:
    """The person's own list, and the message that shows it in this chat.

    Raises:
        voice_app.errors.CommandNotFound: It is not theirs, or not there any more.
        NotOurButton: It is no list, or not one of this chat.
    """
    command = get_command(press.actor.user, press.pressed.id())
    return command, _message_with(press, command)


def _message_with(press: Press, command: VoiceCommand) -> OutboundMessage:
    message = outbox.find_message(followers.command_key(command))
    if message is None or message.chat_id != press.incoming.chat_id or not lists.is_list(command):
        raise NotOurButton
    return message


def _gone(press: Press, command: VoiceCommand, message: OutboundMessage) -> Taken:
    page = (press.pressed.number(1) - 1) // lists.PAGE_SIZE if press.pressed.number(1) else 0
    return press.told(_("That task is gone."), message=_redraw(command, message, lists.show_page(command, page)))


def _redraw(command: VoiceCommand, message: OutboundMessage, page: Page) -> OutboundMessage:
    text = replies.below_heard(command, page.text, is_spoken=followers.is_spoken(command))
    return outbox.put(message.chat_id, message.dedupe_key, text, page.buttons, is_enqueued=False)
