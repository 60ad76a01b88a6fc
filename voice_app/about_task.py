"""Words about one task that the person chose before they spoke: whatever they say is a change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app.clock import wire_form
from tasks_app.intents import Intent
from voice_app.types import SpokenCommand, Turn, Understanding, Utterance
from voice_app.understanding.continuing import moved, read_moment
from voice_app.understanding.dates import find_times

if TYPE_CHECKING:
    import datetime as dt

    from tasks_app.models import Task

LIKELY = 0.8
"""They chose the task themselves, so a loose phrase need not be read back."""
_OTHER_CHANGES = frozenset(
    {
        Intent.COMPLETE_TASK,
        Intent.REOPEN_TASK,
        Intent.DELETE_TASK,
        Intent.ASSIGN_TASK,
        Intent.SNOOZE,
        Intent.CANCEL,
        Intent.DENY,
        Intent.UNDO,
    }
)


def turn_about(task: Task, said_at: dt.datetime) -> Turn:
    """The task as if the person had just named it, so that "no, at six" refers to it."""
    due = wire_form(task.due_on, task.due_at, task.zone)
    named = SpokenCommand(intent=Intent.CREATE_TASK, title=task.title, due=due, due_has_time=task.due_at is not None)
    return Turn(task.title, said_at, (named,), (task.title,), (due,))


def as_change(understanding: Understanding, task: Task, utterance: Utterance) -> Understanding:
    """The same words as a change of the task: a new day, a new title, or what they say themselves.

    Args:
        understanding: Of the words by themselves.
        task: What they are about.
        utterance: The words.
    """
    commands = tuple(_as_change(command, task, utterance) for command in understanding.commands)
    confidence = max(understanding.confidence, LIKELY)
    return understanding.model_copy(update={"commands": commands, "confidence": confidence, "needs": None})


def _as_change(command: SpokenCommand, task: Task, utterance: Utterance) -> SpokenCommand:
    reference = {"task": task.title, "filters": None}
    if command.intent in _OTHER_CHANGES:
        return command.model_copy(update=reference)
    changes: dict[str, object] = {"intent": Intent.UPDATE_TASK, **reference}
    if command.intent is not Intent.UPDATE_TASK and command.due and not command.title:
        changes |= _moved(task, utterance)
    return command.model_copy(update=changes)


def _moved(task: Task, utterance: Utterance) -> dict[str, object]:
    """Nothing but a time was said: a time alone stays on the task's day, a day alone keeps its time."""
    said_at = utterance.said_at
    times = find_times(
        utterance.text,
        utterance.language or "en",
        said_at,
        locale=utterance.locale,
        week_starts_on=utterance.week_starts_on,
    )
    base = read_moment(wire_form(task.due_on, task.due_at, task.zone))
    moment = moved(base, times, said_at, anchored=False) if times else None
    return moment.fields() if moment else {}
