"""Tasks and projects as JSON: one shape for events, REST and the page."""

from __future__ import annotations

import datetime as dt

from tasks_app.clock import wire_form
from tasks_app.intents import Priority
from tasks_app.models import Label, Project, ProjectMember, Task, TaskComment
from tasks_app.results import Facts
from voicebot.errors import JsonValue

_WORDS = {number: Priority(label) for number, label in zip((1, 2, 3, 4), Priority, strict=True)}
_NUMBERS = {word: number for number, word in _WORDS.items()}


def priority_word(number: int | None) -> Priority | None:
    """The word for a stored priority."""
    return None if number is None else _WORDS[number]


def priority_number(word: Priority | None) -> int | None:
    """The number under which a priority is stored."""
    return None if word is None else _NUMBERS[word]


def task_to_json(task: Task) -> dict[str, JsonValue]:
    """A task as every door shows it.

    Reads its project, labels and reminders: for many, take those of ``for_json``, which have them, or prefetch.
    """
    return {
        "id": str(task.id),
        "title": task.title,
        "notes": task.notes,
        "start": wire_form(task.start_on, task.start_at, task.zone),
        "due": wire_form(task.due_on, task.due_at, task.zone),
        "due_has_time": task.due_at is not None,
        "end": wire_form(task.end_on, task.end_at, task.zone),
        "duration_minutes": task.duration_minutes,
        "rrule": task.rrule or None,
        "repeats_after_completion": task.repeats_after_completion,
        "priority": priority_word(task.priority),
        "parent_id": str(task.parent_id) if task.parent_id else None,
        "position": task.position,
        "project": {"id": str(task.project_id), "name": _project_name(task)} if task.project_id else None,
        "labels": _label_names(task),
        "remind": list(reminder_moments(task)),
        "assignee_id": task.assignee_id,
        "completed_at": task.completed_at.isoformat() if task.completed_at else None,
        "created_at": task.created_at.isoformat(),
        "updated_at": task.updated_at.isoformat(),
        "version": task.version,
    }


def project_to_json(project: Project) -> dict[str, JsonValue]:
    """A project as every door shows it."""
    return {
        "id": str(project.id),
        "name": project.name,
        "colour": project.colour,
        "owner_id": project.owner_id,
        "is_archived": project.is_archived,
        "created_at": project.created_at.isoformat(),
        "version": project.version,
    }


def member_to_json(member: ProjectMember) -> dict[str, JsonValue]:
    """A member as the others see them; reads their account and the project."""
    return {
        "id": str(member.id),
        "user_id": member.user_id,
        "username": member.user.get_username(),
        "name": member.user.get_full_name(),
        "role": member.role,
        "has_joined": member.joined_at is not None,
        "project": {"id": str(member.project_id), "name": member.project.name},
    }


def label_to_json(label: Label) -> dict[str, JsonValue]:
    """A label as every door shows it."""
    return {"id": str(label.id), "name": label.name, "colour": label.colour, "version": label.version}


def comment_to_json(comment: TaskComment) -> dict[str, JsonValue]:
    """A comment as everybody who sees the task sees it; reads its author."""
    return {
        "id": str(comment.id),
        "task_id": str(comment.task_id),
        "author_id": comment.author_id,
        "author": comment.author.get_username() if comment.author else None,
        "text": comment.text,
        "created_at": comment.created_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "version": comment.version,
    }


def task_facts(task: Task) -> Facts:
    """A task in short, for the result of a command."""
    return Facts(
        title=task.title,
        due=wire_form(task.due_on, task.due_at, task.zone),
        due_has_time=task.due_at is not None,
        end=wire_form(task.end_on, task.end_at, task.zone),
        rrule=task.rrule or None,
        priority=priority_word(task.priority),
        project=task.project.name if task.project else None,
        labels=tuple(label.name for label in task.labels.all()),
        remind=reminder_moments(task),
        is_completed=task.completed_at is not None,
    )


def project_facts(project: Project) -> Facts:
    """A project in short, for the result of a command."""
    return Facts(title=project.name, is_archived=project.is_archived)


def reminder_moments(task: Task) -> tuple[str, ...]:
    """When the person is told of it, earliest first; ISO datetimes with the offset of the task's zone."""
    moments: list[dt.datetime] | None = getattr(task, "reminded_at", None)
    if moments is None:
        moments = sorted(reminder.remind_at for reminder in task.reminders.all() if reminder.remind_at)
    return tuple(text for moment in moments if (text := wire_form(None, moment, task.zone)))


def _project_name(task: Task) -> str:
    name: str | None = getattr(task, "project_name", None)
    if name is None and task.project is not None:
        name = task.project.name
    return name or ""


def _label_names(task: Task) -> list[JsonValue]:
    names: list[JsonValue] | None = getattr(task, "label_names", None)
    return [label.name for label in task.labels.all()] if names is None else names
