"""Time zones by what people call the place where they are, and by where on the earth they are."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from django.conf import settings
from tzfpy import get_tz

from tasks_app.clock import is_zone, zone_names

_NAME_MAX_LENGTH = 80
_JANUARY, _JULY = 1, 7
_HOMES = {"de": "DE", "fr": "FR", "it": "IT", "nl": "NL"}
"""Where most people live who speak a language, when they share a clock."""


def find_zones(words: str) -> tuple[str, ...]:
    """The time zones of a place, the most populous first; empty when no such place is known.

    Args:
        words: A zone's IANA name, a city after which a zone is named, or a country, in any language of the interface
            or in English. Of a country's zones with the same clocks all year only the first counts.
    """
    name = _folded(words)
    if not name or len(name) > _NAME_MAX_LENGTH:
        return ()
    languages = ("en", *(code for code, _name in settings.LANGUAGES if code != "en"))
    return _zones_by_name(languages).get(name, ())


def zone_at(latitude: float, longitude: float) -> str | None:
    """The time zone of a place on land; None on the open sea.

    Args:
        latitude: Degrees, north positive.
        longitude: Degrees, east positive.
    """
    name = get_tz(longitude, latitude)
    return name if name and is_zone(name) and not name.startswith("Etc/") else None


def guess_zone(locale: str) -> str | None:
    """The time zone of most who speak as a locale says; None when a guess would mostly be wrong.

    Args:
        locale: Such as ``de`` or ``de-AT``. A language alone counts where most who speak it share a clock.
    """
    language, _dash, country = locale.replace("_", "-").partition("-")
    zones = _zones_by_country().get(country.upper() or _HOMES.get(language.lower(), ""), ())
    return zones[0] if len(zones) == 1 else None


@cache
def _zones_by_name(languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    by_country = _zones_by_country()
    found: dict[str, tuple[str, ...]] = {}
    locales = [Locale.parse(language) for language in languages]
    for locale in locales:
        for country, zones in by_country.items():
            if name := locale.territories.get(country):
                found[_folded(name)] = zones
    for locale in locales:
        for zone, names in locale.time_zones.items():
            if is_zone(zone) and (city := names.get("city")):
                found[_folded(city)] = (zone,)
    for zone in sorted(zone_names()):
        found.setdefault(_folded(zone.rpartition("/")[2]), (zone,))
        found[_folded(zone)] = (zone,)
    return found


def _zones_by_country() -> dict[str, tuple[str, ...]]:
    """From the table of the time zone database, which names the most populous zone of a country first."""
    zones: dict[str, list[str]] = defaultdict(list)
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _coordinates, zone, *_remark = line.split("\t")
            zones[country].append(zone)
    return {country: _with_other_clocks(names) for country, names in zones.items()}


def _with_other_clocks(names: list[str]) -> tuple[str, ...]:
    year = dt.datetime.now(dt.UTC).year
    moments = [dt.datetime(year, month, 1, tzinfo=dt.UTC) for month in (_JANUARY, _JULY)]
    first: dict[tuple[dt.timedelta | None, ...], str] = {}
    for name in names:
        zone = ZoneInfo(name)
        first.setdefault(tuple(moment.astimezone(zone).utcoffset() for moment in moments), name)
    return tuple(first.values())


def _folded(name: str) -> str:
    """Without case, accents and the marks between words."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(plain.replace("_", " ").replace("-", " ").split())
