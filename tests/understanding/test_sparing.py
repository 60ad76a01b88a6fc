"""What a command for many leaves out, in the words of each language."""

from __future__ import annotations

import pytest

from tests.understanding.speech import understand
from voice_app.asking.routing import is_sure

SPARING = [
    ("en", "complete everything except the dentist", ["dentist"]),
    ("en", "complete everything but the dentist", ["dentist"]),
    ("en", "move all tasks from today to tomorrow but not the dentist", ["dentist"]),
    ("en", "mark all tasks done apart from the dentist and the rent", ["dentist", "rent"]),
    ("de", "verschieb alles von Donnerstag außer dem Zahnarzt auf nächste Woche", ["Zahnarzt"]),
    ("de", "hak alles ab bis auf die Miete", ["Miete"]),
    ("fr", "décale tout ce qui est jeudi sauf le dentiste à la semaine prochaine", ["dentiste"]),
    ("es", "borra todo excepto el dentista", ["dentista"]),
    ("it", "completa tutto tranne il dentista", ["dentista"]),
    ("nl", "verplaats alles van donderdag behalve de tandarts naar volgende week", ["tandarts"]),
    ("pt", "conclui tudo menos o dentista", ["dentista"]),
    ("ru", "перенеси всё с четверга кроме стоматолога на следующую неделю", ["стоматолога"]),
]


@pytest.mark.parametrize(("language", "text", "spared"), SPARING)
def test_what_is_left_out_is_not_what_is_meant(language: str, text: str, spared: list[str]) -> None:
    understood = understand(text, language=language)
    (command,) = understood.commands
    filters = command.filters or {}
    assert filters["all"] is True
    assert filters["except"] == spared
    assert not is_sure(understood, 0.85)


@pytest.mark.parametrize("text", ["delete everything", "complete the dentist", "complete everything but"])
def test_nothing_is_left_out_where_nothing_is_named(text: str) -> None:
    assert all("except" not in (command.filters or {}) for command in understand(text).commands)
