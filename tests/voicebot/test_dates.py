"""Days and lists as each language of the interface writes them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from voicebot.dates import day_text, list_text, weekday_text

FRIDAY = dt.date(2026, 11, 27)
MAY = dt.date(2027, 5, 3)


@pytest.mark.parametrize(
    ("language", "day", "with_year", "weekday", "listed"),
    [
        ("en", "Fri 27 Nov", "3 May 2027", "Monday", "a, b and c"),
        ("de", "Fr., 27. Nov.", "3. Mai 2027", "Montag", "a, b und c"),
        ("es", "vie, 27 nov", "3 may 2027", "lunes", "a, b y c"),
        ("fr", "ven. 27 nov.", "3 mai 2027", "lundi", "a, b et c"),
        ("it", "ven 27 nov", "3 mag 2027", "lunedì", "a, b e c"),
        ("nl", "vr 27 nov", "3 mei 2027", "maandag", "a, b en c"),
        ("pt", "sex., 27 de nov.", "3 de mai. de 2027", "segunda-feira", "a, b e c"),
        ("ru", "пт, 27 нояб.", "3 мая 2027\u202fг.", "понедельник", "a, b и c"),
    ],
)
def test_days_and_lists_are_written_as_in_the_language(
    language: str, day: str, with_year: str, weekday: str, listed: str
) -> None:
    with translation.override(language):
        assert day_text(FRIDAY) == day
        assert day_text(MAY, with_weekday=False, with_year=True) == with_year
        assert weekday_text(0) == weekday
        assert list_text(["a", "b", "c"]) == listed
