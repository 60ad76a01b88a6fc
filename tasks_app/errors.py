"""What can go wrong with a person's tasks."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class TaskNotFound(AppError):
    """No such task that this person may see."""

    code = "task_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class ProjectNotFound(AppError):
    """No such project that this person may see."""

    code = "project_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class PersonNotFound(AppError):
    """No such person to whom this person may give a task."""

    code = "person_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class ChangeSetNotFound(AppError):
    """No such set of changes of this person."""

    code = "change_set_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class ProjectNameTaken(AppError):
    """The person has another project of that name; ``details['name']``."""

    code = "project_name_taken"
    http_status = 409
    category = ErrorCategory.INVALID


class RecurrenceInvalid(AppError):
    """The rule is not one that we understand, or it names no day that exists; ``details['rrule']``."""

    code = "recurrence_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class TaskRangeInvalid(AppError):
    """A task ends before it is due, or has an end and no due date."""

    code = "task_range_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class TaskTitleMissing(AppError):
    """A task cannot lose its title."""

    code = "task_title_missing"
    http_status = 400
    category = ErrorCategory.INVALID


class NothingToUndo(AppError):
    """The person has changed nothing that is not undone."""

    code = "nothing_to_undo"
    http_status = 409
    category = ErrorCategory.INVALID


class ChangesAlreadyUndone(AppError):
    """This set of changes is undone already."""

    code = "changes_already_undone"
    http_status = 409
    category = ErrorCategory.INVALID


class UndoConflict(AppError):
    """Something changed since, so that undoing would lose it; ``details['title']`` names what."""

    code = "undo_conflict"
    http_status = 409
    category = ErrorCategory.INVALID
