"""What holds for every text, whatever it says."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.understanding.speech import SAID_AT, VOCABULARY, read_table, told, understand
from voice_app.types import Utterance
from voice_app.understanding import explain, interpret
from voice_app.understanding.languages import language_codes
from voice_app.understanding.lexicon import load_lexicon
from voice_app.understanding.text import tokenise
from voice_app.understanding.titles import trimmed
from voice_app.understanding.units import tag_units

SENTENCES = [text for text, _ in [*read_table("en.txt"), *read_table("en_several.txt")]]
WORDS = sorted({word for text in SENTENCES for word in text.split()})
SURE = 0.85
"""From here on an answer is taken as it is."""
SMALL = 2
"""Words of so many letters join others on."""

titles = st.sampled_from(["buy milk", "call mum", "pay the rent", "water the plants", "fix the roof", "walk the dog"])
days = st.integers(min_value=1, max_value=300).map(lambda days: SAID_AT.date() + dt.timedelta(days=days))
times = st.times(min_value=dt.time(1)).map(lambda clock: clock.replace(second=0, microsecond=0))
texts = st.one_of(
    st.text(max_size=500), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.sampled_from(SENTENCES)
)
languages = st.sampled_from([None, "xx", *language_codes()])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, language=languages)
def test_any_text_gets_an_answer(text: str, language: str | None) -> None:
    result = understand(text, language)
    assert result.commands
    assert 0 <= result.confidence <= 1
    assert result == understand(text, language)


@settings(max_examples=40, deadline=None)
@given(text=texts, language=languages)
def test_any_answer_can_be_explained(text: str, language: str | None) -> None:
    assert explain(Utterance(text=text, language=language, said_at=SAID_AT, vocabulary=VOCABULARY))


@settings(max_examples=30, deadline=None)
@given(title=titles, day=days, clock=st.none() | times, project=st.sampled_from([None, *VOCABULARY.projects]))
def test_a_command_put_into_words_comes_back(
    title: str, day: dt.date, clock: dt.time | None, project: str | None
) -> None:
    place = f" to {project}" if project else ""
    moment = f" at {clock:%I:%M %p}" if clock else ""
    command = understand(f"add {title}{place} on {day.day} {day:%B %Y}{moment}").commands[0]
    due = dt.datetime.combine(day, clock, SAID_AT.tzinfo).isoformat() if clock else day.isoformat()
    assert (command.intent, command.title, command.due, command.project) == ("create_task", title, due, project)


@settings(max_examples=30, deadline=None)
@given(words=st.lists(st.sampled_from(["lamp", "paper", "green", "wood", "table", "river"]), min_size=1, max_size=8))
def test_no_time_comes_from_a_text_without_one(words: list[str]) -> None:
    for command in understand("add " + " ".join(words)).commands:
        assert command.due is None
        assert command.rrule is None


def test_a_word_more_does_not_flip_what_was_certain() -> None:
    flips = []
    for text, commands in read_table("en.txt"):
        words = text.split()
        wanted = commands[0].split(" |")[0]
        sure = [place for place in range(2, len(words)) if _is_certain(" ".join(words[:place]), wanted)]
        flips += [text for place in sure if _intent(" ".join(words[: place + 1])) not in {wanted, "none"}]
    assert len(flips) <= 0.02 * len(read_table("en.txt")), flips


def _intent(text: str) -> str:
    return understand(text).commands[0].intent.value


def _is_certain(text: str, intent: str) -> bool:
    result = understand(text)
    return result.commands[0].intent == intent and result.confidence > 0.95


def test_no_word_of_several_commands_is_silently_lost() -> None:
    lexicon = load_lexicon("en")
    lost = []
    for text, _ in read_table("en_several.txt"):
        units = tag_units(tokens := tokenise(text, split_apostrophes=lexicon.split_apostrophes), lexicon, ())
        own = [tokens[unit.first].norm for unit in units if unit.tag in {"x", "event"}]
        result = understand(text)
        kept = " ".join(f"{command.said} {told(command)}" for command in result.commands).lower()
        if any(unit.tag == "repair" for unit in units) or result.needs or result.confidence < SURE:
            continue
        lost += [(text, word) for word in own if word not in kept and trimmed(word, lexicon) and len(word) > SMALL]
    assert not lost


def test_what_was_left_out_makes_the_answer_unsure() -> None:
    result = understand("delete the album and mark the report as done")
    assert [command.intent.value for command in result.commands] == ["complete_task"]
    assert result.confidence < SURE


def test_a_very_long_text_is_cut_and_answered() -> None:
    result = interpret(Utterance(text="buy milk and " * 5000, language="en", said_at=SAID_AT))
    assert result.commands
