"""Requests to addresses that people gave us: to public hosts alone, by TLS, at the address that was looked at.

A name could lead to one address when it is checked and to another one when it is used, so the request goes to the very
address that was checked; the name is what the certificate must be for.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext

import httpx2
from django.conf import settings

from voicebot.errors import AppError, ErrorCategory

SECONDS = 10.0
"""For each step: to connect, to send, and until the answer begins."""
_HTTPS_PORT = 443
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for any IPv4 address (RFC 6052)."""


class AddressForbidden(AppError):
    """The address is not one to which this program may send what a person asks for."""

    code = "address_forbidden"
    http_status = 400
    category = ErrorCategory.INVALID


@dataclass(frozen=True)
class Answer:
    """What came back; its body is not read."""

    status: int
    headers: httpx2.Headers


def check_address(address: str) -> httpx2.URL:
    """An address as far as it can be judged without asking anybody.

    Hosts in ``OUTGOING_ALLOWED_HOSTS`` may be internal and without TLS.

    Raises:
        AddressForbidden: It is not ``https``, names a user or an internal host, or is no address at all.
    """
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL:
        raise AddressForbidden from None
    is_own = url.host in settings.OUTGOING_ALLOWED_HOSTS
    is_host = _is_number(url.host) or _NAME.fullmatch(url.raw_host.decode("ascii"))
    if not is_host or url.userinfo or url.scheme not in ({"http", "https"} if is_own else {"https"}):
        raise AddressForbidden
    if not is_own and _is_number(url.host) and not is_public(url.host):
        raise AddressForbidden
    return url


def is_public(number: str) -> bool:
    """Whether an IP address is one of the open internet."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour or address.teredo or address in _TRANSLATED:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(address: str, content: bytes, headers: Mapping[str, str]) -> Answer:
    """Send once; redirects are not followed and the environment's proxies not used.

    Raises:
        AddressForbidden: See :func:`check_address`; also when the host's name leads to an internal address.
        httpx2.ConnectError: Nothing was sent. Also :class:`httpx2.ConnectTimeout`.
        httpx2.TransportError: It may have arrived.
    """
    url = check_address(address)
    number = _look_up(url)
    extensions = {"sni_hostname": url.host} if url.scheme == "https" else {}
    target = url.copy_with(host=number)
    sent = {**headers, "Host": url.netloc.decode("ascii")}
    with (
        httpx2.Client(verify=_certificates(), trust_env=False, timeout=SECONDS) as client,
        client.stream("POST", target, content=content, headers=sent, extensions=extensions) as response,
    ):
        return Answer(response.status_code, response.headers)


def _look_up(url: httpx2.URL) -> str:
    try:
        found = socket.getaddrinfo(url.host, url.port or _HTTPS_PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpx2.ConnectError("the host's name leads nowhere") from None
    numbers = [str(each[4][0]) for each in found]
    if url.host not in settings.OUTGOING_ALLOWED_HOSTS and not all(map(is_public, numbers)):
        raise AddressForbidden
    return numbers[0]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _certificates() -> SSLContext:
    return httpx2.create_ssl_context()
