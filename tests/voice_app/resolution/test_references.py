"""Which tasks a command for many means: those that it names, without those that it leaves out."""

from __future__ import annotations

import pytest

from tasks_app.commands import CompleteTask, UpdateTask
from tasks_app.context import Actor
from tasks_app.intents import Intent
from tasks_app.models import Project, Task
from voice_app.resolution import Plan, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.types import SpokenCommand, Understanding


def planned(actor: Actor, intent: Intent, *spared: str, task: str | None = None, **filters: object) -> Plan:
    wanted = {"all": True, "except": list(spared)} | filters
    spoken = SpokenCommand(intent=intent, due="2026-11-30", task=task, filters=wanted)
    understanding = Understanding(text="", language="en", engine="openai", confidence=0.9, commands=(spoken,))
    return plan_utterance(Scene(actor, understanding, {}, []))


@pytest.fixture(autouse=True)
def _tasks(actor: Actor) -> None:
    for title in ("Call the dentist", "Pay rent", "Water the plants"):
        Task.objects.create(owner=actor.user, title=title)


def test_what_is_spared_is_left_alone(actor: Actor) -> None:
    commands = planned(actor, Intent.UPDATE_TASK, "the dentist").commands
    moved = {command.task_id for command in commands if isinstance(command, UpdateTask)}
    assert moved == set(Task.objects.exclude(title="Call the dentist").values_list("pk", flat=True))


def test_an_exception_that_fits_nothing_is_asked_about(actor: Actor) -> None:
    question = planned(actor, Intent.UPDATE_TASK, "the zeppelin").question
    assert question is not None
    assert (question.kind, len(question.options)) == ("confirmation", 3)


def test_what_destroys_shows_only_what_it_would_destroy(actor: Actor) -> None:
    question = planned(actor, Intent.DELETE_TASK, "rent").question
    assert question is not None
    assert {option.label for option in question.options} == {"Call the dentist", "Water the plants"}


def test_when_all_are_spared_nothing_is_left_to_do(actor: Actor) -> None:
    assert planned(actor, Intent.COMPLETE_TASK, "dentist", "rent", "plants").commands == ()


def test_all_that_are_named_and_no_others(actor: Actor) -> None:
    Task.objects.create(owner=actor.user, title="Buy a plant")
    commands = planned(actor, Intent.COMPLETE_TASK, task="plants").commands
    done = {command.task_id for command in commands if isinstance(command, CompleteTask)}
    assert done == set(Task.objects.filter(title__contains="plant").values_list("pk", flat=True))


def test_all_of_a_list_that_is_named(actor: Actor) -> None:
    garden = Project.objects.create(owner=actor.user, name="Garden")
    digging = Task.objects.create(owner=actor.user, title="Dig", project=garden)
    commands = planned(actor, Intent.COMPLETE_TASK, task="garden").commands
    assert [command.task_id for command in commands if isinstance(command, CompleteTask)] == [digging.pk]


def test_all_of_what_nobody_has_is_nothing(actor: Actor) -> None:
    assert planned(actor, Intent.COMPLETE_TASK, task="zeppelins").commands == ()


def test_words_that_name_nothing_beside_a_filter_are_asked_about(actor: Actor) -> None:
    Task.objects.filter(title="Pay rent").update(due_on="2020-01-01")
    question = planned(actor, Intent.DELETE_TASK, task="ones", overdue=True).question
    assert question is not None
    assert [option.label for option in question.options] == ["Pay rent"]


def unnamed(actor: Actor, intent: Intent, recent: list[dict[str, object]]) -> Plan:
    spoken = SpokenCommand(intent=intent)
    understanding = Understanding(text="", language="en", engine="local", confidence=0.99, commands=(spoken,))
    return plan_utterance(Scene(actor, understanding, {}, recent))


def test_done_alone_means_what_was_spoken_of_just_now(actor: Actor) -> None:
    rent = Task.objects.get(title="Pay rent")
    commands = unnamed(actor, Intent.COMPLETE_TASK, [{"cause_id": "c", "task_id": str(rent.pk)}]).commands
    assert [command.task_id for command in commands if isinstance(command, CompleteTask)] == [rent.pk]


@pytest.mark.parametrize("intent", [Intent.COMPLETE_TASK, Intent.DELETE_TASK])
def test_done_alone_with_nothing_before_it_is_asked_about(actor: Actor, intent: Intent) -> None:
    question = unnamed(actor, intent, []).question
    assert question is not None
    assert (question.kind, question.phrase, len(question.options)) == ("choice", "", 3)


def test_a_deletion_alone_is_asked_about_also_when_something_was_spoken_of(actor: Actor) -> None:
    rent = Task.objects.get(title="Pay rent")
    question = unnamed(actor, Intent.DELETE_TASK, [{"cause_id": "c", "task_id": str(rent.pk)}]).question
    assert question is not None
    assert [option.label for option in question.options] == ["Pay rent"]
