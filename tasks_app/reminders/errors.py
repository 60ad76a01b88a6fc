"""What can go wrong with reminders and with how people want to be told."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class ReminderNotFound(AppError):
    """No such reminder of a task that this person may see."""

    code = "reminder_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class TooManyReminders(AppError):
    """The task would have more than ``details['limit']`` reminders."""

    code = "too_many_reminders"
    http_status = 409
    category = ErrorCategory.INVALID


class QuietHoursIncomplete(AppError):
    """Quiet hours have a beginning and no end, or the other way round."""

    code = "quiet_hours_incomplete"
    http_status = 400
    category = ErrorCategory.INVALID


class EmailUnavailable(AppError):
    """Mail is to be switched on, and the installation has no mail server or the account no address."""

    code = "email_unavailable"
    http_status = 409
    category = ErrorCategory.INVALID
