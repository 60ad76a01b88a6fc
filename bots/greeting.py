"""What a chat is told when it was connected."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from bots import accounts, outbox
from bots.telegram.handlers.guidance import help_text
from voicebot.languages import language_to_answer_in

if TYPE_CHECKING:
    from bots.models import ChatAccount


def greeting_text(account: ChatAccount) -> str:
    """Whose it is now and what can be done there, in the person's language."""
    with translation.override(language_to_answer_in(account.user.language, account.language)):
        greeting = _("This chat now belongs to %(name)s.") % {"name": accounts.name_of(account.user)}
        return f"{greeting}\n\n{help_text()}"


def greet(account: ChatAccount) -> None:
    """Say so in a chat that was connected from the page."""
    outbox.put(account.chat_id, f"greeting:{uuid.uuid4()}", greeting_text(account))
