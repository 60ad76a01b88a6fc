"""What can go wrong with notifications of browsers; where one did not arrive, the code stands on its row."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class PushOff(AppError):
    """This installation has no key for push services."""

    code = "push_off"
    http_status = 409
    category = ErrorCategory.INVALID


class PushSubscriptionInvalid(AppError):
    """The browser's keys are none."""

    code = "push_subscription_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


class PushSubscriptionNotFound(AppError):
    """There is no such browser, or it is somebody else's."""

    code = "push_subscription_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class PushActionInvalid(AppError):
    """The button of a notification is too old, or not of the person who is signed in."""

    code = "push_action_invalid"
    http_status = 404
    category = ErrorCategory.INVALID


class PushUnreachable(AppError):
    """The push service does not answer, or stopped answering."""

    code = "push_unreachable"
    http_status = 502
    category = ErrorCategory.UNREACHABLE


class PushRefused(AppError):
    """The push service does not take the notification, or not now."""

    code = "push_refused"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class PushInterrupted(AppError):
    """A worker ended while it sent the notification, so that nobody knows whether it arrived."""

    code = "push_interrupted"
    http_status = 502
    category = ErrorCategory.UNKNOWN


class PushSwitchedOff(AppError):
    """The person switched notifications off while this one waited."""

    code = "push_switched_off"
    http_status = 409
    category = ErrorCategory.INVALID
