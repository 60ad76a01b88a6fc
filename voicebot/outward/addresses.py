"""Where a request to an address that somebody typed may go.

A name is asked for once for each connection, everything it stands for is checked, and the connection is made to what
was checked. A name whose answer changes in between (DNS rebinding) therefore gains nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from voicebot.errors import AppError, ErrorCategory

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""Host and port to the addresses that the name stands for; raises OSError when there are none."""

URL_MAX_LENGTH = 500
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_TARGET = re.compile(r"[!-~]*")
_UNICAST = ip_network("2000::/3")
"""The only IPv6 addresses that are given out to the internet; mapped, NAT64 and local ones lie elsewhere."""
_NEVER = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # special purposes, among them a cloud's own services
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # a cloud's own services, at a public address
        "2001::/23",  # Teredo and other special purposes
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


class OutwardAddressRefused(AppError):
    """Not an address on the internet to which requests are sent from here; ``details['host']``."""

    code = "outward_address_refused"
    http_status = 400
    category = ErrorCategory.INVALID


class OutwardNameUnknown(OutwardAddressRefused):
    """The name stands for no address now; it is told like a refusal, so that nobody learns which names there are."""


class OutwardUrlInvalid(AppError):
    """Not a web address that requests are sent to, by its form, its scheme or its port; ``details['ports']``."""

    code = "outward_url_invalid"
    http_status = 400
    category = ErrorCategory.INVALID


def resolve(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says.

    Raises:
        OSError: Nothing has this name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Target:
    """A web address in parts, so that nobody reads it a second time and otherwise."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True)
class Guard:
    """What the operator permits."""

    resolver: Resolver = resolve
    ports: frozenset[int] = frozenset({443})
    allows_http: bool = False
    longest: int = URL_MAX_LENGTH
    """Characters of a web address."""
    allowed_networks: tuple[Network, ...] = ()
    """Inside of which addresses are permitted that are none of the internet."""

    @classmethod
    def of_settings(cls, longest: int = URL_MAX_LENGTH) -> Guard:
        """What the operator of this installation permits."""
        return cls(
            resolver=import_string(settings.OUTWARD_RESOLVER),
            ports=frozenset(settings.OUTWARD_PORTS),
            allows_http=settings.OUTWARD_ALLOW_HTTP,
            longest=longest,
            allowed_networks=tuple(settings.OUTWARD_ALLOWED_NETWORKS),
        )

    def read(self, url: str) -> Target:
        """A web address in parts.

        Raises:
            OutwardUrlInvalid: It holds a user, a fragment, another scheme or port, or is none.
            OutwardAddressRefused: Its host is a number that is not permitted; no name is looked up.
        """
        wrong = OutwardUrlInvalid(ports=", ".join(map(str, sorted(self.ports))))
        if len(url) > self.longest or not _TARGET.fullmatch(url):
            raise wrong
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise wrong from None
        port = _PORTS.get(parts.scheme, 0) if port is None else port
        is_host = bool(_HOST.fullmatch(host)) or _number(host) is not None
        if "@" in parts.netloc or "#" in url or "\\" in url or not is_host:
            raise wrong
        if parts.scheme not in self._schemes or port not in self.ports:
            raise wrong
        if _number(host) is not None and not self._permits(host):
            raise OutwardAddressRefused(host=host)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return Target(parts.scheme, host, port, path)

    def addresses(self, host: str, port: int) -> list[str]:
        """Numeric addresses of a host, all of them permitted.

        Raises:
            OutwardAddressRefused: One of them is not.
            OutwardNameUnknown: There are none.
        """
        number = _number(host)
        try:
            found = [host] if number is not None else list(self.resolver(host, port))
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise OutwardNameUnknown(host=host)
        if not all(self._permits(text) for text in found):
            raise OutwardAddressRefused(host=host)
        return found

    @property
    def _schemes(self) -> frozenset[str]:
        return frozenset({"https", "http"}) if self.allows_http else frozenset({"https"})

    def _permits(self, text: str) -> bool:
        address = _number(text)
        return address is not None and (is_public(address) or any(address in each for each in self.allowed_networks))


def is_public(address: Address) -> bool:
    """Whether it is an address of one machine on the internet."""
    if not address.is_global or address.is_multicast or any(address in each for each in _NEVER):
        return False
    return isinstance(address, IPv4Address) or address in _UNICAST


def _number(text: str) -> Address | None:
    """None also for an address with a scope, which only means something on one wire."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None
