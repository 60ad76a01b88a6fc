"""What spoken commands that change nothing show: lists, the agenda, help."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tasks_app import selectors
from tasks_app.agenda import MAX_DAYS, get_agenda
from tasks_app.intents import Intent
from tasks_app.serialization import project_to_json, task_to_json
from voice_app.resolution.references import read_filters, select_tasks
from voice_app.resolution.scene import Scene

if TYPE_CHECKING:
    from uuid import UUID

    from voice_app.types import SpokenCommand
    from voice_app.work import Work
    from voicebot.errors import JsonValue

MOST_SHOWN = 30
MOST_COUNTED = 200
"""So many places of a list can be spoken of, or be paged through."""


def read(work: Work, spoken: SpokenCommand) -> dict[str, JsonValue]:
    """The result of one spoken command that only reads."""
    shown: dict[str, JsonValue] = {"action": spoken.intent.value, "changed": False}
    match spoken.intent:
        case Intent.LIST_TASKS | Intent.AGENDA:
            return {**shown, **_tasks(work, spoken)}
        case Intent.LIST_PROJECTS:
            projects = selectors.list_projects(work.actor.user)
            return {**shown, "projects": [project_to_json(project) for project in projects[:MOST_SHOWN]]}
        case _:
            return shown


def _tasks(work: Work, spoken: SpokenCommand) -> dict[str, JsonValue]:
    scene = Scene(work.actor, work.understanding, {}, [], within_id=work.command.within_project_id)
    filters = dict(spoken.filters or {})
    if spoken.intent is Intent.AGENDA and "from" not in filters:
        filters["from"] = filters["to"] = scene.today.isoformat()
    tasks = _agenda(scene, filters)
    if tasks is None:
        tasks = [task_to_json(task) for task in select_tasks(scene, filters)]
    return {
        "tasks": [*tasks[:MOST_SHOWN]],
        "ids": [task["id"] for task in tasks[:MOST_COUNTED]],
        "total": len(tasks),
        "text": filters.get("text"),
        "from": filters.get("from"),
        "to": filters.get("to"),
    }


def _agenda(scene: Scene, filters: dict[str, Any]) -> list[dict[str, JsonValue]] | None:
    """Each task once, at its first time within the days, also when it only comes round again then.

    With ``late`` in the filters, the late tasks of earlier days come first.

    None where an agenda cannot say it: without both days, for more of them than it holds, or not about open tasks.
    """
    chosen = read_filters(scene, filters)
    first, last = chosen.due_from, chosen.due_to
    if first is None or last is None or chosen.overdue or chosen.status != "open":
        return None
    if not 0 <= (last - first).days < MAX_DAYS:
        return None
    actor, narrowing = scene.actor, replace(chosen, due_from=None, due_to=None)
    agenda = get_agenda(actor.user, first, last, actor.tz, now=actor.said_at, narrowing=narrowing, with_reminders=False)
    late = agenda.overdue if filters.get("late") else ()
    shown: dict[UUID, dict[str, JsonValue]] = {task.pk: task_to_json(task) for task in late}
    for entry in agenda.entries:
        shown.setdefault(entry.task.pk, {**task_to_json(entry.task), "due": entry.due})
    return list(shown.values())
