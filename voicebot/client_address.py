"""From where a request comes, which limits for strangers are counted by."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_SHARED_BITS = 64
"""One customer of a network has so many bits of IPv6 to themselves, so they are counted as one."""


def client_address(request: HttpRequest) -> str:
    """The caller's IP address; empty when it cannot be known.

    Behind a proxy it is the last hop of ``X-Forwarded-For``, the one that the own proxy wrote: those before it are
    whatever the caller sent.
    """
    last_hop = request.headers.get("X-Forwarded-For", "").rpartition(",")[2] if settings.BEHIND_PROXY else ""
    for text in (last_hop, request.META.get("REMOTE_ADDR") or ""):
        try:
            address = ipaddress.ip_address(text.strip())
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return str(mapped or address).partition("%")[0]
    return ""


def client_network(request: HttpRequest) -> str:
    """What a stranger's acts are counted by: their IPv4 address or their network of IPv6; ``unknown`` without one."""
    address = client_address(request)
    if ":" not in address:
        return address or "unknown"
    return str(ipaddress.ip_network(f"{address}/{_SHARED_BITS}", strict=False))
