"""Other libraries that read times, asked in the same way as ours, where they are installed."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Moment:
    """What a library makes of a text."""

    start: dt.datetime | None = None
    has_time: bool = False
    rrule: str | None = None


@dataclass(frozen=True)
class Library:
    """A library and the languages that it knows."""

    languages: frozenset[str]
    ask: Callable[[str, str, dt.datetime], Moment]


def installed_libraries() -> dict[str, Library]:
    """The libraries that can be imported here, by the name people know them by."""
    known = {
        "recognizers-text": ("recognizers_date_time", "en de fr es it pt nl", _recognizers),
        "dateparser": ("dateparser", "en de fr es it pt nl ru hi", _dateparser),
        "recurrent": ("recurrent", "en", _recurrent),
        "timefhuman": ("timefhuman", "en", _timefhuman),
    }
    return {
        name: Library(frozenset(languages.split()), _without_errors(ask))
        for name, (module, languages, ask) in known.items()
        if _can_be_imported(module)
    }


def _can_be_imported(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _without_errors(ask: Callable[[str, str, dt.datetime], Moment]) -> Callable[[str, str, dt.datetime], Moment]:
    """What a library raises on is what it does not understand."""

    def asked(text: str, language: str, said_at: dt.datetime) -> Moment:
        try:
            return ask(text, language, said_at.replace(tzinfo=None))
        except Exception:  # noqa: BLE001 - a stranger's code: whatever it raises is a wrong answer
            return Moment()

    return asked


def _recognizers(text: str, language: str, said_at: dt.datetime) -> Moment:
    from recognizers_date_time import recognize_datetime

    cultures = {
        "en": "en-us", "de": "de-de", "fr": "fr-fr", "es": "es-es", "it": "it-it", "pt": "pt-br", "nl": "nl-nl",
    }  # fmt: skip
    found = recognize_datetime(text, cultures[language], reference=said_at)
    for result in found:
        values = (result.resolution or {}).get("values", [])
        moments = [moment for value in values if (moment := _resolved(value, said_at)) is not None]
        if moments:
            coming = [moment for moment in moments if moment >= said_at.replace(hour=0, minute=0)]
            return Moment(min(coming) if coming else max(moments))
    return Moment()


def _resolved(value: dict[str, Any], said_at: dt.datetime) -> dt.datetime | None:
    text = value.get("start") or value.get("value") or value.get("end")
    try:
        if not isinstance(text, str):
            return None
        if text[2:3] == ":":
            moment = dt.datetime.combine(said_at.date(), dt.time.fromisoformat(text))
            return moment if moment >= said_at else moment + dt.timedelta(days=1)
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _dateparser(text: str, language: str, said_at: dt.datetime) -> Moment:
    from dateparser.search import search_dates

    wanted = {"RELATIVE_BASE": said_at, "PREFER_DATES_FROM": "future"}
    found = search_dates(text, languages=[language], settings=wanted)
    return Moment(found[0][1].replace(tzinfo=None)) if found else Moment()


def _recurrent(text: str, _language: str, said_at: dt.datetime) -> Moment:
    from recurrent.event_parser import RecurringEvent

    found = RecurringEvent(now_date=said_at).parse(text)
    if isinstance(found, dt.datetime):
        return Moment(found)
    rule = next((line for line in found.splitlines() if line.startswith("RRULE:")), None) if found else None
    return Moment(rrule=rule)


def _timefhuman(text: str, _language: str, said_at: dt.datetime) -> Moment:
    from timefhuman import tfhConfig, timefhuman

    found = timefhuman(text, config=tfhConfig(now=said_at))
    while isinstance(found, list | tuple) and found:
        found = found[0]
    if isinstance(found, dt.datetime):
        return Moment(found.replace(tzinfo=None))
    return Moment(dt.datetime.combine(found, dt.time())) if isinstance(found, dt.date) else Moment()
