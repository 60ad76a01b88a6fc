"""API tokens: seen and taken back from anywhere, made from a signed-in page only."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from knox.models import AuthToken
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from voicebot import tokens
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import NEWEST_FIRST, answer_page
from voicebot.api.scopes import grant_of
from voicebot.errors import NotAllowed
from voicebot.models import TokenGrant
from voicebot.tokens import NewToken, TokenNotFound, TooManyTokens

_TOKEN: dict[str, Any] = {
    "id": "c4d6e8fa-0b1c-4d2e-9f3a-4b5c6d7e8f17",
    "name": "Shortcut on my phone",
    "begins_with": "7d0f6a2b",
    "scopes": ["read", "voice"],
    "created_at": "2026-11-22T09:00:00+00:00",
    "expires_at": "2027-02-20T09:00:00+00:00",
    "last_used_at": "2026-11-22T16:20:00+00:00",
}


class TokenListView(ApiView):
    """``auth/tokens/``."""

    @operation("list_tokens", "auth", Operation("Your tokens", shapes.Token, _TOKEN, orders=NEWEST_FIRST))
    def get(self, request: Request) -> Response:
        """Newest first; the tokens themselves are not kept."""
        return answer_page(request, tokens.list_tokens(caller_of(request)), token_to_json)

    @operation(
        "create_token",
        "auth",
        Operation(
            "Make a token",
            shapes.MadeToken,
            {**_TOKEN, "last_used_at": None, "token": "7d0f6a2b9c1e3f5a…"},
            status=status.HTTP_201_CREATED,
            body=NewToken,
            body_example={"name": "Shortcut on my phone", "scopes": ["read", "voice"], "expires_in_days": 90},
            errors=(TooManyTokens,),
        ),
    )
    def post(self, request: Request) -> Response:
        """Make a token; this answer is the only time that it is shown.

        A token cannot make another one, so one that leaked ends with its own end.
        """
        if request.auth:
            raise NotAllowed
        grant, secret = tokens.make_token(caller_of(request), read_body(NewToken, request))
        body = {**token_to_json(grant), "token": secret}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": f"{request.path}{grant.pk}/"})


class TokenView(ApiView):
    """``auth/tokens/{token_id}/``."""

    @operation("get_token", "auth", Operation("One token", shapes.Token, _TOKEN, errors=(TokenNotFound,)))
    def get(self, request: Request, token_id: uuid.UUID) -> Response:
        """What it may do, and when it was last used, to the minute."""
        return Response(token_to_json(tokens.get_token(caller_of(request), token_id)))

    @operation(
        "revoke_token",
        "auth",
        Operation("Take a token back", status=status.HTTP_204_NO_CONTENT, errors=(TokenNotFound,)),
    )
    def delete(self, request: Request, token_id: uuid.UUID) -> Response:
        """Nobody gets in with it any more, and what it has open closes within seconds."""
        tokens.revoke_token(caller_of(request), token_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PresentTokenView(ApiView):
    """``auth/token/``."""

    @operation(
        "get_present_token",
        "auth",
        Operation("The token of this request", shapes.Token, _TOKEN, errors=(TokenNotFound,), scopes=()),
    )
    def get(self, request: Request) -> Response:
        """For a program that asks what it may do, and until when."""
        if not request.auth:
            raise TokenNotFound
        return Response(token_to_json(grant_of(request)))

    @operation("delete_token", "auth", Operation("Sign out a program", status=status.HTTP_204_NO_CONTENT, scopes=()))
    def delete(self, request: Request) -> Response:
        """Take back the token of this request; from a signed-in page, all of the person's tokens."""
        if request.auth:
            request.auth.delete()
        else:
            AuthToken.objects.filter(user=caller_of(request)).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def token_to_json(grant: TokenGrant) -> dict[str, Any]:
    """All of a token but itself."""
    token = grant.token
    return {
        "id": str(grant.pk),
        "name": grant.name,
        "begins_with": token.token_key[: tokens.SHOWN_CHARACTERS],
        "scopes": grant.scopes,
        "created_at": grant.created_at.isoformat(),
        "expires_at": token.expiry.isoformat() if token.expiry else None,
        "last_used_at": grant.last_used_at.isoformat() if grant.last_used_at else None,
    }


urlpatterns = [
    path("auth/tokens/", TokenListView.as_view(), name="tokens"),
    path("auth/tokens/<uuid:token_id>/", TokenView.as_view(), name="token"),
    path("auth/token/", PresentTokenView.as_view(), name="present-token"),
]
