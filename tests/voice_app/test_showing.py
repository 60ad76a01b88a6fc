"""What a person was shown unasked can be meant and fetched, and is not among what they said."""

from __future__ import annotations

import uuid

import pytest

from tasks_app.commands import CreateTask
from tasks_app.context import Source
from tasks_app.models import Task, User
from tasks_app.services import execute
from voice_app.actors import actor_for
from voice_app.selectors import find_recent_results, get_command, list_commands
from voice_app.showing import recall, record_reminders


@pytest.mark.django_db
def test_what_was_shown_unasked_is_no_command_and_can_be_recalled() -> None:
    user = User.objects.create_user("ann", timezone="Europe/Berlin")
    actor = actor_for(user, Source.TELEGRAM)
    made = execute(actor, [CreateTask(title="a"), CreateTask(title="b")], cause_id=uuid.uuid4())
    first, second = (Task.objects.get(pk=result.task_id) for result in made)
    older = record_reminders(actor, [first], "⏰ a", external_id="1")
    newer = record_reminders(actor, [second], "⏰ b", external_id="2")
    assert list(list_commands(user)) == []
    assert get_command(user, older.pk) == older
    recall(actor, newer, external_id="3")
    assert find_recent_results(newer)[0]["task_id"] == str(first.pk)
    recall(actor, older, external_id="4")
    assert [result["title"] for result in find_recent_results(newer)] == ["a", "a"]
    first.delete()
    recall(actor, older, external_id="5")
    assert len(find_recent_results(newer)) == 2
