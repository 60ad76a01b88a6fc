"""The buttons under a receipt, and what they did since it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from bots.telegram.keyboards import button
from voice_app.models import VoiceCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bots.telegram.keyboards import Rows

MOST_ONE_BY_ONE = 4
"""Tasks of one receipt that get a button each; more would bury the message."""
_TITLE_LIMIT = 24
_LEAVES_NO_TASK = frozenset({"delete_task", "complete_task", "undo_changes", "list_tasks", "agenda"})
_DONE = "complete_task"


@dataclass(frozen=True)
class Touched:
    """A task that a command left open."""

    place: int
    """Which of the command's results it is, from 0."""
    task_id: str
    title: str


def find_touched(command: VoiceCommand) -> list[Touched]:
    """The open tasks that a command left behind, each once."""
    found: dict[str, Touched] = {}
    for place, result in enumerate(command.results):
        task_id = result.get("task_id")
        if not task_id:
            continue
        found.pop(task_id, None)
        if result["action"] not in _LEAVES_NO_TASK and not result.get("is_completed"):
            found[task_id] = Touched(place, task_id, result["title"])
    return list(found.values())


def has_changes(command: VoiceCommand) -> bool:
    """Whether there is anything to take back."""
    return command.state == VoiceCommand.State.DONE and any(
        result.get("changed") and result.get("action") != "undo_changes" for result in command.results
    )


def receipt_rows(command: VoiceCommand, acts: Sequence[dict[str, Any]] = ()) -> Rows:
    """What can be done about a receipt: with its one task, with each of a few, or with all at once.

    Args:
        command: That has ended.
        acts: What buttons did already: the newest is what Undo takes back.
    """
    done = {act["task"] for act in acts if act["action"] == _DONE}
    touched = [task for task in find_touched(command) if task.task_id not in done]
    first = [button(_("Undo"), "ru" if acts else "u", command.pk)] if acts or has_changes(command) else []
    if len(touched) == 1:
        place = touched[0].place
        first.append(button(_("Edit"), "re", command.pk, place))
        each = [[button(_("Done"), "rd", command.pk, place), button(_("Snooze"), "rs", command.pk, place)]]
    elif len(touched) <= MOST_ONE_BY_ONE:
        each = [[button(f"✓ {_short(task.title)}", "rd", command.pk, task.place)] for task in touched]
    else:
        each = []
    return [*([first] if first else []), *each, *([] if acts else not_said_rows(command))]


def not_said_rows(command: VoiceCommand) -> Rows:
    """One button that says that it was heard or understood wrongly; none under what nobody said."""
    if not command.command_text:
        return []
    return [[button(_("Not what I said"), "w", command.pk)]]


def get_touched(command: VoiceCommand, place: int) -> Touched | None:
    """The task of a button; None when there is none at that place."""
    return next((task for task in find_touched(command) if task.place == place), None)


def lines_of(acts: Sequence[dict[str, Any]]) -> str:
    """What the buttons did, a line each."""
    return "\n".join(str(act["line"]) for act in acts)


def _short(title: str) -> str:
    return Truncator(title).chars(_TITLE_LIMIT)
