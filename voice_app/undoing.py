"""Undo from the doors where a person presses a button instead of saying it."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import translation

from tasks_app import services
from tasks_app.context import Actor
from voice_app import replies


def undo(actor: Actor, change_set_id: uuid.UUID) -> tuple[str, list[dict[str, Any]]]:
    """Revert a set of the person's own changes as one.

    Returns:
        The sentence about it, and what each reverted command was.

    Raises:
        ChangeSetNotFound, ChangesAlreadyUndone, UndoConflict: See :mod:`tasks_app.errors`.
    """
    results = [result.to_json() for result in services.undo_change_set(actor, change_set_id, uuid.uuid4())]
    with translation.override(actor.language):
        return replies.reply_text(results, actor), results
