"""What is kept of a person, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from tasks_app.models import User


def privacy_text(user: User) -> str:
    """What is kept of them and for how long, in the active language."""
    return "\n\n".join([_("What I keep of you:"), "\n".join(_kept(user)), _what_can_be_done()])


def kept_days(user: User) -> int:
    """For how many days the person's recordings are kept."""
    limit = int(settings.VOICE_KEEP_RECORDINGS_DAYS)
    return limit if user.keep_recordings_days is None else min(user.keep_recordings_days, limit)


def _kept(user: User) -> list[str]:
    days, trash = kept_days(user), int(settings.TRASH_DAYS)
    recordings = (
        ngettext(
            "• Your recordings, encrypted with a key of your own, for %(count)d day.",
            "• Your recordings, encrypted with a key of your own, for %(count)d days.",
            days,
        )
        if days
        else _("• Your recordings only until they are understood.")
    )
    deleted = ngettext(
        "• What you deleted stays in the trash for %(count)d day.",
        "• What you deleted stays in the trash for %(count)d days.",
        trash,
    )
    shares = (
        _("• What you say may go to services of others where this server uses them, to be understood.")
        if user.shares_with_services
        else _("• What you say goes to no services of others.")
    )
    return [
        _("• Your tasks, projects, labels and settings, and what you wrote and said as text, until you delete them."),
        recordings % {"count": days} if days else recordings,
        deleted % {"count": trash},
        _("• The number of this chat and the language of your Telegram."),
        shares,
    ]


def _what_can_be_done() -> str:
    return _("/settings changes it, /export gives you all of it as a file, and /forget_me deletes it for good.")
