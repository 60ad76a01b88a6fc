"""Whether a computed moment or rule is one of those that a labelled utterance expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable


def is_rule_right(wanted: str, found: str | None) -> bool:
    """Whether two recurrence rules say the same, part by part."""
    return rule_parts(found) == rule_parts(wanted)


def is_moment_right(wanted: Iterable[str], grain: str, found: str | None) -> bool:
    """Whether a moment is one of those wanted, as exactly as the grain asks; zones are left out.

    Args:
        wanted: ISO dates or datetimes.
        grain: ``second``, ``minute``, ``hour``, ``day``, or ``week`` and ``month``, inside which it has to lie.
        found: The same, or None where nothing was found.
    """
    if not found:
        return False
    got = dt.datetime.fromisoformat(found).replace(tzinfo=None)
    return any(_is_same(dt.datetime.fromisoformat(want).replace(tzinfo=None), got, grain) for want in wanted)


def rule_parts(rule: str | None) -> dict[str, str] | None:
    """A recurrence rule part by part, without what means the same when it is left out."""
    if not rule:
        return None
    parts = dict(part.split("=", 1) for part in rule.upper().removeprefix("RRULE:").split(";") if "=" in part)
    parts.setdefault("INTERVAL", "1")
    if parts.get("BYMINUTE") == "0":
        del parts["BYMINUTE"]
    if "UNTIL" in parts:
        parts["UNTIL"] = parts["UNTIL"][:8]
    idle = {"WKST", "DTSTART", "BYSECOND"}
    return {name: ",".join(sorted(value.split(","))) for name, value in parts.items() if name not in idle}


def _is_same(want: dt.datetime, got: dt.datetime, grain: str) -> bool:
    match grain:
        case "day":
            return got.date() == want.date()
        case "week":
            return dt.timedelta(0) <= got.date() - want.date() < dt.timedelta(days=7)
        case "month":
            return (got.year, got.month) == (want.year, want.month)
        case "second":
            return got.replace(microsecond=0) == want.replace(microsecond=0)
        case _:
            return got.replace(second=0, microsecond=0) == want.replace(second=0, microsecond=0)
