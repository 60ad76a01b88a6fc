"""Single values of objects from outside, checked as they are taken out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from tasks_app.clock import zone_names
from tasks_app.commands import YEARS
from tasks_app.transfer.errors import RowUnreadable

_ZONES = {name.casefold(): name for name in zone_names()}
_FINE_SECONDS = re.compile(r"(\.\d{6})\d+")


def text_of(data: Mapping[str, Any], name: str) -> str:
    """A text; empty when it is missing or null. Numbers count as texts: ids are both.

    Raises:
        RowUnreadable: It is something else.
    """
    value = data.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).replace("\0", "")
    raise RowUnreadable(field=name)


def list_of(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects; empty when it is missing or null.

    Raises:
        RowUnreadable: It is something else.
    """
    value = data.get(name)
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    raise RowUnreadable(field=name)


def texts_of(data: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a list; what else is in it is left out, and it is empty when it is missing or null.

    Raises:
        RowUnreadable: It is no list.
    """
    value = data.get(name)
    if value is None:
        return []
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    raise RowUnreadable(field=name)


def object_of(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object; empty when it is missing or null.

    Raises:
        RowUnreadable: It is something else.
    """
    value = data.get(name)
    if value is None or isinstance(value, dict):
        return value or {}
    raise RowUnreadable(field=name)


def number_of(data: Mapping[str, Any], name: str) -> int | None:
    """A whole number of at most nine digits, also one written as a text; None when it is missing.

    Raises:
        RowUnreadable: It is something else.
    """
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}(\.0+)?", str(value).strip()):
        raise RowUnreadable(field=name)
    return int(float(str(value)))


def day_of(data: Mapping[str, Any], name: str) -> dt.date | None:
    """The day that an ISO date or datetime begins with; None when it is missing.

    Raises:
        RowUnreadable: It is something else.
    """
    text = text_of(data, name)
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise RowUnreadable(field=name) from error
    return check_year(day, name)


def moment_of(data: Mapping[str, Any], name: str, zone: ZoneInfo | dt.timezone = dt.UTC) -> dt.datetime | None:
    """An aware moment from an ISO datetime; None when it is missing.

    Args:
        data: Where it is.
        name: Of the field.
        zone: In which it is meant when it names no offset.

    Raises:
        RowUnreadable: It is something else.
    """
    text = text_of(data, name)
    if not text:
        return None
    moment = parse_moment(text, name)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_moment(text: str, name: str) -> dt.datetime:
    """A datetime, naive when it names no offset.

    Raises:
        RowUnreadable: It is none.
    """
    try:
        moment = dt.datetime.fromisoformat(_FINE_SECONDS.sub(r"\1", text.strip()))
    except ValueError as error:
        raise RowUnreadable(field=name) from error
    check_year(moment.date(), name)
    return moment


def check_year(day: dt.date, name: str) -> dt.date:
    """The day, when something can be due then.

    Raises:
        RowUnreadable: It is a slip of a program.
    """
    if day.year not in YEARS:
        raise RowUnreadable(field=name)
    return day


def zone_named(name: str) -> str | None:
    """The zone that a name of the IANA database or of Windows means; None when there is none."""
    return _ZONES.get(name.strip().casefold()) or WINDOWS_TO_OLSON.get(name.strip())
