"""Writes ``docs/errors.md`` from the codes and their sentences, so that neither is described twice."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from django.apps import apps
from django.conf import settings
from django.utils import translation

from voicebot.errors import ERROR_CODES, AppError
from voicebot.messages import MESSAGES

DOCUMENT = "docs/errors.md"

_HEAD = """\
# Error codes

Written by `manage.py document_errors`; a test fails when it is out of date.

A person sees the sentence in their language and a reference; a program reads the code. Over HTTP an error is
`{"error": {"code", "message", "fields", "ref"}}` with the status below. A retryable one may succeed later without
anyone changing anything. In a sentence, `{...}` stands for one of the error's details.

| code | status | retryable | when | what the person reads |
| --- | --- | --- | --- | --- |
"""


def load_error_codes() -> dict[str, type[AppError]]:
    """Every code, once all modules of the project that may define one are imported."""
    for config in apps.get_app_configs():
        if config.path.startswith(str(settings.BASE_DIR)) and "site-packages" not in config.path:
            _import_all(config.name)
    return dict(ERROR_CODES)


def build_error_document() -> str:
    """The document's text."""
    with translation.override("en"):
        rows = [_row(code, error) for code, error in sorted(load_error_codes().items())]
    return _HEAD + "\n".join(rows) + "\n"


def _row(code: str, error: type[AppError]) -> str:
    when = " ".join((inspect.getdoc(error) or "").split("\n\n")[0].split()).replace("``", "`")
    retryable = "yes" if error.category.is_retryable else "no"
    return f"| `{code}` | {error.http_status} | {retryable} | {when} | {MESSAGES[code]} |"


def _import_all(package_name: str) -> None:
    package = importlib.import_module(package_name)
    for module in pkgutil.walk_packages(package.__path__, f"{package_name}."):
        parts = module.name.split(".")
        if not {"management", "migrations", "settings", "asgi", "wsgi"} & set(parts):
            importlib.import_module(module.name)
