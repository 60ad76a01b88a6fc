"""Typed readers for environment variables; a wrong value names its variable and what is wanted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


def read_text(name: str, default: str = "") -> str:
    """The variable as text, or the content of the file that ``<name>_FILE`` points at (for mounted secrets)."""
    value = os.environ.get(name, "")
    file_name = os.environ.get(f"{name}_FILE", "")
    if value or not file_name:
        return value or default
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file_name!r}, which cannot be read.") from error


def read_int(name: str, default: int, *, minimum: int = 0, maximum: int = 2**31) -> int:
    """A whole number within the bounds, both included."""
    return _number(name, default, int, "a whole number", minimum, maximum)


def read_float(name: str, default: float, *, minimum: float = 0.0, maximum: float = 1e9) -> float:
    """A number within the bounds, both included."""
    return _number(name, default, float, "a number", minimum, maximum)


def read_bool(name: str, *, default: bool) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off."""
    text = os.environ.get(name)
    if text is None:
        return default
    if text.strip().lower() in _TRUE:
        return True
    if text.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}; use 1 or 0.")


def read_list(name: str, default: list[str]) -> list[str]:
    """Words separated by commas; an empty variable is the default."""
    text = read_text(name)
    return [part.strip() for part in text.split(",") if part.strip()] if text else default


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of the named words."""
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of {', '.join(choices)}.")
    return value


def read_zone(name: str, default: str) -> str:
    """The name of a time zone, such as Europe/Berlin."""
    value = read_text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a zone name such as Europe/Berlin.") from error
    return value


def read_url(name: str, default: str) -> str:
    """The address of a web server, without a slash at its end."""
    value = read_text(name, default)
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(f"{name} is {value!r}; use an address such as https://todo.example.org.")
    return value.rstrip("/")


def own_host(host: str) -> str:
    """The host of an address under which a browser on this machine finds a server that listens there."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # names it, does not bind
    return f"[{shown}]" if ":" in shown else shown


def _number(name: str, default: T, convert: Callable[[str], T], what: str, minimum: float, maximum: float) -> T:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = convert(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {text!r}; it must be {what}.") from error
    if not minimum <= value <= maximum:  # type: ignore[operator]  # T is int or float here
        raise ImproperlyConfigured(f"{name} is {text}; it must be between {minimum} and {maximum}.")
    return value
