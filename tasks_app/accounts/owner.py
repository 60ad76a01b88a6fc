"""The account that the program makes by itself, and what it learns of people."""

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


def remember_language(user: User, language: str) -> None:
    """Keep the language that a person was first heard to speak; one that is set already stays.

    Args:
        user: Who spoke.
        language: ISO 639-1 code.
    """
    if User.objects.filter(pk=user.pk, language="").update(language=language):
        user.language = language
