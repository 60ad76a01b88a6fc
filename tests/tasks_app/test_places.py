"""Time zones by the names of places, and by where on the earth they are."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tasks_app.places import find_zones, zone_at


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("  new york ", "America/New_York"),
        ("SAO PAULO", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Germany", "Europe/Berlin"),
        ("Deutschland", "Europe/Berlin"),
        ("Wien", "Europe/Vienna"),
        ("Москва", "Europe/Moscow"),
    ],
)
def test_a_place_has_a_zone_in_each_language_of_the_interface(words: str, zone: str, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "German"), ("ru", "Russian")]
    assert find_zones(words) == (zone,)


def test_a_country_has_its_zones_with_different_clocks() -> None:
    zones = find_zones("United States")
    assert zones[0] == "America/New_York"
    assert {"America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"} < set(zones)
    assert "America/Detroit" not in zones


@pytest.mark.parametrize("words", ["", "buy milk", "x" * 1000, "\x00", "localtime"])
def test_what_is_no_place_has_no_zone(words: str) -> None:
    assert find_zones(words) == ()


def test_a_location_has_the_zone_of_the_land() -> None:
    assert zone_at(48.137, 11.575) == "Europe/Berlin"
    assert zone_at(40.64, 22.94) == "Europe/Athens"
    assert zone_at(0.0, -30.0) is None
