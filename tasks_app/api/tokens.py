"""API tokens: made and taken back from a signed-in page or with a token."""

from __future__ import annotations

from django.conf import settings
from django.urls import path
from knox.models import AuthToken
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.models import User
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation
from voicebot.errors import AppError, ErrorCategory, NotAllowed
from voicebot.throttling import Rate, check_rate


class TooManyTokens(AppError):
    """The person has as many tokens as one may have; ``details['limit']``."""

    code = "too_many_tokens"
    http_status = 409
    category = ErrorCategory.INVALID


class TokenView(ApiView):
    """``auth/token/``."""

    @operation(
        "create_token",
        "auth",
        Operation(
            "Make a token",
            shapes.NewToken,
            {"token": "7d0f…", "key": "7d0f6a2b9c1e3f5a", "expires_at": "2027-11-22T09:00:00+00:00"},
            status=status.HTTP_201_CREATED,
            errors=(TooManyTokens,),
            answers_once=False,
        ),
    )
    def post(self, request: Request) -> Response:
        """Make a token; this answer is the only time that it is shown.

        A token cannot make another one, so one that leaked ends with its own end.
        """
        if request.auth:
            raise NotAllowed
        row, token = make_token(caller_of(request))
        body = {"token": token, "key": row.token_key, "expires_at": row.expiry.isoformat()}
        return Response(body, status=status.HTTP_201_CREATED)

    @operation("delete_token", "auth", Operation("Take tokens back", status=status.HTTP_204_NO_CONTENT))
    def delete(self, request: Request) -> Response:
        """Take back the token of this request; from a signed-in page, all of the person's tokens."""
        if request.auth:
            request.auth.delete()
        else:
            AuthToken.objects.filter(user=caller_of(request)).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def make_token(user: User) -> tuple[AuthToken, str]:
    """A new token of this person: its row, and the token itself, which is stored nowhere.

    Raises:
        TooManyTokens, RateLimited
    """
    check_rate(Rate("make-token", 10, 3600), str(user.pk))
    if AuthToken.objects.filter(user=user).count() >= settings.API_TOKENS_FOR_EACH:
        raise TooManyTokens(limit=settings.API_TOKENS_FOR_EACH)
    row, token = AuthToken.objects.create(user=user)
    return row, str(token)


urlpatterns = [path("auth/token/", TokenView.as_view(), name="auth-token")]
