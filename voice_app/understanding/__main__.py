"""Build what is kept of every language's data file, so that no later process has to."""

from __future__ import annotations

import datetime as dt

from voice_app.types import Turn, Utterance
from voice_app.understanding import interpret
from voice_app.understanding.dates import find_times
from voice_app.understanding.dates.lexicon import language_codes as time_codes
from voice_app.understanding.language import detect_language
from voice_app.understanding.languages import language_codes


def build_all() -> None:
    """Read a text in each language, as what carries a conversation on."""
    said_at = dt.datetime.now(dt.UTC)
    conversation = (Turn(text="1", said_at=said_at, commands=()),)
    detect_language("1")
    for code in language_codes():
        interpret(Utterance(text="1", language=code, said_at=said_at, conversation=conversation))
    for code in time_codes():
        find_times("1", code, said_at)


if __name__ == "__main__":
    build_all()
