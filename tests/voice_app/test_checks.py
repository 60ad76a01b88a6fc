"""A wrong engine name is told before anything starts."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from voice_app.checks import check_engine_names


def test_the_engines_that_there_are_pass() -> None:
    assert check_engine_names() == []


@pytest.mark.parametrize(
    ("setting", "known"), [("VOICE_STT", "local, openai"), ("VOICE_LLM", "local, openai, claude, langchain")]
)
def test_an_engine_that_there_is_not_is_named(settings: Settings, setting: str, known: str) -> None:
    setattr(settings, setting, ["local", "nothing"])
    [message] = check_engine_names()
    assert message.msg == f"{setting} names 'nothing'; use {known}."
    assert message.is_serious()
