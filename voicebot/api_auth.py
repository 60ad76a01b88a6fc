"""API tokens for REST and sockets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from voicebot.languages import speak_to
from voicebot.tokens import Token, find_token, note_use

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,200}")


class TokenAuthentication(KnoxTokenAuthentication):  # type: ignore[misc]  # knox has no types
    """``Authorization: Token ...``; what cannot be a token is refused before the database sees it."""

    def authenticate_credentials(self, token: bytes) -> tuple[AbstractBaseUser, Token]:
        """The person and the token's row with its grant, in one query.

        Raises:
            AuthenticationFailed: When it is no token, has expired or was taken back.
        """
        found = find_token(token.decode()) if _TOKEN.fullmatch(token) else None
        if found is None:
            raise AuthenticationFailed
        note_use(found)
        speak_to(found.user)
        return found.user, found


def token_of_text(text: str) -> Token | None:
    """The row of a token, which leads to its person and its grant; None when it is none that lets anybody in."""
    try:
        _, token = TokenAuthentication().authenticate_credentials(text.encode())
    except AuthenticationFailed:
        return None
    return token
