"""What any request to the API can be refused for."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class IdempotencyKeyReused(AppError):
    """The same sender used the key for something else."""

    code = "idempotency_key_reused"
    http_status = 409
    category = ErrorCategory.INVALID


class VersionChanged(AppError):
    """``If-Match`` names another version than the present one; ``details['version']`` is that."""

    code = "version_changed"
    http_status = 412
    category = ErrorCategory.INVALID
