"""Voice, sound files, video notes, videos and text: each becomes a voice command with one message that answers it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from telegram import Message

from bots import accounts, followers
from bots.errors import ForwardedNotCarriedOut, MessageKindUnsupported
from bots.models import TELEGRAM, ChatAccount
from bots.telegram.handlers.incoming import Incoming, Taken
from voice_app.errors import AudioTooLarge
from voice_app.services import RemoteFile, submit_remote_audio, submit_text

if TYPE_CHECKING:
    from telegram import Audio, Document, Video, VideoNote, Voice

_SOUND_TYPES = ("audio/", "video/")


def submit(incoming: Incoming, account: ChatAccount, message: Message) -> Taken:
    """Hand the message to the pipeline and write "Listening…".

    Raises:
        ForwardedNotCarriedOut, MessageKindUnsupported: Before anything is stored.
        voicebot.errors.AppError: See :mod:`voice_app.services`.
    """
    if message.forward_origin is not None:
        raise ForwardedNotCarriedOut
    actor = accounts.actor_of(account, message.date)
    external_id = f"{incoming.bot_id}:{incoming.chat_id}:{message.message_id}"
    if message.text:
        submission = submit_text(actor, message.text, external_id=external_id)
    elif file := find_recording(message):
        submission = submit_remote_audio(actor, file, external_id=external_id)
    else:
        raise MessageKindUnsupported
    row = followers.begin_message(submission.command, incoming.chat_id, message.message_id)
    is_spoken = message.text is None
    return Taken(row.pk if is_spoken else None, incoming.chat_id)


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
