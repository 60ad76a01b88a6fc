"""API tokens: made, found again, looked at and taken back.

A token is a random text that is shown once; what is stored is its digest (knox), and beside it a
:class:`voicebot.models.TokenGrant` with its name, its scopes and when it was last used.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken
from pydantic import BaseModel, ConfigDict, Field

from voicebot.errors import AppError, ErrorCategory
from voicebot.models import Scope, TokenGrant
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from django.db.models.base import ModelBase

Token: TypeAlias = Any
"""A row of knox, which has no types; its ``grant`` is a :class:`TokenGrant`."""


SHOWN_CHARACTERS = 8
"""Of a token, in lists; by far too few to guess the rest."""
DEFAULT_DAYS = 90
MOST_DAYS = 730
USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


class TooManyTokens(AppError):
    """The person has as many tokens as one may have; ``details['limit']``."""

    code = "too_many_tokens"
    http_status = 409
    category = ErrorCategory.INVALID


class TokenNotFound(AppError):
    """No such token, or it is somebody else's."""

    code = "token_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class NewToken(BaseModel):
    """A token to make."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$", description="What uses it."
    )
    scopes: Annotated[frozenset[Scope], Field(min_length=1)] = Field(
        default_factory=lambda: frozenset({Scope.READ}),
        description="What it may do; `read` when you do not say.",
    )
    expires_in_days: int = Field(DEFAULT_DAYS, ge=1, le=MOST_DAYS, description="From now until it ends.")


def make_token(user: AbstractBaseUser, wanted: NewToken) -> tuple[TokenGrant, str]:
    """A new token of this person: what it may do, and the token itself, which is stored nowhere.

    Those that have ended make room.

    Raises:
        TooManyTokens, RateLimited
    """
    check_rate(Rate("make-token", 10, 3600), str(user.pk))
    with transaction.atomic():
        own = AuthToken.objects.filter(user=user)
        own.filter(expiry__lte=timezone.now()).delete()
        if own.count() >= settings.API_TOKENS_FOR_EACH:
            raise TooManyTokens(limit=settings.API_TOKENS_FOR_EACH)
        token, secret = AuthToken.objects.create(user=user, expiry=dt.timedelta(days=wanted.expires_in_days))
        grant = token.grant
        grant.name, grant.scopes = wanted.name.strip(), [scope.value for scope in Scope if scope in wanted.scopes]
        grant.save(update_fields=["name", "scopes"])
        return grant, str(secret)


def grant_everything(sender: ModelBase, instance: Token, created: bool, **_: object) -> None:  # noqa: ARG001  # Django's signature
    """Give a new token its grant: whoever makes one without saying more makes one that may do everything."""
    if created:
        TokenGrant.objects.create(token=instance)


def find_token(secret: str) -> Token | None:
    """The token's row with its person and its grant, when it still lets anybody in."""
    alive = alive_tokens().filter(digest=hash_token(secret))
    return alive.select_related("user", "grant").first()


def alive_tokens() -> QuerySet[Token]:
    """Those that have neither ended nor lost their person."""
    has_time_left = Q(expiry=None) | Q(expiry__gt=timezone.now())
    tokens: QuerySet[Token] = AuthToken.objects.filter(has_time_left, user__is_active=True, grant__isnull=False)
    return tokens


def note_use(token: Token) -> None:
    """Keep that a token was used now; written once a minute at most, however often it is used."""
    now = timezone.now()
    last = token.grant.last_used_at
    if last is None or now - last >= USE_IS_NOTED_EVERY:
        TokenGrant.objects.filter(pk=token.grant.pk).update(last_used_at=now)


def list_tokens(user: AbstractBaseUser) -> QuerySet[TokenGrant]:
    """A person's tokens, also those that have ended and not made room yet."""
    return TokenGrant.objects.filter(token__user_id=user.pk).select_related("token").order_by("-created_at", "id")


def get_token(user: AbstractBaseUser, token_id: UUID) -> TokenGrant:
    """One of a person's tokens.

    Raises:
        TokenNotFound
    """
    found = list_tokens(user).filter(pk=token_id).first()
    if found is None:
        raise TokenNotFound
    return found


def revoke_token(user: AbstractBaseUser, token_id: UUID) -> None:
    """Take a token back; sockets that it opened close within ``SOCKET_CHECK_SECONDS``.

    Raises:
        TokenNotFound
    """
    get_token(user, token_id).token.delete()
