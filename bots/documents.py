"""Files that go to a chat: made when they are sent, so that what waits to be sent holds nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from bots import accounts
from bots.errors import DocumentGone, DocumentTooLarge
from tasks_app.transfer.exports import ExportFormat, export_pieces

if TYPE_CHECKING:
    from bots.models import ChatAccount

MAX_BYTES = 49 * 2**20
"""Telegram takes 50 MB from a bot; the call itself needs some of it."""


@dataclass(frozen=True)
class Document:
    """A file with its name."""

    content: bytes
    name: str


def export_document(account: ChatAccount, file_format: ExportFormat) -> str:
    """What the outbox remembers of an export until it is sent."""
    return f"export:{file_format}:{account.user_id}"


def make_document(chat_id: int, described: str) -> Document:
    """The file itself, as things stand now.

    Args:
        chat_id: Where it goes.
        described: What :func:`export_document` gave.

    Raises:
        DocumentGone: The chat is not that person's any more.
        DocumentTooLarge: Telegram does not take so much.
    """
    _kind, file_format, user_id = described.split(":")
    account = accounts.find_account(chat_id)
    if account is None or account.user_id != int(user_id):
        raise DocumentGone
    now = timezone.now()
    content = bytearray()
    for piece in export_pieces(account.user, ExportFormat(file_format), now=now):
        content += piece
        if len(content) > MAX_BYTES:
            raise DocumentTooLarge
    return Document(bytes(content), f"tasks-{now:%Y-%m-%d}.{file_format}")
