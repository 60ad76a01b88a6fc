"""Accounts that begin in a chat, as far as the sign-up policy lets them."""

from __future__ import annotations

import secrets

from django.db import transaction

from bots.accounts import NAME_LIMIT, is_taken, known_language
from bots.models import TELEGRAM, ChatAccount
from tasks_app.accounts.errors import SignUpClosed
from tasks_app.accounts.sign_up import check_may_sign_up, sign_up
from tasks_app.models import User
from tasks_app.places import guess_zone
from voicebot.one_line import one_line


@transaction.atomic
def make_account(chat_id: int, name: str, *, language: str, token: str = "") -> ChatAccount:
    """An account without a password for the person of a private chat, which is connected with it.

    Args:
        chat_id: Nobody's yet.
        name: What the person calls themselves.
        language: A locale such as ``pt-br``; the account speaks it, and has its clock where there is but one.
        token: Of an invitation.

    Raises:
        tasks_app.accounts.errors.SignUpClosed: Nobody may, or not without an invitation, or this chat is somebody's
            who was shut out.
        tasks_app.accounts.errors.SignUpInvitationInvalid: The invitation is used or has expired.
    """
    check_may_sign_up(token)
    if is_taken(chat_id):
        raise SignUpClosed
    person = User(
        username=f"telegram-{chat_id}-{secrets.token_hex(3)}",
        first_name=one_line(name)[:NAME_LIMIT],
        language=known_language(language),
        timezone=guess_zone(language) or "",
    )
    person.set_unusable_password()
    user = sign_up(person, token)
    return ChatAccount.objects.create(user=user, platform=TELEGRAM, chat_id=chat_id, language=known_language(language))
