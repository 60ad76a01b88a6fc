"""Spoken changes to tasks that exist: found first, asked about when unclear or dangerous."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tasks_app.commands import (
    Command,
    CompleteTask,
    DeleteTask,
    ReopenTask,
    SnoozeTask,
    UpdateTask,
)
from tasks_app.intents import Intent
from tasks_app.models import Confirmation
from voice_app.resolution.creation import read_due, read_reminders
from voice_app.resolution.names import find_labels, find_person, find_project
from voice_app.resolution.outcomes import Option, Planned, Question, Resolved, Unresolved
from voice_app.resolution.references import Referents, find_referents
from voice_app.shifts import Shift
from voice_app.types import SpokenCommand

if TYPE_CHECKING:
    from tasks_app.models import Task
    from voice_app.resolution.scene import Scene

ACT_ON_SEVERAL_WITHOUT_ASKING = 3
"""So many may be completed or moved at a word, since one Undo takes it back."""
CERTAIN_ENOUGH = 0.6
"""Confidence of the understanding below which a change to an existing task is read back first."""

_PLAIN: dict[Intent, type[CompleteTask | ReopenTask | DeleteTask]] = {
    Intent.COMPLETE_TASK: CompleteTask,
    Intent.REOPEN_TASK: ReopenTask,
    Intent.DELETE_TASK: DeleteTask,
}
SNOOZE_WITHOUT_A_TIME = dt.timedelta(days=1)


def plan_change(scene: Scene, spoken: SpokenCommand, index: int) -> Resolved:
    """Complete, reopen, change, delete, assign or snooze what the phrase refers to."""
    found = find_referents(scene, spoken, index)
    phrase = spoken.task or spoken.title or ""
    if not found.tasks and not found.possible:
        return Unresolved(spoken, "task_not_found", phrase)
    if not found.tasks:
        reason = "near_misses" if found.are_near_misses else "several_match"
        return Question("choice", index, reason, spoken.intent, phrase, _options(found.possible))
    if _must_confirm(scene, spoken, found) and not scene.answer_to(index):
        return Question("confirmation", index, "destructive", spoken.intent, phrase, _options(found.tasks))
    return _plan_on(scene, spoken, found.tasks)


def _must_confirm(scene: Scene, spoken: SpokenCommand, found: Referents) -> bool:
    """Risk is how sure it is, how many it hits, and whether it removes; a person may want to be asked more often."""
    understanding, wanted = scene.understanding, scene.actor.user.confirmation
    if wanted == Confirmation.ALWAYS:
        return True
    if wanted == Confirmation.BEFORE_DELETING and spoken.intent is Intent.DELETE_TASK:
        return True
    if understanding.needs == "confirmation" or understanding.confidence < CERTAIN_ENOUGH:
        return True
    if spoken.intent is Intent.DELETE_TASK:
        return not found.is_sure or len(found.tasks) > 1
    spares_nobody_knows = not found.is_sure and bool((spoken.filters or {}).get("except"))
    return spares_nobody_knows or len(found.tasks) > ACT_ON_SEVERAL_WITHOUT_ASKING


def _options(tasks: tuple[Task, ...]) -> tuple[Option, ...]:
    return tuple(Option(str(task.pk), task.title) for task in tasks)


def _plan_on(scene: Scene, spoken: SpokenCommand, tasks: tuple[Task, ...]) -> Resolved:
    match spoken.intent:
        case Intent.COMPLETE_TASK | Intent.REOPEN_TASK | Intent.DELETE_TASK:
            kind = _PLAIN[spoken.intent]
            return Planned(spoken, tuple(kind(task_id=task.pk) for task in tasks))
        case Intent.ASSIGN_TASK:
            return _plan_assignment(scene, spoken, tasks)
        case Intent.UPDATE_TASK | Intent.SNOOZE if spoken.shift:
            return _plan_shift(scene, spoken, tasks, Shift.read(spoken.shift))
        case Intent.SNOOZE:
            return Planned(spoken, tuple(_snoozed(scene, spoken, task) for task in tasks))
        case _:
            return _plan_update(scene, spoken, tasks)


def _plan_assignment(scene: Scene, spoken: SpokenCommand, tasks: tuple[Task, ...]) -> Resolved:
    person_id = find_person(scene, spoken.assignee)
    if person_id is None:
        return Unresolved(spoken, "person_not_found", spoken.assignee or "")
    return Planned(spoken, tuple(UpdateTask(task_id=task.pk, assignee_id=person_id) for task in tasks))


def _snoozed(scene: Scene, spoken: SpokenCommand, task: Task) -> Command:
    """To the moment that was said, else to the same time on the day after the later of today and its due day."""
    due = read_due(spoken.due)
    if due is None:
        day = max(scene.today, task.due_on or scene.today) + SNOOZE_WITHOUT_A_TIME
        clock = task.due_at.astimezone(scene.actor.tz).time() if task.due_at else None
        due = dt.datetime.combine(day, clock, scene.actor.tz) if clock else day
    return SnoozeTask(task_id=task.pk, until=due)


def _plan_shift(scene: Scene, spoken: SpokenCommand, tasks: tuple[Task, ...], shift: Shift) -> Resolved:
    """By so much from when each task is due; of many, those that can be are moved and the others are named."""
    values, remarks = _new_values(scene, spoken)
    commands: list[Command] = []
    left: dict[str, list[str]] = {}
    for task in tasks:
        problem = _not_movable(task, shift)
        due = None if problem else _shifted(task, shift)
        if due is None:
            left.setdefault(problem or "change_missing", []).append(task.title)
        else:
            commands.append(
                SnoozeTask(task_id=task.pk, until=due)
                if spoken.intent is Intent.SNOOZE and not values
                else UpdateTask(task_id=task.pk, **(values | {"due": due}))
            )
    if not commands:
        problem, titles = next(iter(left.items()))
        return Unresolved(spoken, problem, ", ".join(titles))
    if left:
        remarks["not_moved"] = ", ".join(title for titles in left.values() for title in titles)
    return Planned(spoken, tuple(commands), remarks)


def _not_movable(task: Task, shift: Shift) -> str | None:
    """Why a task cannot be moved by that: hours on a day without a time would be counted from a time nobody said."""
    if task.due_on is None:
        return "due_missing"
    return "time_missing" if task.due_at is None and not shift.is_whole_days else None


def _shifted(task: Task, shift: Shift) -> dt.datetime | dt.date | None:
    """The new due in the task's own zone; None when it leaves the calendar."""
    try:
        if task.due_at is not None:
            return shift.of_moment(task.due_at, ZoneInfo(task.zone))
        return None if task.due_on is None else shift.of_day(task.due_on)
    except OverflowError:
        return None


def _plan_update(scene: Scene, spoken: SpokenCommand, tasks: tuple[Task, ...]) -> Resolved:
    values, remarks = _new_values(scene, spoken)
    if not values:
        problem = "project_not_found" if remarks else "change_missing"
        return Unresolved(spoken, problem, spoken.project or spoken.task or "")
    commands = tuple(_updated(scene, spoken, task, values) for task in tasks)
    return Planned(spoken, commands, remarks)


def _new_values(scene: Scene, spoken: SpokenCommand) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    remarks: dict[str, str] = {}
    for name in ("rrule", "priority"):
        if value := getattr(spoken, name):
            values[name] = value
    if spoken.due:
        values["due"] = read_due(spoken.due)
        values["end"] = read_due(spoken.end)
    if spoken.title and spoken.task:
        values["title"] = spoken.title
    if spoken.remind:
        values["remind"] = read_reminders(spoken.remind)
    if spoken.project:
        project = find_project(scene, spoken.project)
        if project:
            values["project_id"] = project.pk
        else:
            remarks["unknown_project"] = spoken.project
    labels, unknown = find_labels(scene, spoken.labels)
    if labels:
        values["labels"] = labels
    if unknown:
        remarks["unknown_labels"] = ", ".join(unknown)
    return values, remarks


def _updated(scene: Scene, spoken: SpokenCommand, task: Task, values: dict[str, Any]) -> Command:
    """A day without a time keeps the time that the task has: "move the call to Friday" stays at five."""
    values = dict(values)
    if "end" in values and values["end"] is None:
        del values["end"]
    due = values.get("due")
    if isinstance(due, dt.date) and not isinstance(due, dt.datetime) and task.due_at and not spoken.due_has_time:
        clock = task.due_at.astimezone(scene.actor.tz).time()
        values["due"] = dt.datetime.combine(due, clock, scene.actor.tz)
    return UpdateTask(task_id=task.pk, **values)
