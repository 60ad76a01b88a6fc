"""Voice, sound files, video notes, videos and text: each becomes a voice command with one message that answers it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from telegram import (
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from bots import accounts, followers, outbox
from bots.errors import MessageKindUnsupported
from bots.models import TELEGRAM, ChatAccount
from bots.telegram.handlers.adding import understand_new_task
from bots.telegram.handlers.incoming import Incoming, Taken
from tasks_app.context import Source
from voice_app.errors import AudioTooLarge
from voice_app.models import VoiceCommand
from voice_app.selectors import list_commands
from voice_app.services import (
    PLAIN,
    Circumstances,
    RemoteFile,
    cancel,
    submit_remote_audio,
    submit_text,
    submit_understood,
)
from voice_app.showing import recall
from voicebot.one_line import one_line

if TYPE_CHECKING:
    import uuid

    from telegram import Audio, Document, Video, VideoNote, Voice

    from bots.telegram.handlers.addressed import Addressed

NAME_LIMIT = 100
_SOUND_TYPES = ("audio/", "video/")


def submit(
    incoming: Incoming,
    account: ChatAccount,
    message: Message,
    circumstances: Circumstances = PLAIN,
    *,
    words: str | None = None,
) -> Taken:
    """Hand the message to the pipeline and write "Listening…"; what was forwarded only makes a proposal.

    Args:
        incoming: The update.
        account: Whose chat.
        message: With words or sound.
        circumstances: What is known beside the words, such as what they correct.
        words: What it says to the bot, when that is not the whole text.

    Raises:
        MessageKindUnsupported: Before anything is stored.
        voicebot.errors.AppError: See :mod:`voice_app.services`.
    """
    said_at = message.date
    if message.forward_origin is not None:
        said_at = message.forward_origin.date
        circumstances = Circumstances(said_by=sender_name(message.forward_origin))
    actor = accounts.actor_of(account, said_at)
    external_id = _external_id(incoming, message)
    if circumstances is PLAIN and (answered := _answered(incoming, account, message)):
        recall(actor, answered, external_id=f"{external_id}:answers")
    if message.text:
        submission = submit_text(actor, words or message.text, external_id=external_id, circumstances=circumstances)
    elif file := find_recording(message):
        submission = submit_remote_audio(actor, file, external_id=external_id, circumstances=circumstances)
    else:
        raise MessageKindUnsupported
    row = followers.begin_message(submission.command, incoming.chat_id, message.message_id)
    is_spoken = message.text is None
    return Taken(row.pk if is_spoken else None, incoming.chat_id)


def submit_edited(
    incoming: Incoming,
    account: ChatAccount,
    message: Message,
    said: Addressed,
    *,
    within_id: uuid.UUID | None = None,
) -> Taken:
    """Do what the words say now instead of what they said before, in the message that answered them.

    Sound cannot be edited, and a caption says nothing; what somebody else had written is not changed here. Of the slash
    commands only ``/add`` did anything that other words can take the place of.

    Args:
        incoming: The update.
        account: Who wrote it.
        message: As it is now.
        said: What it says to the bot.
        within_id: The project of the group where it was written.

    Raises:
        voicebot.errors.AppError: See :mod:`voice_app.services`.
    """
    before = _find_before(account, _external_id(incoming, message))
    if not (message.text and said.words) or said.command not in {"", "add"} or message.edit_date is None:
        return Taken()
    if before is None or before.within_project_id != within_id or one_line(said.words) == before.command_text:
        return Taken()
    actor = accounts.actor_of(account, message.edit_date)
    if before.state == VoiceCommand.State.WAITING:
        cancel(actor, before.pk)
    edit_id = f"{_external_id(incoming, message)}:{incoming.update_id}"
    circumstances = Circumstances(corrects=before, within_project_id=within_id)
    if said.command:
        task = understand_new_task(actor, one_line(said.words))
        submission = submit_understood(actor, task, external_id=edit_id, circumstances=circumstances)
    else:
        submission = submit_text(actor, said.words, external_id=edit_id, circumstances=circumstances)
    if followers.hand_over(before, submission.command) is None:
        followers.begin_message(submission.command, incoming.chat_id, message.message_id)
    return Taken()


def _find_before(account: ChatAccount, external_id: str) -> VoiceCommand | None:
    """What the person's message did last; None when it did nothing, or was somebody else's words."""
    is_same = Q(external_id=external_id) | Q(external_id__startswith=f"{external_id}:")
    known = list_commands(account.user).filter(is_same, source=Source.TELEGRAM)
    newest = known.order_by("-received_at").first()
    return None if newest is None or newest.said_by else newest


def _answered(incoming: Incoming, account: ChatAccount, message: Message) -> VoiceCommand | None:
    """The person's command whose message in this chat they answer; None when they answer none of ours."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != incoming.bot_id:
        return None
    sent = outbox.find_sent(incoming.chat_id, replied.message_id)
    return followers.find_command(account.user, sent) if sent else None


def sender_name(origin: MessageOrigin) -> str:
    """Who said what was forwarded, as far as Telegram tells."""
    match origin:
        case MessageOriginUser():
            name = origin.sender_user.full_name
        case MessageOriginHiddenUser():
            name = origin.sender_user_name
        case MessageOriginChat():
            name = origin.sender_chat.title or ""
        case MessageOriginChannel():
            name = origin.chat.title or ""
        case _:
            name = ""
    return one_line(name)[:NAME_LIMIT] or _("Somebody")


def _external_id(incoming: Incoming, message: Message) -> str:
    return f"{incoming.bot_id}:{incoming.chat_id}:{message.message_id}"


def find_recording(message: Message) -> RemoteFile | None:
    """The sound in a message, whatever kind of message it is.

    Raises:
        AudioTooLarge: Telegram does not give out a file of this size.
    """
    media = message.voice or message.audio or message.video_note or message.video or _sound_document(message)
    if media is None:
        return None
    if (media.file_size or 0) > settings.TELEGRAM_MAX_FILE_BYTES:
        raise AudioTooLarge(limit_megabytes=settings.TELEGRAM_MAX_FILE_BYTES // 2**20)
    return RemoteFile(TELEGRAM, media.file_id, media.file_size, _seconds(media))


def _sound_document(message: Message) -> Document | None:
    document = message.document
    return document if document and (document.mime_type or "").startswith(_SOUND_TYPES) else None


def _seconds(media: Voice | Audio | VideoNote | Video | Document) -> float | None:
    duration = getattr(media, "duration", None)
    return duration.total_seconds() if isinstance(duration, dt.timedelta) else None
