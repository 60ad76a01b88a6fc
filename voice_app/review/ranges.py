"""Byte ranges of HTTP (RFC 9110, section 14), as a player asks for them when somebody seeks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SINGLE_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.ASCII)


class RangeNotSatisfiable(Exception):
    """The range lies behind the end; the answer is 416."""


@dataclass(frozen=True)
class ByteRange:
    """Both ends are included."""

    first: int
    last: int


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The one range that is asked for, cut to what is there.

    Args:
        header: The value of ``Range``.
        size: Bytes of the whole.

    Returns:
        None for the whole: no range, several, or one that is not well formed, which a server may ignore.

    Raises:
        RangeNotSatisfiable: When nothing of the range is there.
    """
    match = _SINGLE_RANGE.fullmatch((header or "").strip())
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:
        return _last_bytes(int(match["last"]), size)
    first = int(match["first"])
    last = int(match["last"]) if match["last"] else size - 1
    if match["last"] and last < first:
        return None
    if first >= size:
        raise RangeNotSatisfiable
    return ByteRange(first, min(last, size - 1))


def _last_bytes(length: int, size: int) -> ByteRange:
    if not length or not size:
        raise RangeNotSatisfiable
    return ByteRange(max(0, size - length), size - 1)
