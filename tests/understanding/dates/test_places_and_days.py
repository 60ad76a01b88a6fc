"""A place in a list before a day is not the beginning of a stretch of days."""

from __future__ import annotations

import pytest

from tests.understanding.speech import understand

MOVES = {
    "en": "Move the third to 9 March 2099",
    "de": "Verschiebe das dritte auf den 9. März 2099",
    "es": "Mueve el tercero al 9 de marzo de 2099",
    "fr": "Déplace le troisième au 9 mars 2099",
    "it": "Sposta il terzo al 9 marzo 2099",
    "nl": "Verplaats de derde naar 9 maart 2099",
    "pt": "Mova o terceiro para 9 de março de 2099",
    "ru": "Перенеси третью на 9 марта 2099",
}


@pytest.mark.parametrize("language", MOVES)
def test_the_third_of_a_list_moves_to_a_day(language: str) -> None:
    (command,) = understand(MOVES[language], language).commands
    assert (command.intent, command.due, command.end) == ("update_task", "2099-03-09", None)
    assert (command.filters or {}).get("nth") == [3]


def test_none_of_several_commands_is_swallowed() -> None:
    first, second = understand("Mark the first two as done and move the third to 9 March 2099").commands
    assert (first.intent, first.due) == ("complete_task", None)
    assert (second.intent, second.due) == ("update_task", "2099-03-09")


def test_a_stretch_of_days_is_one_still() -> None:
    (command,) = understand("Book a room from the third to 9 March 2099").commands
    assert (command.due, command.end) == ("2099-03-03", "2099-03-09")
