"""What is meant by a spoken phrase, also when a word of it was misheard."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.matching import (
    ACCEPT,
    MAX_CHOICES,
    MAX_NEAR_MISSES,
    Candidate,
    ResolutionKind,
    pick_by_ordinal,
    rank,
    resolve,
)
from tasks_app.phonetics import sound_key

TITLES = (
    "Dentist appointment",
    "Call mum",
    "Call the plumber",
    "Buy milk",
    "Buy bread and butter",
    "Groceries for the weekend",
    "Renew passport",
    "Send report to Anna",
    "Water the plants",
    "Book flight to Lisbon",
    "Pay electricity bill",
    "Pay water bill",
    "Quarterly report",
    "Ring Meier about the contract",
    "Take out the trash",
    "Fix the bookshelf",
    "Prepare slides for Monday meeting",
    "Team meeting notes",
    "Gym",
    "Read chapter 2",
    "Read chapter 3",
    "Zahnarzt anrufen",
    "Steuererklärung abgeben",
    "Сдать отчёт",
)


def _candidates(*titles: str) -> list[Candidate]:
    return [Candidate(uuid.uuid4(), title, order=order) for order, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("the dentist thing", "Dentist appointment"),
        ("dentists", "Dentist appointment"),
        ("den test appointment", "Dentist appointment"),
        ("call mom", "Call mum"),
        ("call the mom", "Call mum"),
        ("col mum", "Call mum"),
        ("the plumer", "Call the plumber"),
        ("by milk", "Buy milk"),
        ("my milk", "Buy milk"),
        ("buy the bread", "Buy bread and butter"),
        ("the grocery task", "Groceries for the weekend"),
        ("renew pass port", "Renew passport"),
        ("the report for Hannah", "Send report to Anna"),
        ("watering plants", "Water the plants"),
        ("flight to Lisborn", "Book flight to Lisbon"),
        ("electric bill", "Pay electricity bill"),
        ("the quarterly one", "Quarterly report"),
        ("mayor contract", "Ring Meier about the contract"),
        ("take the trash out", "Take out the trash"),
        ("book shelf", "Fix the bookshelf"),
        ("Jim", "Gym"),
        ("chapter three", "Read chapter 3"),
        ("die zahnarzt aufgabe", "Zahnarzt anrufen"),
        ("steuererklarung", "Steuererklärung abgeben"),
        ("отчет", "Сдать отчёт"),
    ],
)
def test_finds_what_is_meant(phrase: str, title: str) -> None:
    resolution = resolve(phrase, _candidates(*TITLES))
    assert resolution.only is not None
    assert resolution.only.title == title


@pytest.mark.parametrize(
    ("phrase", "titles"),
    [
        ("the report", {"Send report to Anna", "Quarterly report"}),
        ("the bill", {"Pay electricity bill", "Pay water bill"}),
        ("the meeting", {"Prepare slides for Monday meeting", "Team meeting notes"}),
        ("call", {"Call mum", "Call the plumber"}),
        ("read the chapter", {"Read chapter 2", "Read chapter 3"}),
    ],
)
def test_asks_when_several_are_as_likely(phrase: str, titles: set[str]) -> None:
    resolution = resolve(phrase, _candidates(*TITLES))
    assert resolution.kind is ResolutionKind.SEVERAL
    assert {match.candidate.title for match in resolution.matches} == titles


@pytest.mark.parametrize(
    "phrase",
    ["", "the task", "that thing", "feed the cat", "cancel netflix", "buy eggs", "call the insurance", "chapter seven"],
)
@pytest.mark.parametrize("titles", [TITLES, ("Buy milk", "Call mum", "Read chapter 2")])
def test_takes_nothing_when_the_telling_word_is_another(phrase: str, titles: tuple[str, ...]) -> None:
    resolution = resolve(phrase, _candidates(*titles))
    assert resolution.kind is ResolutionKind.NONE
    assert len(resolution.matches) <= MAX_NEAR_MISSES


def test_the_exact_title_wins_over_longer_ones() -> None:
    resolution = resolve("team meeting", _candidates("Team meeting notes", "Team meeting", "Team meeting room"))
    assert resolution.only is not None
    assert resolution.only.title == "Team meeting"


def test_two_of_the_same_title_are_a_question() -> None:
    resolution = resolve("buy milk", _candidates("Buy milk", "buy milk", "Buy milk and eggs"))
    assert resolution.kind is ResolutionKind.SEVERAL
    assert len(resolution.matches) == 2


def test_the_order_of_candidates_does_not_decide() -> None:
    candidates = _candidates(*TITLES)
    for phrase in ("the dentist thing", "the bill", "electric bill"):
        forward, backward = resolve(phrase, candidates), resolve(phrase, candidates[::-1])
        assert forward == backward


def test_choices_are_few() -> None:
    resolution = resolve("report", _candidates(*(f"report {name}" for name in "abcdefgh")))
    assert len(resolution.matches) == MAX_CHOICES


@given(phrase=st.text(max_size=40), titles=st.lists(st.text(max_size=40), max_size=5))
def test_any_text_gets_a_score_within_bounds(phrase: str, titles: list[str]) -> None:
    matches = rank(phrase, _candidates(*titles))
    assert len(matches) == len(titles)
    assert all(0 <= match.score <= 1 for match in matches)
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


@given(title=st.sampled_from(TITLES), others=st.lists(st.sampled_from(TITLES), max_size=8))
def test_a_title_in_full_is_always_found(title: str, others: list[str]) -> None:
    match = rank(title.upper(), _candidates(title, *others))[0]
    assert (match.candidate.title, match.score) == (title, 1.0)
    assert match.score > ACCEPT


@pytest.mark.parametrize(
    ("phrase", "length", "index"),
    [
        ("the second one", 3, 1),
        ("number 3", 3, 2),
        ("number one", 3, 0),
        ("one", 3, 0),
        ("2", 3, 1),
        ("the last one please", 3, 2),
        ("the first task on my list", 3, 0),
        ("option two", 3, 1),
        ("the top one", 3, 0),
        ("the fourth", 3, None),
        ("the dentist one", 3, None),
        ("second dentist appointment", 3, None),
        ("last", 0, None),
        ("", 3, None),
    ],
)
def test_picks_by_place(phrase: str, length: int, index: int | None) -> None:
    assert pick_by_ordinal(phrase, length) == index


@pytest.mark.parametrize(
    ("one", "other"),
    [("meier", "mayor"), ("phone", "fone"), ("knight", "nite"), ("wright", "rite"), ("catherine", "katherine")],
)
def test_words_that_sound_alike_have_the_same_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("milk", "bread"), ("plumber", "dentist"), ("report", "passport")])
def test_words_that_sound_unlike_have_other_keys(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)
