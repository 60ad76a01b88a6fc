"""What can go wrong at a provider, whichever it is; ``details['provider']`` names it."""

from __future__ import annotations

from typing import ClassVar

from voice_app.types import NOTHING_USED, Usage
from voicebot.errors import AppError, ErrorCategory


class ProviderError(AppError):
    """A provider gave no usable answer; the next link of the chain is asked."""

    code = "provider_failed"
    http_status = 502
    category = ErrorCategory.SERVER
    needs_operator: ClassVar[bool] = False
    """Whether it stays wrong until somebody changes a setting or pays a bill."""
    usage: Usage = NOTHING_USED
    """What the call that raised it took all the same."""


class ProviderKeyRefused(ProviderError):
    """The key is wrong, revoked, or may not use this."""

    code = "provider_key_refused"
    category = ErrorCategory.AUTH
    needs_operator = True


class ProviderQuotaSpent(ProviderError):
    """The account has no credit left."""

    code = "provider_quota_spent"
    category = ErrorCategory.QUOTA
    needs_operator = True


class ProviderModelMissing(ProviderError):
    """There is no such model for this key."""

    code = "provider_model_missing"
    category = ErrorCategory.INVALID
    needs_operator = True


class ProviderRequestRefused(ProviderError):
    """It does not accept this request, and would not accept it again."""

    code = "provider_request_refused"
    category = ErrorCategory.INVALID
    needs_operator = True


class ProviderRateLimited(ProviderError):
    """Too many requests; ``details['retry_after']`` in seconds where it was told."""

    code = "provider_rate_limited"
    http_status = 503
    category = ErrorCategory.RATE_LIMIT


class ProviderOverloaded(ProviderError):
    """It has no room for anybody now; ``details['retry_after']`` in seconds where it was told."""

    code = "provider_overloaded"
    http_status = 503


class ProviderUnreachable(ProviderError):
    """No connection, or it broke before the answer was whole."""

    code = "provider_unreachable"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class ProviderTimedOut(ProviderError):
    """No whole answer in the time that there was."""

    code = "provider_timed_out"
    http_status = 504
    category = ErrorCategory.TIMEOUT


class ProviderAnswerUnusable(ProviderError):
    """What it answered is no answer: not JSON, of another shape, empty, huge, a refusal, or not grounded."""

    code = "provider_answer_unusable"
    category = ErrorCategory.BAD_RESPONSE


class ProviderPaused(ProviderError):
    """It failed too often and is left alone for a while; ``details['retry_after']`` in seconds."""

    code = "provider_paused"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class ProviderOffForPerson(ProviderError):
    """This person's words do not go to it."""

    code = "provider_off_for_person"
    http_status = 503
    category = ErrorCategory.INVALID


class ProviderBudgetSpent(ProviderError):
    """What may be spent is spent; ``details``: ``period`` is ``day`` or ``month``, ``whose`` is ``user`` or ``all``."""

    code = "provider_budget_spent"
    http_status = 503
    category = ErrorCategory.QUOTA
