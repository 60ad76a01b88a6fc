"""``ETag`` and ``If-Match``: nobody overwrites what they have not seen."""

from __future__ import annotations

import re

from rest_framework.request import Request

from voicebot.api.errors import VersionChanged

_TAGS = re.compile(r'(?:W/)?"([^"]*)"')


def etag_of(version: int) -> str:
    """The tag of a row's version."""
    return f'"{version}"'


def check_version(request: Request, version: int) -> None:
    """Refuse a request that was made for another version.

    Raises:
        VersionChanged: ``If-Match`` is there and names neither this version nor ``*``.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    if str(version) not in _TAGS.findall(wanted):
        raise VersionChanged(version=version)
