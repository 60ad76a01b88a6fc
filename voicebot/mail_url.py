"""A mail server and the way into it, as one address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Encryption = Literal["none", "starttls", "tls"]

_SCHEMES: dict[str, tuple[Encryption, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    encryption: Encryption


def read_mail_server(url: str) -> MailServer | None:
    """The server that an address names; None for an empty one.

    Args:
        url: ``smtp+starttls://user:password@host:port``, with ``smtps`` for TLS from the start and ``smtp`` for none;
            signs such as ``@`` in user and password are written as ``%40``.

    Raises:
        ImproperlyConfigured: It is not such an address. The message does not repeat it, since it holds a password.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        encryption, usual_port = _SCHEMES[parts.scheme]
        host, port = parts.hostname, parts.port or usual_port
    except (ValueError, KeyError):
        host = None
    if not host:
        raise ImproperlyConfigured(
            "EMAIL_URL is not the address of a mail server; use one such as smtp+starttls://user:password@host:587."
        )
    return MailServer(host, port, unquote(parts.username or ""), unquote(parts.password or ""), encryption)
