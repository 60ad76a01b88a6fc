"""The keys of this installation, made once and kept in a file that only its owner can read."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Callable, MutableMapping
from pathlib import Path

FILE_NAME = "secrets.env"
_ENCRYPTION_KEY_BYTES = 32

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _number_below(limit: int) -> int:
    """A private key of a curve: any number from 1 on."""
    return secrets.randbelow(limit - 1) + 1


_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "ENCRYPTION_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(_ENCRYPTION_KEY_BYTES)).decode(),
    "VAPID_PRIVATE_KEY": lambda: base64.urlsafe_b64encode(_number_below(_P256_ORDER).to_bytes(32, "big")).decode(),
    "SERVERS_PASSWORD": lambda: secrets.token_urlsafe(24),
}

_HEADER = """\
# The keys of this installation, made at its first start. Keep a copy of this file in a safe place:
# without ENCRYPTION_KEY no recording can be read again, without SERVERS_PASSWORD the database cannot be opened,
# with another VAPID_PRIVATE_KEY browsers must be asked for notifications again.
"""


def provide_secrets(data_dir: Path, environment: MutableMapping[str, str]) -> None:
    """Put the keys into the environment, from the file; what the environment already has stays.

    Args:
        data_dir: Where the file lies; it is made there when missing.
        environment: As :data:`os.environ`; a variable may also be given as ``<NAME>_FILE``.

    Raises:
        OSError: When the file can be neither read nor made.
    """
    for name, value in read_or_make(data_dir / FILE_NAME).items():
        if not environment.get(name) and not environment.get(f"{name}_FILE"):
            environment[name] = value


def read_or_make(path: Path) -> dict[str, str]:
    """The keys in the file; made, or completed, when some are missing."""
    values = _read(path)
    missing = {name: make() for name, make in _MAKERS.items() if not values.get(name)}
    if missing:
        text = _HEADER + "".join(f"{name}={value}\n" for name, value in (values | missing).items())
        _write(path, text, is_new=not path.exists())
        return _read(path)
    return values


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _write(path: Path, text: str, *, is_new: bool) -> None:
    """Write the whole file or nothing; of two processes that make it at once, the first one's counts."""
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not is_new:
            Path(fresh).replace(path)
            return
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        Path(fresh).unlink(missing_ok=True)
