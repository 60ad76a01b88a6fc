"""Places in the list that was shown last: "the first two are done, move the third to Monday", in every language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from voice_app.types import SpokenCommand, Utterance
from voice_app.understanding import interpret

SUNDAY = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
TABLE = Path(__file__).parent / "tables" / "places.txt"
ROWS = [
    tuple(column.strip() for column in line.split(" | "))
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def told(command: SpokenCommand) -> str:
    """A command as the table writes it."""
    filters = command.filters or {}
    places = {key: filters[key] for key in ("nth", "first", "last") if key in filters}
    words = [f"{key} {','.join(map(str, value)) if key == 'nth' else value}" for key, value in places.items()]
    return " ".join([command.intent.value, *words, (command.due or "")[:10]]).strip()


@pytest.mark.parametrize(("language", "said", "meant"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_a_place_of_the_list_is_meant(language: str, said: str, meant: str) -> None:
    found = interpret(Utterance(text=said, language=language, said_at=SUNDAY))

    assert " + ".join(told(command) for command in found.commands) == meant


@pytest.mark.parametrize(
    ("language", "said", "due"),
    [
        ("de", "Verschiebe den Zahnarzt auf den ersten", "2026-12-01"),
        ("en", "move the dentist to the third", "2026-12-03"),
        ("en", "dentist on the first of March", "2027-03-01"),
        ("pt", "dentista na segunda às 9", "2026-11-23"),
        ("pt", "mova o dentista para segunda", "2026-11-23"),
        ("pt", "ginásio de segunda a sexta", "2026-11-23"),
        ("es", "mueve el dentista al primero de marzo", "2027-03-01"),
        ("it", "sposta il dentista al primo marzo", "2027-03-01"),
    ],
)
def test_a_day_is_no_place(language: str, said: str, due: str) -> None:
    (command,) = interpret(Utterance(text=said, language=language, said_at=SUNDAY)).commands

    assert (command.due or "")[:10] == due
    assert not (command.filters or {}).keys() & {"nth", "first", "last"}
