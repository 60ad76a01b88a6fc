"""What can be wrong with a file that somebody brings in, and with a row of it."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class ImportNotFound(AppError):
    """No such import of this person."""

    code = "import_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class ImportAlreadyRunning(AppError):
    """The person's last import is not done yet; one goes after another."""

    code = "import_already_running"
    http_status = 409
    category = ErrorCategory.INVALID


class ImportAlreadyStarted(AppError):
    """It is being carried out or is at its end, so it can neither be started nor cancelled."""

    code = "import_already_started"
    http_status = 409
    category = ErrorCategory.INVALID


class ImportFileTooLarge(AppError):
    """The file has more than ``details['limit_megabytes']``, packed or unpacked."""

    code = "import_file_too_large"
    http_status = 413
    category = ErrorCategory.INVALID


class ImportTooManyRows(AppError):
    """The file has more than ``details['limit']`` tasks."""

    code = "import_too_many_rows"
    http_status = 413
    category = ErrorCategory.INVALID


class ImportFileEmpty(AppError):
    """It is a file of a known kind without a task in it."""

    code = "import_file_empty"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportFormatUnknown(AppError):
    """It is the file of no program that is known here."""

    code = "import_format_unknown"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportEncodingUnknown(AppError):
    """Its letters are in no known encoding."""

    code = "import_encoding_unknown"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportFileDamaged(AppError):
    """It begins like a known kind of file and does not go on like one."""

    code = "import_file_damaged"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportTooDeep(AppError):
    """Things in it lie in things in things, further than any program writes."""

    code = "import_too_deep"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportCellTooLarge(AppError):
    """A field of the table has more than ``details['limit']`` characters."""

    code = "import_cell_too_large"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportArchiveUnsafe(AppError):
    """The archive is encrypted, has too many files, or grows beyond measure when it is unpacked."""

    code = "import_archive_unsafe"
    http_status = 400
    category = ErrorCategory.INVALID


class ImportTookTooLong(AppError):
    """The file takes longer to read than a worker is given; nothing was brought in."""

    code = "import_took_too_long"
    http_status = 400
    category = ErrorCategory.INVALID


class RowTitleMissing(AppError):
    """A task without a title."""

    code = "import_title_missing"
    http_status = 400
    category = ErrorCategory.INVALID


class RowUnreadable(AppError):
    """A task with a field, ``details['field']``, of a kind that it cannot have."""

    code = "import_row_unreadable"
    http_status = 400
    category = ErrorCategory.INVALID


class RowLeftOut(AppError):
    """A task that was called off or thrown away, or one time of a task that repeats and stands elsewhere."""

    code = "import_row_left_out"
    http_status = 400
    category = ErrorCategory.INVALID


class RowRepeated(AppError):
    """The same task stands in the file twice; the first one counts."""

    code = "import_row_repeated"
    http_status = 400
    category = ErrorCategory.INVALID


class DateNotUnderstood(AppError):
    """The words for the date, ``details['words']``, mean nothing here; they stand in the task's notes."""

    code = "import_date_not_understood"
    http_status = 400
    category = ErrorCategory.INVALID


class RecurrenceLeftOut(AppError):
    """How the task repeats cannot be kept, so it comes once."""

    code = "import_recurrence_left_out"
    http_status = 400
    category = ErrorCategory.INVALID


class TimesLeftOut(AppError):
    """Its start or end does not fit its due moment, so it is left out."""

    code = "import_times_left_out"
    http_status = 400
    category = ErrorCategory.INVALID


class ReminderLeftOut(AppError):
    """Some of its reminders cannot be kept."""

    code = "import_reminder_left_out"
    http_status = 400
    category = ErrorCategory.INVALID


class TextShortened(AppError):
    """Some of its texts are longer than they can be here, or there are too many labels."""

    code = "import_text_shortened"
    http_status = 400
    category = ErrorCategory.INVALID


class PartMovedUp(AppError):
    """The task of which it is a part is not there, or is itself too deep, so it stands further up."""

    code = "import_part_moved_up"
    http_status = 400
    category = ErrorCategory.INVALID
