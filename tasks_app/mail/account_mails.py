"""Mails that a person asked for at the sign-in or on their account page; each holds one link."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from sesame.utils import get_query_string

from tasks_app.accounts.errors import AddressLinkInvalid
from tasks_app.mail import outbox
from tasks_app.models import User
from tasks_app.selectors import get_user_language

if TYPE_CHECKING:
    from collections.abc import Iterable

ACCOUNTS_OF_ONE_ADDRESS = 5
"""So many accounts with one address get a mail each; more is not a household."""
LINK_SECONDS = 60 * 60
_SALT = "tasks_app.mail.address"


def people_with(address: str) -> Iterable[User]:
    """The accounts whose confirmed address this is."""
    return User.objects.filter(email__iexact=address, is_active=True).order_by("pk")[:ACCOUNTS_OF_ONE_ADDRESS]


def mail_sign_in_link(user: User) -> None:
    """Send a link that signs this person in once, within the hour."""
    url = settings.PUBLIC_URL + reverse("sign-in-link") + get_query_string(user)
    with translation.override(get_user_language(user)):
        _put(user, url, _("Your sign-in link"), _("Sign in"))


def mail_password_link(user: User) -> None:
    """Send a link with which this person sets a new password once, within the hour."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    url = settings.PUBLIC_URL + reverse("password-new", args=[uid, token])
    with translation.override(get_user_language(user)):
        _put(user, url, _("Choose a new password"), _("Choose a new password"))


def mail_address_link(user: User, address: str) -> None:
    """Send a link to an address, by which whoever reads it confirms that it is this person's."""
    token = signing.dumps([user.pk, user.email, address], salt=_SALT)
    url = settings.PUBLIC_URL + reverse("confirm-address", args=[token])
    with translation.override(get_user_language(user)):
        _put(user, url, _("Confirm your e-mail address"), _("Confirm"), address=address)


def confirm_address(token: str) -> User:
    """Make the address that a link names its person's own; a link works until their address changes, for an hour.

    Raises:
        AddressLinkInvalid: It has expired, was used, or is not one of ours.
    """
    try:
        user_id, before, address = signing.loads(token, salt=_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise AddressLinkInvalid from error
    if not User.objects.filter(pk=user_id, email=before, is_active=True).update(email=address):
        raise AddressLinkInvalid
    return User.objects.get(pk=user_id)


def _put(user: User, url: str, heading: str, button: str, *, address: str = "") -> None:
    context = {"heading": heading, "button": button, "url": url, "name": user.get_username()}
    outbox.put(
        user,
        f"account:{uuid.uuid4()}",
        subject=heading,
        text=render_to_string("mail/account.txt", context),
        html=render_to_string("mail/account.html", context),
        address=address,
        is_for_sign_in=True,
    )
