"""What English speakers say and what is to be done: one command in ``tables/en.txt``, several in ``en_several.txt``."""

from __future__ import annotations

import pytest

from tests.understanding.speech import read_table, told, understand
from voice_app.understanding.language import detect_language

ONE, SEVERAL = read_table("en.txt"), read_table("en_several.txt")


@pytest.mark.parametrize(("text", "commands"), ONE)
def test_it_means_what_the_table_says(text: str, commands: list[str]) -> None:
    assert [told(command) for command in understand(text).commands] == commands


@pytest.mark.parametrize(("text", "commands"), SEVERAL)
def test_one_breath_holds_several_commands(text: str, commands: list[str]) -> None:
    assert [told(command) for command in understand(text).commands] == commands


def test_there_are_enough_cases() -> None:
    assert len(ONE) + len(SEVERAL) >= 450


def test_most_sentences_are_found_to_be_english() -> None:
    long_ones = [text for text, _ in ONE if len(text.split()) > 3]
    assert sum(detect_language(text) == "en" for text in long_ones) > 0.95 * len(long_ones)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("delete everything", "confirmation"),
        ("delete the garden list", "confirmation"),
        ("remind me tomorrow", "title"),
        ("create a new list", "title"),
        ("assign the report", "assignee"),
        ("add socks to the holiday list", "project"),
        ("call mum", None),
        ("yes", None),
    ],
)
def test_it_says_what_is_missing(text: str, needed: str | None) -> None:
    assert understand(text).needs == needed


def test_a_name_that_nobody_knows_is_offered_and_not_invented() -> None:
    result = understand("add milk to the growing list")
    assert result.commands[0].project == "growing"
    assert result.needs == "project"
    assert "Groceries" not in {command.project for command in result.commands}


def test_every_field_keeps_the_words_it_came_from() -> None:
    said = understand("add milk to groceries tomorrow at five").commands[0].said
    assert said == {"due": "tomorrow at five", "project": "groceries", "title": "milk"}
