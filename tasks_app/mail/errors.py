"""What can go wrong with mail; where a mail did not arrive, the code stands on its row."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class EmailUnreachable(AppError):
    """The mail server does not answer, or stopped answering."""

    code = "email_unreachable"
    http_status = 502
    category = ErrorCategory.UNREACHABLE


class EmailRefused(AppError):
    """The mail server does not take the mail, or not from us."""

    code = "email_refused"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class EmailInterrupted(AppError):
    """A worker ended while it sent the mail, so that nobody knows whether it arrived."""

    code = "email_interrupted"
    http_status = 502
    category = ErrorCategory.UNKNOWN


class EmailOff(AppError):
    """The person switched mail off while this one waited."""

    code = "email_off"
    http_status = 409
    category = ErrorCategory.INVALID


class UnsubscribeLinkInvalid(AppError):
    """The link that switches mail off is not one of ours."""

    code = "unsubscribe_link_invalid"
    http_status = 404
    category = ErrorCategory.INVALID
