"""What can go wrong with webhooks."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class WebhookNotFound(AppError):
    """No such webhook, or no such delivery, of this person."""

    code = "webhook_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class TooManyWebhooks(AppError):
    """The person has as many webhooks as one may have; ``details['limit']``."""

    code = "too_many_webhooks"
    http_status = 409
    category = ErrorCategory.INVALID


class WebhookOff(AppError):
    """The webhook is switched off, so nothing is sent to it."""

    code = "webhook_off"
    http_status = 409
    category = ErrorCategory.INVALID


class WebhookRefused(AppError):
    """The receiver answered with something else than success; ``details['status']``."""

    code = "webhook_refused"
    http_status = 502
    category = ErrorCategory.SERVER


class WebhookQueueFull(AppError):
    """More events waited for the receiver than are kept, so the oldest was given up."""

    code = "webhook_queue_full"
    http_status = 503
    category = ErrorCategory.QUOTA
