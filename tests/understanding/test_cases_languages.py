"""What people say in each language: the tables in ``cases``, and what must hold for every data file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tasks_app.intents import Intent
from voice_app.types import SpokenCommand, Utterance
from voice_app.understanding import interpret
from voice_app.understanding.language import detect_language
from voice_app.understanding.languages import read_language

CASES = Path(__file__).parent / "cases"
LANGUAGES = ("de", "es", "fr", "it", "nl", "pt", "ru")
SUNDAY = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
REFERS = {Intent.COMPLETE_TASK, Intent.REOPEN_TASK, Intent.DELETE_TASK, Intent.UPDATE_TASK, Intent.ASSIGN_TASK}


@dataclass(frozen=True)
class Case:
    """One line of a table; an empty column is not compared."""

    language: str
    said: str
    intents: list[str]
    names: list[str]
    due: str


def read_cases(language: str) -> Iterator[Case]:
    """The lines of a language's table."""
    for line in (CASES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        said, intents, names, due = (column.strip() for column in f"{line} ".split(" |"))
        yield Case(language, said, intents.split(" + "), names.split(" + ") if names else [], due)


ALL = [case for language in LANGUAGES for case in read_cases(language)]


def name_of(command: SpokenCommand) -> str | None:
    """What a command is about: its task, its list or its title."""
    if command.intent in REFERS:
        return command.task
    return command.project if command.intent is Intent.DELETE_PROJECT else command.title


@pytest.mark.parametrize("case", ALL, ids=[f"{case.language} {case.said}" for case in ALL])
def test_what_was_said_is_understood(case: Case) -> None:
    found = interpret(Utterance(text=case.said, language=case.language, said_at=SUNDAY, locale=None))

    assert [command.intent.value for command in found.commands] == case.intents
    if case.names:
        assert [name_of(command) for command in found.commands] == case.names
    if case.due:
        assert (found.commands[0].due or "").startswith(case.due)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_found_for_most_of_what_is_said(language: str) -> None:
    cases = list(read_cases(language))

    found = [detect_language(case.said) == language for case in cases]

    assert sum(found) >= 0.8 * len(found)


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_every_phrase_closes_its_choices(language: str) -> None:
    tables = [table for table in read_language(language).values() if isinstance(table, dict)]
    phrases = [phrase for table in tables for value in table.values() if isinstance(value, list) for phrase in value]

    assert [phrase for phrase in phrases if not _closes(phrase)] == []


def _closes(phrase: str) -> bool:
    depth = 0
    for letter in phrase:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0 and phrase == phrase.strip()
