"""The link that switches mail off without signing in."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tasks_app.mail.errors import UnsubscribeLinkInvalid
from tasks_app.models import NotificationPreference, User

_SALT = "tasks_app.mail.unsubscribe"


def unsubscribe_url(user: User) -> str:
    """Where this person, or their mail program, switches mail off; works for ever and does nothing else."""
    token = signing.Signer(salt=_SALT).sign_object(user.pk)
    return settings.PUBLIC_URL + reverse("unsubscribe", args=[token])


def person_of(token: str) -> User:
    """Whom a link was made for.

    Raises:
        UnsubscribeLinkInvalid: It is not one of ours, or the person is gone.
    """
    try:
        user = User.objects.filter(pk=signing.Signer(salt=_SALT).unsign_object(token)).first()
    except signing.BadSignature:
        user = None
    if user is None:
        raise UnsubscribeLinkInvalid
    return user


def switch_email_off(user: User) -> None:
    """Send this person no more mail; what waits is not sent either."""
    NotificationPreference.objects.update_or_create(user=user, defaults={"email": False})
