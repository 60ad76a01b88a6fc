"""Who calls the API, and through which door."""

from __future__ import annotations

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from tasks_app.context import Source
from tasks_app.models import User


def caller_of(request: Request) -> User:
    """The signed-in person.

    Raises:
        NotAuthenticated: There is none.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def source_of(request: Request) -> Source:
    """A token stands for another program, a session for the web page."""
    return Source.API if request.auth else Source.WEB
