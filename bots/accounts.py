"""Which chat belongs to whom, and how that comes about."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bots.errors import LinkCodeInvalid
from bots.models import TELEGRAM, ChatAccount, LinkCode
from tasks_app.context import Source
from voice_app.actors import actor_for
from voice_app.understanding.languages import language_codes

if TYPE_CHECKING:
    from tasks_app.context import Actor
    from tasks_app.models import User

CODE_BYTES = 16
CODE_VALID_FOR = dt.timedelta(minutes=15)


@transaction.atomic
def make_link_code(user: User) -> str:
    """A new code for the person; codes that they made before stop working.

    Returns:
        22 characters that fit a Telegram deep link. Only its digest is kept.
    """
    LinkCode.objects.filter(user=user, used_at=None).delete()
    code = secrets.token_urlsafe(CODE_BYTES)
    LinkCode.objects.create(user=user, digest=_digest(code), expires_at=timezone.now() + CODE_VALID_FOR)
    return code


@transaction.atomic
def link_chat(chat_id: int, code: str, *, language: str) -> ChatAccount:
    """Give a chat to the person who made the code; a chat that was someone else's changes hands.

    Raises:
        LinkCodeInvalid: When there is no such code, or it was used or is too old.
    """
    link = (
        LinkCode.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(digest=_digest(code), used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )
    if link is None:
        raise LinkCodeInvalid
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    account, _ = ChatAccount.objects.update_or_create(
        platform=TELEGRAM,
        chat_id=chat_id,
        defaults={"user": link.user, "language": known_language(language), "blocked_at": None},
    )
    return account


def find_account(chat_id: int) -> ChatAccount | None:
    """Whose chat it is; None for a stranger's, and for that of a person who may not sign in any more."""
    return (
        ChatAccount.objects.select_related("user")
        .filter(platform=TELEGRAM, chat_id=chat_id, user__is_active=True)
        .first()
    )


def list_accounts(user: User) -> QuerySet[ChatAccount]:
    """The person's own chats, oldest first."""
    return ChatAccount.objects.filter(user=user, platform=TELEGRAM).order_by("linked_at")


def list_reachable(user: User) -> QuerySet[ChatAccount]:
    """The person's chats that want to hear from us."""
    return list_accounts(user).filter(blocked_at=None)


def unlink_chat(user: User, account_id: int) -> None:
    """Take one of the person's own chats away from them; does nothing for another's."""
    list_accounts(user).filter(pk=account_id).delete()


def mark_blocked(chat_id: int) -> None:
    """The person does not want to hear from the bot in this chat."""
    ChatAccount.objects.filter(platform=TELEGRAM, chat_id=chat_id, blocked_at=None).update(blocked_at=timezone.now())


def mark_reachable(chat_id: int) -> None:
    """The person wrote, or let the bot in again."""
    ChatAccount.objects.filter(platform=TELEGRAM, chat_id=chat_id, blocked_at__isnull=False).update(blocked_at=None)


def actor_of(account: ChatAccount, said_at: dt.datetime) -> Actor:
    """The chat's person, speaking at a moment.

    Args:
        account: Their chat.
        said_at: Aware; when the message was sent.
    """
    language = account.user.language or account.language
    return actor_for(account.user, Source.TELEGRAM, language=language, said_at=said_at)


def known_language(code: str) -> str:
    """The language of a locale such as ``pt-br`` when the program understands it, else an empty string."""
    language = code.partition("-")[0].lower()
    return language if language in language_codes() else ""


def name_of(user: User) -> str:
    """What the person is called."""
    return user.get_short_name() or user.get_username()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
