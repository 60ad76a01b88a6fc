"""structlog set-up, the correlation id of a piece of work, and the removal of secrets from every line."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
import uuid
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars
from structlog.types import EventDict

CORRELATION_HEADER = "X-Request-Id"

_SECRET = re.compile(
    r"(?P<telegram>(?<!\d)\d{6,12}(?::|%3A)[A-Za-z0-9_-]{30,})"
    r"|(?P<key>\b(?:sk|pk)-[A-Za-z0-9_-]{16,})"
    r"|(?P<header>(?i:(?:bearer|token)\s+)[A-Za-z0-9._~+/=-]{20,})"
    r"|(?P<link>(?:(?<=/calendar/)|(?<=/invitation/)|(?<=/account/address/)|(?<=/mail/off/)|(?<=/push/act/))[\w:%.=-]{20,})"
    r"|(?P<password>(?<=/password/new/)[\w-]+/[\w-]{20,})"
    r"|(?P<query>(?<=[?&]token=)[\w%.=-]{16,})"
    r"|(?P<url>(?<=://)[^/\s:@]*:[^/\s@]+(?=@))"
)
_OWN_SECRETS = (
    *("SECRET_KEY", "ENCRYPTION_KEY", "VAPID_PRIVATE_KEY", "METRICS_TOKEN"),
    *("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "LANGCHAIN_API_KEY"),
)
"""Settings whose values are hidden wherever they stand, whatever they look like."""
_SHORTEST_SECRET = 12
_SECRET_NAMES = re.compile(r"token|secret|password|api_key|authorization|encryption_key", re.IGNORECASE)
_HIDDEN = "[hidden]"
_NOTHING = logging.CRITICAL + 1
"""The level of loggers that print whole messages of people: python-telegram-bot's, when it cannot read what came."""


def hide_secrets(text: str) -> str:
    """The text without our own secrets and anything that looks like a bot token, an API key or one in an address."""
    for secret in _own_secrets():
        text = text.replace(secret, _HIDDEN)
    return _SECRET.sub(_HIDDEN, text)


def _own_secrets() -> list[str]:
    """Longest first, since one may be part of another; none while the settings are being read."""
    if not settings.configured:
        return []
    values = {str(getattr(settings, name, "")) for name in _OWN_SECRETS}
    values |= {value.partition(":")[2] for value in values}  # a bot's token without its number
    return sorted((value for value in values if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)


def hide_secrets_in_tracebacks() -> None:
    """Hide secrets in what Python prints when nothing catches an error; hooks that somebody else set stay."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print_hidden
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda args: _print_hidden(args.exc_type, args.exc_value, args.exc_traceback)


def _print_hidden(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    if not issubclass(kind, SystemExit) and sys.stderr is not None:
        sys.stderr.write(hide_secrets("".join(traceback.format_exception(kind, error, where))))


def _redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _HIDDEN if _SECRET_NAMES.search(name) else hide_secrets(value)
    return event


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record and hides secrets in the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return hide_secrets(super().format(record))


def build_logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """The value of Django's ``LOGGING``; also configures structlog itself."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": RedactingFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            "httpcore2": {"level": "WARNING"},
            "openai": {"level": "WARNING"},
            "anthropic": {"level": "WARNING"},
            "telegram": {"level": "WARNING" if level in {"DEBUG", "INFO"} else level},
            "telegram.Bot": {"level": _NOTHING},
            "telegram.ext.ExtBot": {"level": _NOTHING},
            "django.channels.server": {"level": "WARNING"},
            "daphne": {"level": "WARNING"},
            "celery": {"level": "WARNING" if level == "INFO" else level},
            "faster_whisper": {"level": "WARNING"},
        },
    }


class CorrelationIdMiddleware:
    """Binds one id to everything that a request logs and causes, and returns it in ``X-Request-Id``."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Run the request inside the binding."""
        if self._is_async:
            return self._call_async(request)
        with bound_contextvars(correlation_id=_correlation_id_of(request)):
            response: HttpResponse = self.get_response(request)
            response[CORRELATION_HEADER] = current_correlation_id()
            return response

    async def _call_async(self, request: HttpRequest) -> HttpResponse:
        with bound_contextvars(correlation_id=_correlation_id_of(request)):
            response: HttpResponse = await self.get_response(request)
            response[CORRELATION_HEADER] = current_correlation_id()
            return response


def _correlation_id_of(request: HttpRequest) -> str:
    given = request.headers.get(CORRELATION_HEADER, "")
    return given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else uuid.uuid4().hex


def current_correlation_id() -> str:
    """The id bound to the work in hand, or a new one where none is bound."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id") or uuid.uuid4().hex)
