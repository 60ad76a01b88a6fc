"""Who may make an account, and the invitations of administrators."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tasks_app.accounts.errors import SignUpClosed, SignUpInvitationInvalid
from tasks_app.models import Invitation, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

INVITATION_DAYS = 7


def invite(*, made_by: User | None = None, note: str = "", days: int = INVITATION_DAYS) -> tuple[Invitation, str]:
    """A link with which one person may sign up.

    Args:
        made_by: The administrator; None at the command line.
        note: Whom it is for.
        days: How long it works, at least one.

    Returns:
        The invitation, and the address of its link, which is stored nowhere.
    """
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        digest=_digest(token), note=note, made_by=made_by, expires_at=timezone.now() + dt.timedelta(days=max(1, days))
    )
    return invitation, settings.PUBLIC_URL + reverse("sign-up-invited", args=[token])


def check_may_sign_up(token: str) -> None:
    """Refuse who may not make an account.

    Args:
        token: Of an invitation's link; empty without one.

    Raises:
        SignUpClosed: Nobody may, or not without an invitation.
        SignUpInvitationInvalid: The invitation is used or has expired.
    """
    if settings.SIGN_UP == "closed" or (settings.SIGN_UP == "invitation" and not token):
        raise SignUpClosed
    if token and not _open_invitations(token).exists():
        raise SignUpInvitationInvalid


@transaction.atomic
def sign_up(new: User, token: str) -> User:
    """Make an account, and use the invitation up.

    Args:
        new: Filled in and checked, not saved yet.
        token: Of an invitation's link; empty without one.

    Raises:
        SignUpClosed, SignUpInvitationInvalid: As in :func:`check_may_sign_up`.
    """
    check_may_sign_up(token)
    invitation = _open_invitations(token).select_for_update().first() if token else None
    if token and invitation is None:
        raise SignUpInvitationInvalid
    new.save()
    if invitation is not None:
        invitation.used_at, invitation.used_by = timezone.now(), new
        invitation.save(update_fields=["used_at", "used_by"])
    return new


def _open_invitations(token: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(digest=_digest(token), used_at=None, expires_at__gt=timezone.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
