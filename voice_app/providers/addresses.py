"""Where a provider is, and whether what was set as its key can be one."""

from __future__ import annotations

import httpx2


def host_of(base_url: str) -> str:
    """The host of a web address; empty where it is none."""
    try:
        url = httpx2.URL(base_url.strip())
    except httpx2.InvalidURL:
        return ""
    return url.host if url.scheme in {"http", "https"} else ""


def may_be_key(key: str) -> bool:
    """Whether it can be sent in a header; an empty one can."""
    return key.isascii() and key.isprintable() and " " not in key
