"""A request of a page that is for who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from tasks_app.models import User


class SignedInRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User
