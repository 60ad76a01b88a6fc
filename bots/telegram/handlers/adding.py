"""``/add``: what follows is a new task, whatever it would mean by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bots import accounts, followers
from bots.telegram.handlers.incoming import Taken
from tasks_app.commands import TITLE_MAX_LENGTH
from tasks_app.intents import Intent
from voice_app.services import PLAIN, Circumstances, submit_understood
from voice_app.types import FROM_MENU, SpokenCommand, Understanding
from voice_app.understanding import interpret
from voice_app.utterances import utterance_of
from voicebot.one_line import one_line

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount
    from bots.telegram.handlers.incoming import Incoming
    from tasks_app.context import Actor

READ_MAX_LENGTH = 1000
"""Characters in which dates, projects and the like are looked for; what is longer is a title as it stands."""


def add(
    incoming: Incoming, account: ChatAccount, message: Message, argument: str, circumstances: Circumstances = PLAIN
) -> Taken:
    """``/add <words>``; without words it tells how to use it."""
    words = one_line(argument)
    if not words:
        return incoming.say(_("Write the task after it, for example: /add buy milk tomorrow"))
    actor = accounts.actor_of(account, message.date)
    understanding = understand_new_task(actor, words)
    external_id = f"{incoming.bot_id}:{incoming.chat_id}:{message.message_id}"
    submission = submit_understood(actor, understanding, external_id=external_id, circumstances=circumstances)
    followers.begin_message(submission.command, incoming.chat_id, message.message_id)
    return Taken()


def understand_new_task(actor: Actor, words: str) -> Understanding:
    """Words as new tasks: as they are understood by themselves, else after "new task", else as a title."""
    for text in (words, _("new task: {words}").format(words=words)) if len(words) <= READ_MAX_LENGTH else ():
        understanding = interpret(utterance_of(actor.user, text, language=None, said_at=actor.said_at, conversation=()))
        if all(command.intent is Intent.CREATE_TASK and command.title for command in understanding.commands):
            return understanding.model_copy(update={"text": words, "engine": FROM_MENU, "needs": None})
    spoken = SpokenCommand(intent=Intent.CREATE_TASK, title=words[:TITLE_MAX_LENGTH])
    return Understanding(text=words, language=actor.language, engine=FROM_MENU, confidence=1.0, commands=(spoken,))
