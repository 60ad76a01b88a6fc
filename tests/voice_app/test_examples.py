"""What the interface suggests to say is understood in the language in which it is suggested."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.utils import translation

from voice_app.types import Utterance
from voice_app.understanding import interpret
from voicebot.catalogues import collect

SUNDAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SUGGESTING = (
    *("Say what you want done, for", "Send me a voice message", "You have no projects yet.", "“Call mum", "“Buy"),
    *("“Pay the rent on", "“What is due this", "Call mum", "I did not hear anything about your", "Write the task"),
)
SUGGESTION = re.compile(r"^•\s(.+)$|[«“„]\s?(.+?)\s?[»”“]|/add (.+)$", re.MULTILINE)


def list_examples(language: str) -> list[str]:
    examples = []
    with translation.override(language):
        for sentence in {found.parts[0] for found in collect()}:
            if sentence.startswith(SUGGESTING):
                text = translation.gettext(sentence)
                examples += ["".join(groups) for groups in SUGGESTION.findall(text)] or [text]
    return examples


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_every_example_is_understood(language: str) -> None:
    examples = list_examples(language)
    assert len(examples) > 15
    for example in examples:
        understood = interpret(Utterance(text=example, language=language, said_at=SUNDAY))
        assert {command.intent for command in understood.commands}.isdisjoint({"none", "cancel"}), example
