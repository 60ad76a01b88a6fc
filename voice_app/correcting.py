"""Words in the place of others that were not what the person said."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tasks_app import services
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound
from voice_app.review.services import complete_report

if TYPE_CHECKING:
    from voice_app.work import Work

_CAUSES = uuid.UUID("0d6b7c1e-52f3-4c44-8a55-f7f4b37d6e21")
"""Namespace of the ids of what is taken back for a correction."""


def take_back_corrected(work: Work) -> None:
    """Undo what the corrected command did, as one and once, and note what was really said.

    Raises:
        UndoConflict: Something of it was changed since; nothing is taken back.
    """
    command = work.command
    if command.corrects is None:
        return
    complete_report(command.corrects, command.command_text)
    cause_id = uuid.uuid5(_CAUSES, str(command.pk))
    try:
        results = services.undo_change_set(work.actor, command.corrects.pk, cause_id)
    except (ChangeSetNotFound, ChangesAlreadyUndone):
        return
    work.results.extend(result.to_json() for result in results)
