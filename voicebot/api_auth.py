"""API tokens for REST and sockets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from knox.models import AuthToken

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,200}")


class TokenAuthentication(KnoxTokenAuthentication):  # type: ignore[misc]  # knox has no types
    """``Authorization: Token ...``; what cannot be a token is refused before the database sees it."""

    def authenticate_credentials(self, token: bytes) -> tuple[AbstractBaseUser, AuthToken]:
        """The person and the token's row.

        Raises:
            AuthenticationFailed: When it is no token, has expired or was taken back.
        """
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed
        found: tuple[AbstractBaseUser, AuthToken] = super().authenticate_credentials(token)
        return found

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether the token has expired; looks at this one alone, not at all of the person's with every request."""
        if auth_token.expiry is None or auth_token.expiry >= timezone.now():
            return False
        auth_token.delete()
        return True


def user_of_token(token: str) -> AbstractBaseUser | None:
    """Whose token it is; None when it is nobody's."""
    try:
        user, _ = TokenAuthentication().authenticate_credentials(token.encode())
    except AuthenticationFailed:
        return None
    return user
