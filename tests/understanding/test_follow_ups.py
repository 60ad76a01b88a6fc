"""What continues a conversation, by language, in the tables of ``follow_ups``; and what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks_app.intents import Intent
from tests.understanding.speech import SAID_AT, VOCABULARY, told
from voice_app.types import SpokenCommand, Turn, Understanding, Utterance
from voice_app.understanding import interpret

FOLDER = Path(__file__).parent / "follow_ups"
GYM = SpokenCommand(intent=Intent.CREATE_TASK, title="gym", due="2026-11-24T17:00:00+00:00", project="work")
SEEN = Turn("", SAID_AT, (SpokenCommand(intent=Intent.LIST_TASKS, filters={"status": "open"}),), shown=("a", "b", "c"))
MADE = Turn("", SAID_AT, (GYM,), ("gym",), ("2026-11-24T17:00:00+00:00",))
DONE = Turn("", SAID_AT, (SpokenCommand(intent=Intent.COMPLETE_TASK, filters={"nth": [1]}),), ("a",), (None,))
DELETED = replace(DONE, commands=(SpokenCommand(intent=Intent.DELETE_TASK, filters={"nth": [1]}),))
ASKED = replace(DONE, touched=(), due=(), shown=("a", "b"))
READ_BACK = replace(DELETED, touched=(), due=(), shown=("a",))
UNDONE = Turn("", SAID_AT, (SpokenCommand(intent=Intent.UNDO),))
BEFORE = {"made": (MADE,), "done": (SEEN, DONE), "seen": (SEEN,)}
NAMES = replace(VOCABULARY, projects=("Work", "Arbeit", "Travail", "Trabajo", "Lavoro", "Werk", "Trabalho", "Работа"))


def continued(text: str, *before: Turn, language: str = "en") -> Understanding:
    """What a text means after some turns."""
    said = Utterance(text=text, language=language, said_at=SAID_AT, vocabulary=NAMES, conversation=before)
    return interpret(said)


def _rows() -> list[object]:
    found: list[object] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                before, text, wanted = (part.strip() for part in line.split("|", 2))
                found.append(pytest.param(path.stem, before, text, wanted, id=f"{path.stem}: {text}"))
    return found


@pytest.mark.parametrize(("language", "before", "text", "wanted"), _rows())
def test_a_continuation(language: str, before: str, text: str, wanted: str) -> None:
    found = continued(text, *BEFORE[before], language=language)
    assert " + ".join(map(told, found.commands)) == wanted


@pytest.mark.parametrize(("language", "before", "text", "wanted"), _rows())
def test_none_of_it_without_a_conversation(language: str, before: str, text: str, wanted: str) -> None:
    found = continued(text, language=language)
    titles = {command.title for command in found.commands if command.intent is Intent.CREATE_TASK}
    assert "gym" not in titles
    assert all("that" not in (command.filters or {}) or command.task != "gym" for command in found.commands)


@pytest.mark.parametrize(
    "text",
    [
        "buy milk tomorrow",
        "another dentist appointment on Friday",
        "call mum at the same time as Anna",
        "what about the dentist?",
        "no",
        "yes",
        "undo",
        "no, not tomorrow",
        "call it off",
        "later",
        "make it later",
        "remind me again tomorrow",
        "not now",
        "delete the second one",
        "show me the same list",
        "",
    ],
)
@pytest.mark.parametrize("before", sorted(BEFORE))
def test_a_command_of_its_own_means_what_it_means_alone(text: str, before: str) -> None:
    assert continued(text, *BEFORE[before]).commands == continued(text).commands


def test_what_was_undone_is_not_made_again() -> None:
    text = "and another one for Friday"
    assert continued(text, MADE, UNDONE).commands == continued(text).commands


def test_what_was_done_in_between_makes_it_less_sure() -> None:
    assert continued("and another one for Friday", MADE).confidence > 0.85
    assert continued("and another one for Friday", MADE, SEEN, DONE).confidence < 0.85


def test_another_one_is_as_the_first_is_now() -> None:
    it = SpokenCommand(intent=Intent.UPDATE_TASK, task="gym", filters={"that": True}, due="2026-11-24T18:00:00+00:00")
    changed = Turn("", SAID_AT, (it,), ("swimming",), ("2026-11-24T18:00:00+00:00",))
    found = continued("and another one for Friday", MADE, changed)
    assert told(found.commands[0]) == "create_task | title=swimming | due=2026-11-27T18:00 | project=work"
    assert found.confidence > 0.85


def test_the_same_is_all_that_was_made_and_another_one_the_last_of_it() -> None:
    two = SpokenCommand(intent=Intent.CREATE_TASK, title="a"), SpokenCommand(intent=Intent.CREATE_TASK, title="b")
    made = Turn("", SAID_AT, two, ("a", "b"), (None, None))
    assert [command.title for command in continued("the same for Monday", made).commands] == ["a", "b"]
    assert [command.title for command in continued("another one for Monday", made).commands] == ["b"]


def test_two_tasks_at_different_times_are_asked_about() -> None:
    made = Turn("", SAID_AT, (GYM, GYM), ("gym", "yoga"), ("2026-11-24T17:00:00+00:00", "2026-11-25"))
    found = continued("no, on Friday", made)
    assert (found.commands[0].due, found.commands[0].filters) == ("2026-11-27", {"that": True, "all": True})
    assert found.confidence < 0.6


def test_deleting_another_one_wants_a_yes() -> None:
    assert continued("no, the second one", SEEN, DELETED).needs == "confirmation"


def test_an_open_question_gets_its_answer() -> None:
    found = continued("no, the second one", SEEN, ASKED)
    assert (found.commands[0].intent, found.commands[0].filters) == (Intent.NONE, {"nth": [2]})


def test_what_is_only_read_back_is_replaced_and_not_undone() -> None:
    found = continued("no, the second one", SEEN, READ_BACK)
    assert [told(command) for command in found.commands] == ["delete_task | task=the second one | +nth=2"]


def test_a_place_that_the_list_does_not_have_is_not_guessed() -> None:
    assert continued("no, the fifth one", SEEN, DONE).commands[0].intent is Intent.NONE


def test_the_other_of_two() -> None:
    offered = replace(DONE, shown=("a", "b"))
    assert continued("no, the other one", offered).commands[1].filters == {"nth": [2]}
    assert continued("no, the other one", SEEN, DONE).commands == continued("no, the other one").commands


@pytest.mark.parametrize(
    ("due", "text", "wanted"),
    [
        ("2026-11-24T17:00:00+00:00", "make it 4", "2026-11-24T16:00:00+00:00"),
        ("2026-11-24T09:00:00+00:00", "make it 8", "2026-11-24T08:00:00+00:00"),
        ("2026-11-24", "make it 5 pm", "2026-11-24T17:00:00+00:00"),
        ("2026-11-24T17:00:00+00:00", "same time next month", "2026-12-24T17:00:00+00:00"),
        ("2026-12-31T17:00:00+00:00", "same time next month", "2027-01-31T17:00:00+00:00"),
        ("2027-01-31T17:00:00+00:00", "same time in February", "2027-02-28T17:00:00+00:00"),
        ("2026-12-04", "no, tomorrow", "2026-11-23"),
        ("2026-12-04", "two days later", "2026-12-06"),
        ("2027-03-27T09:00:00+00:00", "make it a day later", "2027-03-28T09:00:00+01:00"),
        ("2027-03-28T00:30:00+00:00", "make it an hour later", "2027-03-28T02:30:00+01:00"),
        (None, "no, tomorrow", "2026-11-23"),
        ("2027-03-20T09:00:00+00:00", "same time on 30 March 2027", "2027-03-30T09:00:00+01:00"),
    ],
)
def test_the_new_moment(due: str | None, text: str, wanted: str) -> None:
    assert continued(text, replace(MADE, due=(due,))).commands[0].due == wanted


@pytest.mark.parametrize("text", ["make it 99999999 days later", "no, 999999 weeks earlier", "same time next week"])
def test_where_the_calendar_ends_nothing_is_moved(text: str) -> None:
    last_day = replace(MADE, due=("9999-12-31T17:00:00+00:00",))
    for turn in (MADE, last_day):
        moved = continued(text, turn).commands[0].due
        assert moved is None or moved < "9999-12-31T17:00:01"


def test_another_one_later_leaves_the_first_where_it_is() -> None:
    found = continued("another one two days later", MADE)
    assert told(found.commands[0]) == "create_task | title=gym | due=2026-11-26T17:00 | project=work"


def test_what_people_say_by_itself_is_not_taken_for_a_continuation() -> None:
    """But for "move it to Friday", which means the same task and keeps its time of day."""
    cases = [
        (path.stem, line.split("|")[0].strip())
        for path in sorted((Path(__file__).parent / "cases").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    for language, text in cases[::6]:
        alone, found = continued(text, language=language).commands, continued(text, MADE, language=language).commands
        is_about_it = (alone[0].filters or {}).get("that") or "update_task" in told(alone[0])
        assert found == alone or (is_about_it and told(found[0]).endswith("task=gym | +that=true")), text
