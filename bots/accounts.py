"""Which chat belongs to whom, and how that comes about."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from bots.errors import LinkCodeInvalid
from bots.models import TELEGRAM, ChatAccount, LinkCode
from tasks_app.context import Source
from voice_app.actors import actor_for
from voice_app.understanding.languages import language_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks_app.context import Actor
    from tasks_app.models import User

CODE_BYTES = 16
CODE_LENGTH = 22
"""Of such a code in letters; invitations are longer."""
CODE_VALID_FOR = dt.timedelta(minutes=15)
NAME_LIMIT = 150


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
    link = _open_codes(code).select_for_update(of=("self",)).filter(user__is_active=True).first()
    if link is None or link.user is None:
        raise LinkCodeInvalid
    _use_up(link)
    return _give(chat_id, link.user, language)


@transaction.atomic
def make_chat_code(chat_id: int, name: str, *, language: str) -> str:
    """The other way round: a code made in a chat, for the person who opens its link on the page.

    Args:
        chat_id: Where; codes that were made there before stop working.
        name: What the person there calls themselves.
        language: What the platform says that they read.
    """
    LinkCode.objects.filter(chat_id=chat_id, used_at=None).delete()
    code = secrets.token_urlsafe(CODE_BYTES)
    LinkCode.objects.create(
        chat_id=chat_id,
        chat_name=name[:NAME_LIMIT],
        language=known_language(language),
        digest=_digest(code),
        expires_at=timezone.now() + CODE_VALID_FOR,
    )
    return code


def name_behind(code: str) -> str:
    """What the person calls themselves in whose chat the code was made.

    Raises:
        LinkCodeInvalid: As in :func:`accept_chat`.
    """
    link = _open_codes(code).exclude(chat_id=None).first()
    if link is None:
        raise LinkCodeInvalid
    return link.chat_name


@transaction.atomic
def accept_chat(user: User, code: str) -> ChatAccount:
    """Give the chat in which the code was made to the person.

    Raises:
        LinkCodeInvalid: When there is no such code, or it was used or is too old.
    """
    link = _open_codes(code).select_for_update(of=("self",)).exclude(chat_id=None).first()
    if link is None or link.chat_id is None:
        raise LinkCodeInvalid
    _use_up(link)
    return _give(link.chat_id, user, link.language)


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
    """The one chat to which we write unasked; none when all their chats block the bot.

    It is the one that the person chose last for that, else the one that was connected last. When the bot is blocked
    there, the next one in this order takes its place.
    """
    reachable = list_accounts(user).filter(blocked_at=None)
    return reachable.order_by(models.F("preferred_at").desc(nulls_last=True), "-linked_at", "-pk")[:1]


def prefer_chat(account: ChatAccount) -> None:
    """From now on what we write unasked goes to this one of the person's chats."""
    account.preferred_at = timezone.now()
    account.save(update_fields=["preferred_at"])


def is_taken(chat_id: int) -> bool:
    """Whether the chat is anybody's, be it of a person who may not sign in any more."""
    return ChatAccount.objects.filter(platform=TELEGRAM, chat_id=chat_id).exists()


def is_blocked(chat_id: int) -> bool:
    """Whether its person does not want to hear from the bot."""
    return ChatAccount.objects.filter(platform=TELEGRAM, chat_id=chat_id, blocked_at__isnull=False).exists()


def is_only_way_in(account: ChatAccount) -> bool:
    """Whether its person could not sign in without this chat."""
    user = account.user
    return not (user.has_usable_password() or user.email or list_accounts(user).exclude(pk=account.pk).exists())


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


def forget_codes(chat_ids: Sequence[int]) -> None:
    """Delete the codes that were made in some chats."""
    LinkCode.objects.filter(chat_id__in=chat_ids).delete()


def _give(chat_id: int, user: User, language: str) -> ChatAccount:
    account, _ = ChatAccount.objects.update_or_create(
        platform=TELEGRAM,
        chat_id=chat_id,
        defaults={
            "user": user,
            "language": known_language(language),
            "blocked_at": None,
            "preferred_at": None,
            "linked_at": timezone.now(),
        },
    )
    return account


def _open_codes(code: str) -> QuerySet[LinkCode]:
    open_ones = LinkCode.objects.filter(digest=_digest(code), used_at=None, expires_at__gt=timezone.now())
    return open_ones.select_related("user")


def _use_up(link: LinkCode) -> None:
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
