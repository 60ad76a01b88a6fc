"""Spoken commands about whole projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks_app.commands import Command, CreateProject, DeleteProject, UpdateProject
from tasks_app.intents import Intent
from voice_app.resolution.names import find_project
from voice_app.resolution.outcomes import Option, Planned, Question, Resolved, Unresolved

if TYPE_CHECKING:
    from voice_app.resolution.scene import Scene
    from voice_app.types import SpokenCommand


def plan_project(scene: Scene, spoken: SpokenCommand, index: int) -> Resolved:
    """Create, rename or delete; deleting one that holds tasks is asked about first."""
    if spoken.intent is Intent.CREATE_PROJECT:
        return _plan_new(scene, spoken, index)
    phrase = spoken.project or spoken.task or ""
    project = find_project(scene, phrase)
    if project is None:
        return Unresolved(spoken, "project_not_found", phrase)
    if spoken.intent is Intent.UPDATE_PROJECT:
        if not spoken.title:
            return Question("title", index, "no_title", spoken.intent, project.name)
        return _planned(spoken, UpdateProject(project_id=project.pk, name=spoken.title))
    if scene.answer_to(index).get("confirmed"):
        return _planned(spoken, DeleteProject(project_id=project.pk))
    return Question(
        "confirmation", index, "destructive", spoken.intent, project.name, (Option(str(project.pk), project.name),)
    )


def _plan_new(scene: Scene, spoken: SpokenCommand, index: int) -> Resolved:
    name = spoken.title or spoken.project or scene.answer_to(index).get("text")
    if not name:
        return Question("title", index, "no_title", spoken.intent)
    if any(project.name.casefold() == name.casefold() for project in scene.projects):
        return Unresolved(spoken, "project_name_taken", name)
    return _planned(spoken, CreateProject(name=name))


def _planned(spoken: SpokenCommand, command: Command) -> Planned:
    return Planned(spoken, (command,))
