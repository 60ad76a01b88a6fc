"""Which tasks a command for many means when it leaves some out."""

from __future__ import annotations

import pytest

from tasks_app.commands import UpdateTask
from tasks_app.context import Actor
from tasks_app.intents import Intent
from tasks_app.models import Task
from voice_app.resolution import Plan, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.types import SpokenCommand, Understanding


def planned(actor: Actor, intent: Intent, *spared: str) -> Plan:
    spoken = SpokenCommand(intent=intent, due="2026-11-30", filters={"all": True, "except": list(spared)})
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
