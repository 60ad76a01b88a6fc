"""What is looked at before anything starts, so that nothing is ever half started."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from voicebot.refusal import StartRefused

NEEDED_BYTES = 500 * 1024**2
"""Free space under which the database could come to a halt soon."""

_SCHEMES = {
    "DATABASE_URL": ("postgresql", "postgres"),
    "REDIS_URL": ("redis", "rediss", "unix"),
}
_PORTS_TO_OFFER = 20


def check_folder(path: Path, *, needed_bytes: int = NEEDED_BYTES) -> None:
    """The data folder can be written to and has room; it is made when missing.

    Raises:
        StartRefused: When not.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"\0")
            probe.flush()
        free = shutil.disk_usage(path).free
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StartRefused(_too_full(path, needed_bytes)) from error
        raise StartRefused(
            f"The data folder {path} cannot be written to ({error.strerror}); "
            "give this account the right to, or set DATA_DIR to a folder that can be."
        ) from error
    if free < needed_bytes:
        raise StartRefused(_too_full(path, needed_bytes))


def _too_full(path: Path, needed_bytes: int) -> str:
    return (
        f"The disk with {path} is too full: {needed_bytes // 1024**2} MB must be free; "
        "make room, or set DATA_DIR to a folder on another disk."
    )


def read_port(text: str) -> int:
    """A TCP port from the variable ``PORT``.

    Raises:
        StartRefused: When it is none.
    """
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise StartRefused(f"PORT is {text!r}; use a whole number from 1 to 65535, such as PORT=8000.")


def check_address(host: str, port: int) -> None:
    """This program can listen there.

    Raises:
        StartRefused: When the port is taken or the address is not this machine's.
    """
    try:
        _try_to_listen(host, port)
    except socket.gaierror as error:
        raise StartRefused(
            f"HOST is {host!r}, which is no address of this machine; use 127.0.0.1 or 0.0.0.0."
        ) from error
    except OSError as error:
        raise StartRefused(_explain(error, host, port)) from error


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = _find_other_port(host, port)
        return f"Port {port} is in use by another program; stop that one, or choose another port: make run PORT={other}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs an administrator's rights; choose one above 1023: make run PORT=8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST is {host!r}, which is no address of this machine; use 127.0.0.1 or 0.0.0.0."
    return f"Nothing can listen on {host} port {port} ({error.strerror}); choose another HOST or PORT."


def _try_to_listen(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


def _find_other_port(host: str, port: int) -> int:
    for other in range(port + 1, min(port + _PORTS_TO_OFFER, 2**16)):
        try:
            _try_to_listen(host, other)
        except OSError:
            continue
        return other
    return 8000


def check_server_variables() -> None:
    """``DATABASE_URL`` and ``REDIS_URL`` are addresses of the right kind, where they are set.

    Raises:
        StartRefused: When not. The value is not shown, since it may hold a password.
    """
    for name, schemes in _SCHEMES.items():
        value = os.environ.get(name, "")
        try:
            parts = urlsplit(value)
            is_right = parts.scheme in schemes and (parts.port is None or parts.port > 0)
        except ValueError:
            is_right = False
        if value and not is_right:
            raise StartRefused(
                f"{name} is not the address of a server; it looks like {schemes[0]}://user:password@host/0."
            )
