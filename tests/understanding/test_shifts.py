"""By how much a task is moved from when it is due, and what is moved from one day to another, in each language."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tasks_app.intents import Intent
from voice_app.types import SpokenCommand, Utterance
from voice_app.understanding import interpret

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = dt.datetime(2026, 3, 4, 10, tzinfo=BERLIN)

SHIFTS = """
en | push it back an hour | PT1H |
en | move the dentist two days later | P2D | dentist
en | make it an hour later | PT1H |
en | bring the meeting forward by 30 minutes | -PT30M | meeting
en | push the dentist back by a week | P7D | dentist
en | move the meeting an hour and a half earlier | -PT1H30M | meeting
en | postpone the dentist by a month | P1M | dentist
en | delay the call 15 minutes | PT15M | call
en | put the dentist off for a week | P7D | dentist
en | move tomorrow's dentist an hour later | PT1H | dentist
de | verschieb das um eine Stunde | PT1H |
de | verschiebe den Zahnarzt um zwei Tage nach hinten | P2D | Zahnarzt
de | zieh das Meeting um 30 Minuten vor | -PT30M | das Meeting
de | mach das eine Stunde später | PT1H |
fr | repousse le dentiste d'une semaine | P7D | dentiste
fr | avance la réunion de 30 minutes | -PT30M | réunion
fr | décale le dentiste de deux jours | P2D | dentiste
es | retrasa el dentista una hora | PT1H | dentista
es | adelanta la reunión 30 minutos | -PT30M | reunión
es | muévelo una hora más tarde | PT1H |
it | posticipa il dentista di un'ora | PT1H | dentista
it | anticipa la riunione di 30 minuti | -PT30M | riunione
it | spostalo un'ora più tardi | PT1H |
pt | adia o dentista uma hora | PT1H | dentista
pt | antecipa a reunião em 30 minutos | -PT30M | reunião
pt | adiar a reunião em dois dias | P2D | reunião
nl | verzet de tandarts een uur later | PT1H | tandarts
nl | verplaats de vergadering met twee dagen | P2D | vergadering
nl | haal de vergadering 30 minuten naar voren | -PT30M | vergadering
nl | schuif het een uur op | PT1H |
ru | перенеси встречу на час позже | PT1H | встречу
ru | сдвинь встречу на полчаса раньше | -PT30M | встречу
ru | отложи стоматолога на неделю | P7D | стоматолога
"""
INSTEAD = """
en | move the dentist to Friday instead of Thursday
de | verschiebe den Zahnarzt auf Freitag statt Donnerstag
fr | déplace le dentiste à vendredi au lieu de jeudi
es | mueve el dentista al viernes en vez del jueves
it | sposta il dentista a venerdì invece di giovedì
nl | verplaats de tandarts naar vrijdag in plaats van donderdag
ru | перенеси стоматолога на пятницу вместо четверга
"""
NO_SHIFTS = """
en | snooze it for an hour | 2026-03-04T11:00:00+01:00
en | postpone the dentist to Friday | 2026-03-06
en | push the dentist to tomorrow | 2026-03-05
en | move my meeting to 3 pm | 2026-03-04T15:00:00+01:00
en | move the dentist from Monday to Wednesday | 2026-03-11
fr | déplace la réunion à 15 heures | 2026-03-04T15:00:00+01:00
nl | verzet de vergadering naar 3 uur | 2026-03-04T15:00:00+01:00
"""
FROM_TODAY = """
en | move everything from today to tomorrow | 2026-03-05
en | move everything due today to Friday | 2026-03-06
de | verschieb alles von heute auf Freitag | 2026-03-06
fr | déplace tout d'aujourd'hui à demain | 2026-03-05
es | mueve todo de hoy a mañana | 2026-03-05
es | pasa todo lo de hoy al viernes | 2026-03-06
it | sposta tutto da oggi a domani | 2026-03-05
pt | move tudo de hoje para amanhã | 2026-03-05
nl | verplaats alles van vandaag naar morgen | 2026-03-05
ru | перенеси всё с сегодня на завтра | 2026-03-05
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def command(language: str, text: str) -> SpokenCommand:
    (only,) = interpret(Utterance(text, language, WEDNESDAY)).commands
    return only


@pytest.mark.parametrize(("language", "text", "shift", "task"), rows(SHIFTS))
def test_a_task_moves_by_so_much_from_when_it_is_due(language: str, text: str, shift: str, task: str) -> None:
    found = command(language, text)
    assert (found.intent, found.shift, found.due) == (Intent.UPDATE_TASK, shift, None)
    assert found.said["shift"] in text
    assert found.task == task if task else (found.filters or {}).get("that")


@pytest.mark.parametrize(("language", "text", "due"), rows(NO_SHIFTS))
def test_a_moment_is_no_shift(language: str, text: str, due: str) -> None:
    found = command(language, text)
    assert (found.shift, found.due) == (None, due)


@pytest.mark.parametrize(("language", "text"), rows(INSTEAD))
def test_the_day_before_instead_holds(language: str, text: str) -> None:
    found = command(language, text)
    assert (found.intent, found.due) == (Intent.UPDATE_TASK, "2026-03-06")
    assert found.filters == {"from": "2026-03-05", "to": "2026-03-05"}


def test_an_article_is_no_part_of_a_list() -> None:
    assert command("en", "get rid of the weekend project").project == "weekend"


@pytest.mark.parametrize(("language", "text", "due"), rows(FROM_TODAY))
def test_all_of_a_day_goes_to_another(language: str, text: str, due: str) -> None:
    found = command(language, text)
    assert (found.intent, found.task, found.due, found.end) == (Intent.UPDATE_TASK, None, due, None)
    assert found.filters == {"from": "2026-03-04", "to": "2026-03-04", "all": True}
