"""A task that is put off by voice: where it recurs, the series stays where it was."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from tasks_app import services
from tasks_app.commands import CreateTask, SkipOccurrence
from tasks_app.context import Actor
from tasks_app.intents import Intent
from tasks_app.models import Task
from voice_app.replies import reply_text
from voice_app.resolution import plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.types import SpokenCommand, Understanding

MONDAY = dt.date(2027, 3, 1)


@pytest.mark.parametrize("words", [{"due": "2027-03-03"}, {"shift": "P2D"}])
def test_only_the_occurrence_is_put_off(actor: Actor, words: dict[str, str]) -> None:
    made = CreateTask(title="Water the flowers", due=MONDAY, rrule="FREQ=WEEKLY;BYDAY=MO")
    services.execute(actor, [made], cause_id=uuid.uuid4())
    spoken = SpokenCommand.model_validate({"intent": Intent.SNOOZE, "task": "flowers", **words})
    understanding = Understanding(text="", language="en", engine="local", confidence=0.95, commands=(spoken,))
    results = services.execute(
        actor, plan_utterance(Scene(actor, understanding, {}, [])).commands, cause_id=uuid.uuid4()
    )
    task = Task.objects.get()
    assert task.due_on == MONDAY + dt.timedelta(days=2)
    assert "Moved “Water the flowers” to" in reply_text([result.to_json() for result in results], actor)
    services.execute(actor, [SkipOccurrence(task_id=task.pk)], cause_id=uuid.uuid4())
    task.refresh_from_db()
    assert task.due_on == MONDAY + dt.timedelta(days=7)
