"""``ETag`` and ``If-Match``: nobody overwrites what they have not seen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from rest_framework.request import Request

from voicebot.api.errors import VersionChanged
from voicebot.errors import JsonValue

_TAGS = re.compile(r'(?:W/)?"([^"]*)"')


def etag_of(version: int | str) -> str:
    """The tag of a row's version."""
    return f'"{version}"'


def version_of(shown: Mapping[str, JsonValue]) -> str:
    """A version of what has no number: another one for anything else that is shown."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def check_version(request: Request, version: int | str) -> None:
    """Refuse a request that was made for another version.

    Raises:
        VersionChanged: ``If-Match`` is there and names neither this version nor ``*``.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    if str(version) not in _TAGS.findall(wanted):
        raise VersionChanged(version=version)
