"""A spoken new task becomes a command with the person's own project, labels and people."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from tasks_app.commands import CreateTask, Due, RemindAt
from voice_app.resolution.names import find_labels, find_person, find_project
from voice_app.resolution.outcomes import Planned, Question, Resolved

if TYPE_CHECKING:
    from voice_app.resolution.scene import Scene
    from voice_app.types import SpokenCommand

_DUE: TypeAdapter[dt.datetime | dt.date] = TypeAdapter(Due)
_REMIND: TypeAdapter[RemindAt] = TypeAdapter(RemindAt)


def plan_task(scene: Scene, spoken: SpokenCommand, index: int) -> Resolved:
    """A new task; names that the person does not have are remarked on, never invented."""
    title = spoken.title or scene.answer_to(index).get("text")
    if not title:
        return Question("title", index, "no_title", spoken.intent)
    if _must_confirm(scene) and not scene.answer_to(index):
        return Question("confirmation", index, "unsure", spoken.intent, title)
    remarks: dict[str, str] = {}
    project = find_project(scene, spoken.project)
    if spoken.project and project is None:
        remarks["unknown_project"] = spoken.project
    labels, unknown_labels = find_labels(scene, spoken.labels)
    if unknown_labels:
        remarks["unknown_labels"] = ", ".join(unknown_labels)
    assignee_id = find_person(scene, spoken.assignee)
    if spoken.assignee and assignee_id is None:
        remarks["unknown_person"] = spoken.assignee
    command = CreateTask(
        title=title,
        due=read_due(spoken.due),
        end=read_due(spoken.end) if spoken.due else None,
        rrule=spoken.rrule,
        priority=spoken.priority,
        project_id=scene.within_id or (project.pk if project else None),
        labels=labels,
        assignee_id=assignee_id,
        remind=read_reminders(spoken.remind),
    )
    return Planned(spoken, (command,), remarks)


def _must_confirm(scene: Scene) -> bool:
    """Whether a word said alone ("laundry") may not have been meant as a task; beside others, theirs are the doubts."""
    return scene.understanding.needs == "confirmation" and len(scene.understanding.commands) == 1


def read_due(text: str | None) -> dt.datetime | dt.date | None:
    """A date or an aware datetime from its form on the wire."""
    return None if text is None else _DUE.validate_python(text)


def read_reminders(texts: tuple[str, ...]) -> tuple[RemindAt, ...]:
    """Reminders from their form on the wire."""
    return tuple(_REMIND.validate_python(text) for text in texts)
