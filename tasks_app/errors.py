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


class LabelNotFound(AppError):
    """No such label of this person."""

    code = "label_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class CommentNotFound(AppError):
    """No such comment that this person may see."""

    code = "comment_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class MemberNotFound(AppError):
    """No such person in this project."""

    code = "member_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class InvitationNotFound(AppError):
    """Nobody has asked this person to share such a project."""

    code = "invitation_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class LabelNameTaken(AppError):
    """The person has another label of that name; ``details['name']``."""

    code = "label_name_taken"
    http_status = 409
    category = ErrorCategory.INVALID


class MemberAlreadyThere(AppError):
    """The person is in the project already, or has been asked."""

    code = "member_already_there"
    http_status = 409
    category = ErrorCategory.INVALID


class OwnerMustStay(AppError):
    """The person who made a project can neither leave it nor lose their role."""

    code = "owner_must_stay"
    http_status = 409
    category = ErrorCategory.INVALID


class TaskParentInvalid(AppError):
    """A task cannot be a part of itself or of its parts, and a part stays in its parent's project."""

    code = "task_parent_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class TaskNestingTooDeep(AppError):
    """Tasks have parts, and those have parts, down to ``details['limit']`` levels."""

    code = "task_nesting_too_deep"
    http_status = 400
    category = ErrorCategory.INVALID


class PlaceInvalid(AppError):
    """It cannot be put next to that one: not in the same list, or both before and after were given."""

    code = "place_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class NoNextOccurrence(AppError):
    """The task does not recur, or this is its last time."""

    code = "no_next_occurrence"
    http_status = 409
    category = ErrorCategory.INVALID


class FilterInvalid(AppError):
    """A filter in words cannot be read; ``details['position']``, from 1, and ``details['problem']``, a sentence."""

    code = "filter_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class ExportNotFound(AppError):
    """No such export of this person, or it is kept no longer."""

    code = "export_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class ExportNotReady(AppError):
    """The file is not written yet, or could not be; the export's ``state`` says which."""

    code = "export_not_ready"
    http_status = 409
    category = ErrorCategory.INVALID
