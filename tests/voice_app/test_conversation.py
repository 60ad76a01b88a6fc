"""What was said before: who remembers it, for how long, and what it does to what is said next."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tasks_app.commands import CreateTask
from tasks_app.context import Actor, Source
from tasks_app.models import Project, Task, User
from tasks_app.services import execute
from tests.voice_app.conftest import SUNDAY_MORNING, Say, finish
from voice_app import conversation, dry_run, services
from voice_app.actors import actor_for
from voice_app.conversation import turns_before, turns_so_far
from voice_app.models import VoiceCommand, VoiceSession

BERLIN = ZoneInfo("Europe/Berlin")


def open_tasks() -> list[tuple[str, str | None]]:
    """Titles and times of the open tasks, the oldest first."""
    tasks = Task.objects.filter(deleted_at=None, completed_at=None).order_by("created_at")
    return [(task.title, _when(task)) for task in tasks]


def _when(task: Task) -> str | None:
    if task.due_at:
        return task.due_at.astimezone(BERLIN).strftime("%m-%d %H:%M")
    return task.due_on.strftime("%m-%d") if task.due_on else None


def test_six_turns(say: Say) -> None:
    say("Gym tomorrow at 5 pm")
    say("and another one for Friday")
    assert open_tasks() == [("Gym", "11-23 17:00"), ("Gym", "11-27 17:00")]

    say("make it six instead")
    assert open_tasks() == [("Gym", "11-23 17:00"), ("Gym", "11-27 18:00")]

    say("and call it long run")
    say("same time next week")
    assert open_tasks() == [("Gym", "11-23 17:00"), ("long run", "12-04 18:00")]

    listed = say("what about tomorrow?")
    assert [task["title"] for task in listed.results[0]["tasks"]] == ["Gym"]


def test_what_comes_again_on_a_day_is_told_of_that_day(say: Say) -> None:
    say("Water the plants every day at 9 am")
    listed = say("What is on my agenda for next week?")
    assert [task["title"] for task in listed.results[0]["tasks"]] == ["Water the plants"]
    tomorrow = say("What is due tomorrow?")
    assert [(task["title"], task["due"]) for task in tomorrow.results[0]["tasks"]] == [
        ("Water the plants", "2026-11-23T09:00:00+01:00")
    ]
    later = say("What is due on Wednesday?")
    assert [task["due"] for task in later.results[0]["tasks"]] == ["2026-11-25T09:00:00+01:00"]


def test_the_other_one_of_a_list_undoes_the_first(say: Say) -> None:
    for title in ("Pay the rent", "Water the plants", "Feed the cat"):
        say(f"Add {title}")
    listed = say("Show my tasks")
    titles = [task["title"] for task in listed.results[0]["tasks"]]
    say("Complete the first one")
    assert [title for title, _ in open_tasks()] == [title for title in titles if title != titles[0]]

    corrected = say("no, the second one")
    assert corrected.reply == f"Undone: “{titles[0]}”.\nDone: “{titles[1]}”."
    assert {title for title, _ in open_tasks()} == {titles[0], titles[2]}

    say("undo")
    assert {title for title, _ in open_tasks()} == {titles[1], titles[2]}


def test_the_other_one_of_an_offer(say: Say) -> None:
    say("Add call the dentist")
    say("Add call the dentist about the bill")
    asked = say("Complete the dentist task")
    assert asked.state == VoiceCommand.State.WAITING

    say("no, the second one")
    asked.refresh_from_db()
    assert (asked.state, asked.success) == (VoiceCommand.State.DONE, True)
    done = Task.objects.get(completed_at__isnull=False)

    say("no, the other one")
    assert [title for title, _ in open_tasks()] == [done.title]


def test_a_correction_undoes_what_this_conversation_did(say: Say, speaker: User) -> None:
    for title in ("Pay the rent", "Water the plants"):
        say(f"Add {title}")
    titles = [task["title"] for task in say("Show my tasks").results[0]["tasks"]]
    say("Complete the first one")
    elsewhere = actor_for(speaker, Source.API, said_at=SUNDAY_MORNING)
    execute(elsewhere, [CreateTask(title="Buy milk")], cause_id=uuid.uuid4())

    say("no, the second one")

    assert {title for title, _ in open_tasks()} == {titles[0], "Buy milk"}


def test_two_tasks_of_one_utterance_move_together(say: Say) -> None:
    say("call mum and buy milk tomorrow")
    say("no, on Friday")
    assert [when for _, when in open_tasks()] == ["11-27", "11-27"]


def test_two_tasks_at_different_times_are_asked_about_first(say: Say) -> None:
    say("call mum tomorrow at 5 pm and pay the rent on Thursday")
    before = open_tasks()

    asked = say("no, on Friday")
    assert (asked.state, open_tasks()) == (VoiceCommand.State.WAITING, before)

    say("yes")
    assert [when for _, when in open_tasks()] == ["11-27 17:00", "11-27"]


def test_put_it_on_a_list(say: Say, speaker: User) -> None:
    Project.objects.create(owner=speaker, name="Work")
    say("Write the report")
    say("put it on the work list")
    say("and another one for Monday")
    projects = Task.objects.values_list("project__name", flat=True)
    assert list(projects) == ["Work", "Work"]


def test_a_command_of_its_own_stays_one(say: Say) -> None:
    say("Gym tomorrow at 5 pm")
    say("buy milk tomorrow")
    assert open_tasks()[1] == ("buy milk", "11-23")


def test_deleting_another_one_is_asked_first(say: Say) -> None:
    for title in ("Pay the rent", "Water the plants"):
        say(f"Add {title}")
    say("Show my tasks")
    say("Delete the first one")

    asked = say("no, the second one")
    assert (asked.state, len(open_tasks())) == (VoiceCommand.State.WAITING, 1)
    before = open_tasks()

    say("yes")
    assert open_tasks() != before
    assert len(open_tasks()) == 1


@pytest.fixture
def turns(say: Say, actor: Actor) -> tuple[str, ...]:
    say("Gym tomorrow at 5 pm")
    say("Show my tasks")
    return tuple(turn.text for turn in turns_so_far(actor))


def test_what_is_remembered(say: Say, actor: Actor) -> None:
    say("Gym tomorrow at 5 pm")
    say("Show my tasks")

    made, listed = turns_so_far(actor)

    assert (made.text, made.touched, made.due) == ("Gym tomorrow at 5 pm", ("Gym",), ("2026-11-23T17:00:00+01:00",))
    assert (listed.touched, listed.shown) == ((), ("Gym",))
    assert made.said_at == SUNDAY_MORNING
    assert [command.intent for command in listed.commands] == ["list_tasks"]


def test_it_ends_with_the_session(turns: tuple[str, ...], actor: Actor, settings: Settings, say: Say) -> None:
    assert len(turns) == 2
    limit = dt.timedelta(seconds=settings.VOICE_SESSION_IDLE_SECONDS)
    VoiceSession.objects.update(last_active_at=timezone.now() - limit - dt.timedelta(seconds=1))

    assert turns_so_far(actor) == ()
    command = say("and another one for Friday")
    assert turns_before(command) == ()
    assert [title for title, _ in open_tasks()] == ["Gym"]


def test_it_is_not_shared_between_doors(turns: tuple[str, ...], speaker: User, actor: Actor) -> None:
    telegram = actor_for(speaker, Source.TELEGRAM, said_at=SUNDAY_MORNING)
    assert (len(turns), turns_so_far(telegram)) == (2, ())
    command = finish(services.submit_text(telegram, "and another one for Friday", external_id="t1").command)
    assert turns_before(command) == ()
    assert len(open_tasks()) == 1


def test_it_is_not_shared_between_people(turns: tuple[str, ...], actor: Actor) -> None:
    other = replace(actor, user=User.objects.create_user("ben", timezone="Europe/Berlin", language="en"))
    assert (len(turns), turns_so_far(other)) == (2, ())
    command = finish(services.submit_text(other, "and another one for Friday", external_id="t1").command)
    assert turns_before(command) == ()
    assert not Task.objects.filter(owner=other.user).exists()


def test_it_is_bounded(say: Say, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(conversation.MOST_TURNS + 2):
        say(f"Add task number {number}")
    assert len(turns_so_far(actor)) == conversation.MOST_TURNS
    assert turns_so_far(actor)[-1].text == f"Add task number {conversation.MOST_TURNS + 1}"

    monkeypatch.setattr(conversation, "MOST_CHARACTERS", 60)
    assert len(turns_so_far(actor)) == 2


def test_it_costs_one_query(say: Say, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    command = say("Buy milk")
    with django_assert_num_queries(1):
        turns_before(command)


def test_a_dry_run_knows_the_conversation(turns: tuple[str, ...], actor: Actor) -> None:
    found = dry_run.interpret(actor, "and another one for Friday", None)
    assert (found["commands"][0]["title"], found["commands"][0]["due"]) == ("Gym", "2026-11-27T17:00:00+01:00")
