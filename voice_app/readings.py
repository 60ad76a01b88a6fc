"""What spoken commands that change nothing show: lists, the agenda, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app import selectors
from tasks_app.intents import Intent
from tasks_app.serialization import project_to_json, task_to_json
from voice_app.resolution.references import select_tasks
from voice_app.resolution.scene import Scene

if TYPE_CHECKING:
    from voice_app.types import SpokenCommand
    from voice_app.work import Work
    from voicebot.errors import JsonValue

MOST_SHOWN = 30


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
    scene = Scene(work.actor, work.understanding, {}, [])
    filters = dict(spoken.filters or {})
    if spoken.intent is Intent.AGENDA and "from" not in filters:
        filters["from"] = filters["to"] = scene.today.isoformat()
    tasks = select_tasks(scene, filters)
    return {
        "tasks": [task_to_json(task) for task in tasks[:MOST_SHOWN]],
        "total": len(tasks),
        "from": filters.get("from"),
        "to": filters.get("to"),
    }
