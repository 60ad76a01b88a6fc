"""Asks a chat for something: the next message there is the answer, and not a command of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from bots.models import TELEGRAM, ExpectedAnswer

if TYPE_CHECKING:
    from voicebot.errors import JsonValue

EXPECTED_FOR = dt.timedelta(minutes=10)
"""Afterwards nobody remembers the question, and a message means what it says."""


def expect_answer(chat_id: int, kind: str, about: dict[str, JsonValue]) -> None:
    """From now on the chat's next message is the answer; an answer that was expected before is not any more.

    Args:
        chat_id: Where.
        kind: What becomes of it: a key of ``ANSWERS`` in :mod:`bots.telegram.handlers.answers`.
        about: What that needs to know.
    """
    ExpectedAnswer.objects.update_or_create(
        platform=TELEGRAM,
        chat_id=chat_id,
        defaults={"kind": kind, "about": about, "expires_at": timezone.now() + EXPECTED_FOR},
    )


def take_expected(chat_id: int) -> ExpectedAnswer | None:
    """What the chat's message answers, once; None when nothing was asked, or too long ago."""
    expected = ExpectedAnswer.objects.select_for_update().filter(platform=TELEGRAM, chat_id=chat_id).first()
    if expected is None:
        return None
    expected.delete()
    return expected if expected.expires_at > timezone.now() else None


def forget_expected(chat_id: int) -> None:
    """The next message means what it says."""
    ExpectedAnswer.objects.filter(platform=TELEGRAM, chat_id=chat_id).delete()
