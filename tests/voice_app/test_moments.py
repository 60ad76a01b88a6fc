"""Days, times and recurrences in words, in each language."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from voice_app.moments import moment_text, recurrence_text

ZONE = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("language", "tomorrow", "later"),
    [
        ("en", "tomorrow, Mon 23 Nov, 17:00", "Fri 27 Nov, 17:00 - 18:00"),
        ("de", "morgen, Mo., 23. Nov., 17:00", "Fr., 27. Nov., 17:00 - 18:00"),
        ("es", "mañana, lun, 23 nov, 17:00", "vie, 27 nov, 17:00 - 18:00"),
        ("fr", "demain, lun. 23 nov., 17:00", "ven. 27 nov., 17:00 - 18:00"),
        ("it", "domani, lun 23 nov, 17:00", "ven 27 nov, 17:00 - 18:00"),
        ("nl", "morgen, ma 23 nov, 17:00", "vr 27 nov, 17:00 - 18:00"),
        ("pt", "amanhã, seg., 23 de nov., 17:00", "sex., 27 de nov., 17:00 - 18:00"),
        ("ru", "завтра, пн, 23 нояб., 17:00", "пт, 27 нояб., 17:00 - 18:00"),
    ],
)
def test_a_moment_is_in_the_language(language: str, tomorrow: str, later: str) -> None:
    with translation.override(language):
        assert moment_text("2026-11-23T17:00+01:00", None, ZONE, NOW) == tomorrow
        assert moment_text("2026-11-27T17:00+01:00", "2026-11-27T18:00+01:00", ZONE, NOW) == later


@pytest.mark.parametrize(
    ("language", "rrule", "words"),
    [
        ("en", "FREQ=WEEKLY;BYDAY=MO,WE", "every Monday and Wednesday"),
        ("en", "FREQ=MINUTELY;INTERVAL=30", "every 30 minutes"),
        ("ru", "FREQ=MINUTELY;INTERVAL=30", "каждые 30 минут"),
        ("de", "FREQ=WEEKLY;BYDAY=MO,WE", "jeden Montag und Mittwoch"),
        ("de", "FREQ=MONTHLY;BYMONTHDAY=1", "jeden Monat"),
        ("de", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "alle 2 Wochen: Freitag"),
        ("es", "FREQ=YEARLY", "cada año"),
        ("fr", "FREQ=DAILY;INTERVAL=3", "tous les 3 jours"),
        ("it", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "ogni giorno feriale"),
        ("nl", "FREQ=WEEKLY;BYDAY=TU", "elke dinsdag"),
        ("pt", "FREQ=WEEKLY;BYDAY=SA", "toda semana: sábado"),
        ("ru", "FREQ=DAILY", "каждый день"),
        ("ru", "FREQ=DAILY;INTERVAL=2", "каждые 2 дня"),
        ("ru", "FREQ=DAILY;INTERVAL=5", "каждые 5 дней"),
        ("ru", "FREQ=DAILY;INTERVAL=21", "каждый 21 день"),
        ("ru", "FREQ=WEEKLY;BYDAY=WE", "каждую неделю: среда"),
    ],
)
def test_a_recurrence_is_in_the_language(language: str, rrule: str, words: str) -> None:
    with translation.override(language):
        assert recurrence_text(rrule) == words
