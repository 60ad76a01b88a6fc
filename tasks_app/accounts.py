"""The accounts that the program makes by itself."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from tasks_app.models import User


def ensure_owner() -> User:
    """The person for whom the program runs; made on the first run, with no password that could be guessed.

    They sign in by a one-time link. Safe to call from several processes at once.
    """
    owner, _ = User.objects.get_or_create(
        is_owner=True,
        defaults={
            "username": "owner",
            "password": make_password(None),
            "is_staff": True,
            "is_superuser": True,
        },
    )
    return owner
