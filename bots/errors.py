"""What can go wrong between a chat and the program."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class LinkCodeInvalid(AppError):
    """There is no such code, or it was used or is too old."""

    code = "link_code_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class MessageKindUnsupported(AppError):
    """It holds neither words nor sound."""

    code = "message_kind_unsupported"
    http_status = 400
    category = ErrorCategory.INVALID


class BotCommandUnknown(AppError):
    """There is no such slash command."""

    code = "bot_command_unknown"
    http_status = 400
    category = ErrorCategory.INVALID


class DocumentTooLarge(AppError):
    """The platform does not take a file of this size."""

    code = "document_too_large"
    http_status = 400
    category = ErrorCategory.INVALID


class DocumentGone(AppError):
    """The chat went to somebody else before the file was sent."""

    code = "document_gone"
    http_status = 410
    category = ErrorCategory.INVALID


class TelegramTokenRefused(AppError):
    """Telegram does not know the bot's token."""

    code = "telegram_token_refused"
    http_status = 503
    category = ErrorCategory.AUTH


class TelegramForbidden(AppError):
    """The person blocked the bot, or is gone."""

    code = "telegram_forbidden"
    http_status = 502
    category = ErrorCategory.AUTH


class TelegramRefused(AppError):
    """Telegram does not carry out a call because of what it asks."""

    code = "telegram_refused"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class TelegramFlooded(AppError):
    """Telegram asks us to slow down; ``details['retry_after']`` is in seconds."""

    code = "telegram_flooded"
    http_status = 503
    category = ErrorCategory.RATE_LIMIT


class TelegramConflict(AppError):
    """Another process asks for the same bot's updates, or a webhook is set."""

    code = "telegram_conflict"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class TelegramUnreachable(AppError):
    """The call surely did not reach Telegram."""

    code = "telegram_unreachable"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class TelegramAnswerMissing(AppError):
    """The call was made and its answer is missing, so it may have been carried out."""

    code = "telegram_answer_missing"
    http_status = 503
    category = ErrorCategory.TIMEOUT


class TelegramServerFailed(AppError):
    """Telegram answered that it failed and did nothing."""

    code = "telegram_server_failed"
    http_status = 503
    category = ErrorCategory.SERVER


class RecordingNotThere(AppError):
    """The chat platform does not give the file (any more)."""

    code = "recording_not_there"
    http_status = 400
    category = ErrorCategory.INVALID
