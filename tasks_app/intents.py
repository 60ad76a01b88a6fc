"""What can be asked for, as names: apart from the commands themselves, so that it loads in no time."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """Everything a person can ask for; ``NONE`` is anything that is not about their tasks."""

    CREATE_TASK = "create_task"
    COMPLETE_TASK = "complete_task"
    REOPEN_TASK = "reopen_task"
    UPDATE_TASK = "update_task"
    DELETE_TASK = "delete_task"
    LIST_TASKS = "list_tasks"
    AGENDA = "agenda"
    CREATE_PROJECT = "create_project"
    UPDATE_PROJECT = "update_project"
    DELETE_PROJECT = "delete_project"
    LIST_PROJECTS = "list_projects"
    ASSIGN_TASK = "assign_task"
    SNOOZE = "snooze"
    UNDO = "undo"
    CONFIRM = "confirm"
    DENY = "deny"
    CANCEL = "cancel"
    HELP = "help"
    GREETING = "greeting"
    NONE = "none"


class Priority(StrEnum):
    """How much a task matters, most first."""

    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
