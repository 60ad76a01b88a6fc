"""Follows what happens to voice commands, reminders and shared tasks, and turns it into chat messages.

The receivers run inside the transaction of what they follow, so a message is written exactly when the
thing itself is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_lazy

from bots import accounts, outbox, replies
from bots.expecting import forget_expected
from bots.voices import answer_aloud
from tasks_app.context import Source
from tasks_app.events import account_erased, news_due, reminder_due
from tasks_app.models import Channel
from tasks_app.reminders.news import line_of
from voice_app.actors import actor_for
from voice_app.events import command_progressed
from voice_app.models import VoiceCommand
from voice_app.progress import hearing_progressed
from voice_app.showing import record_reminders
from voicebot.languages import language_to_answer_in

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bots.models import OutboundMessage
    from tasks_app.models import News, Notice, Reminder, User

PASSING_DELAY_SECONDS = 0.5
"""What is about to be replaced by a receipt waits so long, and is mostly never sent."""
SLOW_TEXT_SECONDS = 0.8
"""After so long a typed command that is not done yet is told that it is being worked on."""

_AFTER_TAKING_BACK = frozenset({VoiceCommand.State.WAITING, VoiceCommand.State.DONE, VoiceCommand.State.CANCELLED})


class Ending(StrEnum):
    """What became of a receipt."""

    UNDONE = "undone"
    CORRECTED = "corrected"


_ENDINGS = {Ending.UNDONE: gettext_lazy("↩ Undone."), Ending.CORRECTED: gettext_lazy("↩ Corrected below.")}


def connect() -> None:
    """Connect the receivers."""
    command_progressed.connect(follow_command, dispatch_uid="bots.follow_command")
    hearing_progressed.connect(show_hearing, dispatch_uid="bots.show_hearing")
    reminder_due.connect(tell_reminders, dispatch_uid="bots.tell_reminders")
    news_due.connect(tell_news, dispatch_uid="bots.tell_news")
    account_erased.connect(forget_messages, dispatch_uid="bots.forget_messages")


def begin_message(command: VoiceCommand, chat_id: int, message_id: int | None) -> OutboundMessage:
    """Write the command's one message, which answers the person's own.

    For a spoken one it is "Listening…", which the caller sends at once. For a typed one the receipt is mostly
    ready sooner than a person can read, so only a slow one gets a first message.
    """
    spoken = is_spoken(command)
    shown = replies.show_command(command, is_spoken=spoken)
    return outbox.put(
        chat_id,
        command_key(command),
        shown.text,
        shown.buttons,
        reply_to_message_id=message_id,
        delay_seconds=0.0 if spoken else SLOW_TEXT_SECONDS,
        is_enqueued=not spoken,
    )


def follow_command(command: VoiceCommand, **_kwargs: object) -> None:
    """Bring a command's message up to date, where it has one, and that of the command that it corrects."""
    if command.source != Source.TELEGRAM:
        return
    if message := outbox.find_message(command_key(command)):
        update_message(message, command)
        answer_aloud(message, command)
    if command.corrects and command.state in _AFTER_TAKING_BACK:
        show_corrected(command.corrects)


def show_hearing(command: VoiceCommand, share: float, **_kwargs: object) -> None:
    """Show how much of a long note was heard."""
    if message := outbox.find_message(command_key(command)):
        with translation.override(command.answer_language):
            text = replies.hearing_text(share)
        outbox.put(message.chat_id, message.dedupe_key, text)


def update_message(message: OutboundMessage, command: VoiceCommand, *, ending: Ending | None = None) -> None:
    """Show the command as it stands now, in the person's language; in a group, the short of it."""
    with translation.override(command.answer_language):
        words = str(_ENDINGS[ending]) if ending else ""
        shown = replies.show_command(command, is_spoken=is_spoken(command), ending=words, acts=message.acts)
    if shown.is_passing and not is_spoken(command):
        return
    if command.within_project_id:
        shown = replies.shorten(command, shown)
    outbox.put(
        message.chat_id,
        message.dedupe_key,
        shown.text,
        shown.buttons,
        delay_seconds=PASSING_DELAY_SECONDS if shown.is_passing else 0.0,
    )


def show_undone(user: User, change_set_id: uuid.UUID) -> None:
    """Say under a command's receipt that it was taken back, and take its buttons away."""
    command = VoiceCommand.objects.filter(user=user, pk=change_set_id).first()
    if command and (message := outbox.find_message(command_key(command))):
        update_message(message, command, ending=Ending.UNDONE)


def show_corrected(command: VoiceCommand) -> None:
    """Say under a command's receipt that other words took its place."""
    if message := outbox.find_message(command_key(command)):
        update_message(message, command, ending=Ending.CORRECTED)


def hand_over(old: VoiceCommand, new: VoiceCommand) -> OutboundMessage | None:
    """Let a command's one message be that of the command that took its place; None when it has none."""
    message = outbox.find_message(command_key(old))
    if message is not None:
        message.dedupe_key, message.acts = command_key(new), []
        message.save(update_fields=["dedupe_key", "acts"])
    return message


def tell_reminders(notice: Notice, reminders: Sequence[Reminder], **_kwargs: object) -> None:
    """Write a notice's message for each chat of the person, unless they want no reminders there."""
    if Channel.TELEGRAM not in notice.channels:
        return
    for account in accounts.list_reachable(notice.user):
        actor = actor_for(notice.user, Source.TELEGRAM, language=notice.user.language or account.language)
        tasks = [reminder.task for reminder in reminders]
        with translation.override(actor.language):
            text = replies.reminders_text(tasks, actor)
            command = record_reminders(actor, tasks, text, external_id=f"notice:{notice.pk}:{account.pk}")
            shown = replies.show_command(command, is_spoken=False)
        outbox.put(account.chat_id, command_key(command), shown.text, shown.buttons, is_repeatable=True)


def tell_news(notice: Notice, news: Sequence[News], **_kwargs: object) -> None:
    """The same for what others did."""
    if Channel.TELEGRAM not in notice.channels:
        return
    for account in accounts.list_reachable(notice.user):
        with translation.override(language_to_answer_in(notice.user.language, account.language)):
            text = "\n".join(f"👥 {line_of(each)}" for each in news)
        outbox.put(account.chat_id, f"notice:{notice.pk}:{account.pk}", text, is_repeatable=True)


def forget_messages(user: User, **_kwargs: object) -> None:
    """Delete what was said, and asked, in the chats of a person who is deleted."""
    chat_ids = [account.chat_id for account in accounts.list_accounts(user)]
    outbox.forget_chats(chat_ids)
    accounts.forget_codes(chat_ids)
    in_groups = VoiceCommand.objects.filter(user=user, within_project_id__isnull=False)
    outbox.forget_messages([command_key(command) for command in in_groups.only("pk")])
    for chat_id in chat_ids:
        forget_expected(chat_id)


def command_key(command: VoiceCommand) -> str:
    """The outbox's key for a command's one message."""
    return f"command:{command.pk}"


def find_command(user: User, message: OutboundMessage) -> VoiceCommand | None:
    """The person's own command that a message is about; None for any other message."""
    kind, _colon, command_id = message.dedupe_key.partition(":")
    return VoiceCommand.objects.filter(user=user, pk=command_id).first() if kind == "command" else None


def is_spoken(command: VoiceCommand) -> bool:
    """Whether it came as sound."""
    return hasattr(command, "remote_audio") or hasattr(command, "recording")
