"""The values that handlers get and give."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from bots import outbox
from bots.models import ChatAccount, OutboundMessage
from bots.telegram.keyboards import NotOurButton, Pressed, Rows
from tasks_app.context import Actor

_CAUSES = uuid.UUID("5d5b6a0e-0d1f-4a57-9c0e-3a4c1c0f8a11")
"""Namespace of the ids of what updates cause."""
NO_BUTTONS: Rows = []


@dataclass(frozen=True)
class ButtonAnswer:
    """What a person who pressed a button is told."""

    query_id: str
    text: str = ""
    is_alert: bool = False
    """Whether it stays until they close it."""


@dataclass(frozen=True)
class Article:
    """A result that can be chosen in any chat."""

    id: str
    title: str
    description: str
    text: str
    """What is then sent there, by the person."""


@dataclass(frozen=True)
class InlineAnswer:
    """What a person is offered who types behind the bot's name in any chat."""

    query_id: str
    articles: tuple[Article, ...] = ()
    way_in: str = ""
    """The label of a button that opens the chat with the bot; empty for none."""


@dataclass(frozen=True)
class Taken:
    """What is left to do at once after an update was stored; losing it loses nothing."""

    message_id: uuid.UUID | None = None
    """An outbox row to send now rather than by a job."""
    chat_id: int = 0
    answer: ButtonAnswer | None = None
    inline: InlineAnswer | None = None
    first: outbox.Claim | None = None
    """What of that chat to send first; it was taken together with the update, which saves a transaction."""

    def claimed(self) -> Taken:
        """The same with the chat's next message taken, where it may be sent at once."""
        step = outbox.take_next(self.chat_id)
        return replace(self, first=step) if isinstance(step, outbox.Claim) else self

    def said(self, text: str) -> Taken:
        """The same with the message taken that is on its way already, where it has these words."""
        return self if self.message_id is None else replace(self, first=outbox.take_said(self.message_id, text))

    @property
    def is_unfinished(self) -> bool:
        """Whether anything is left to do."""
        return self.message_id is not None or self.answer is not None or self.inline is not None


@dataclass(frozen=True)
class Incoming:
    """Which update it is and where it comes from."""

    bot_id: int
    update_id: int
    chat_id: int
    language: str
    """What Telegram says of the person's language, such as ``pt-br``; may be empty."""
    name: str = ""
    """What the person calls themselves there."""

    @property
    def cause_id(self) -> uuid.UUID:
        """The id under which the domain knows what this update caused; the same each time it comes."""
        return uuid.uuid5(_CAUSES, f"{self.bot_id}:{self.update_id}")

    def say(self, text: str, buttons: Rows = NO_BUTTONS, *, reply_to: int | None = None) -> Taken:
        """Answer the update with a message of its own."""
        key = f"update:{self.bot_id}:{self.update_id}"
        message = outbox.put(self.chat_id, key, text, buttons, reply_to_message_id=reply_to, is_enqueued=False)
        return Taken(message.pk, self.chat_id)


@dataclass(frozen=True)
class Press:
    """A button that the person of a chat pressed."""

    incoming: Incoming
    account: ChatAccount
    actor: Actor
    query_id: str
    pressed: Pressed
    message_id: int | None = None
    """The platform's id of the message under which it was."""

    def told(self, text: str = "", *, message: OutboundMessage | None = None) -> Taken:
        """Answer it with a note.

        Args:
            text: The note; empty only stops the button's spinner.
            message: An outbox row that is to be sent at once, put with ``is_enqueued=False``.
        """
        answer = ButtonAnswer(self.query_id, text)
        if message is None:
            return Taken(answer=answer)
        return Taken(message.pk, message.chat_id, answer)

    def replace(self, text: str, buttons: Rows = NO_BUTTONS) -> Taken:
        """Answer it by changing the message under which it was.

        Raises:
            NotOurButton: We sent no such message.
        """
        message = outbox.find_sent(self.incoming.chat_id, self.message_id)
        if message is None:
            raise NotOurButton
        return self.told(message=outbox.put(message.chat_id, message.dedupe_key, text, buttons, is_enqueued=False))
