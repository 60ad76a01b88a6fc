"""What a token may do: one rule for every operation of the API, also for those that are yet to be written.

An operation asks for one of a few scopes, told by its group and its method, unless its
:class:`voicebot.api.operations.Operation` names others. A person on a page of this site needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from voicebot.errors import AppError, ErrorCategory
from voicebot.models import Scope, TokenGrant

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

Scopes = tuple[Scope, ...]
"""Any one of them is enough; none at all means that every token will do."""

_OWN_CHANGES = {
    "voice": Scope.VOICE,
    "auth": Scope.ACCOUNT,
    "me": Scope.ACCOUNT,
    "webhooks": Scope.ACCOUNT,  # what they send away outlives the token that made them
}
"""Groups that are changed, and seen as well, under a scope of their own."""
_NOT_FOR_READERS = frozenset({"auth"})


class ScopeMissing(AppError):
    """The token was made for less; ``details['scope']`` names what would do, ``details['granted']`` what it has."""

    code = "scope_missing"
    http_status = 403
    category = ErrorCategory.AUTH


def usual_scopes(method: str, tag: str) -> Scopes:
    """What an operation asks for that names nothing itself.

    Args:
        method: In small letters.
        tag: The operation's group.
    """
    own = _OWN_CHANGES.get(tag)
    if method not in {"get", "head"}:
        return (own or Scope.WRITE,)
    if tag in _NOT_FOR_READERS and own:
        return (own,)
    return (Scope.READ, own) if own else (Scope.READ,)


def check_scopes(granted: list[str], wanted: Scopes) -> None:
    """Refuse a token that was made for less.

    Raises:
        ScopeMissing
    """
    if wanted and not set(wanted) & set(granted):
        raise ScopeMissing(scope=wanted[0].value, granted=list(granted))


class TokenMayDoThis(BasePermission):
    """Looks at the token's scopes before any view does its work.

    What says nothing of itself takes a token that may do everything, so that forgetting it opens nothing.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Always, unless it raises.

        Raises:
            ScopeMissing
        """
        handler = getattr(view, (request.method or "").lower(), None)
        if request.auth is None or handler is None or request.method == "OPTIONS":
            return True
        granted: list[str] = grant_of(request).scopes
        wanted: Scopes | None = getattr(handler, "scopes", None)
        for each in [wanted] if wanted is not None else [(scope,) for scope in Scope]:
            check_scopes(granted, each)
        return True


def grant_of(request: Request) -> TokenGrant:
    """What the token of a request may do; only for one that came with a token."""
    grant: TokenGrant = request.auth.grant  # type: ignore[union-attr]  # REST framework knows only its own tokens
    return grant
