"""Buttons under lists: others' lists and forged places do nothing."""

from __future__ import annotations

import uuid

import pytest
from telegram import Update

from bots import accounts
from bots.telegram import intake
from bots.telegram.handlers.incoming import Taken
from bots.telegram.keyboards import button
from tasks_app.commands import CreateProject, CreateTask
from tasks_app.context import Source
from tasks_app.models import Task, User
from tasks_app.services import execute
from tests.bots.conftest import ADA
from voice_app import pipeline
from voice_app.actors import actor_for
from voice_app.models import VoiceCommand

EVE = 666


def _update(content: dict[str, object], number: int) -> Taken:
    update = Update.de_json({"update_id": number, **content}, None)
    assert update is not None
    return intake.take(update, bot_id=1)


def _message(chat_id: int, text: str) -> dict[str, object]:
    person = {"id": chat_id, "is_bot": False, "first_name": "A"}
    return {"message_id": 1, "date": 1, "chat": {"id": chat_id, "type": "private"}, "from": person, "text": text}


def _press(chat_id: int, data: str) -> Taken:
    person = {"id": chat_id, "is_bot": False, "first_name": "A"}
    query = {"id": "q", "from": person, "chat_instance": "1", "data": data, "message": _message(chat_id, "x")}
    return _update({"callback_query": query}, 9)


@pytest.fixture
def listed(ada: User) -> VoiceCommand:
    """The command of Ada's ``/tasks``, done, with one task."""
    execute(actor_for(ada, Source.WEB), [CreateTask(title="Buy milk")], cause_id=uuid.uuid4())
    _update({"message": _message(ADA, "/tasks")}, 8)
    command = VoiceCommand.objects.get()
    pipeline.run(command)
    command.refresh_from_db()
    assert command.state == VoiceCommand.State.DONE
    return command


@pytest.mark.parametrize(("letter", "numbers"), [("l", [0]), ("o", [1]), ("d", [1, 0])])
def test_a_list_of_somebody_else_does_not_exist(listed: VoiceCommand, letter: str, numbers: list[int]) -> None:
    accounts.link_chat(EVE, accounts.make_link_code(User.objects.create_user("eve")), language="en")
    taken = _press(EVE, button("", letter, listed.pk, *numbers)["data"])
    assert taken.answer is not None
    assert taken.answer.is_alert
    assert taken.message_id is None
    assert Task.objects.get().completed_at is None


@pytest.mark.parametrize("rest", ["", ":", ":-1", ":x", ":9:0", ":0:0", ":999999999999", ":1", ":٣"])
@pytest.mark.parametrize("letter", ["o", "d"])
def test_a_place_that_is_none_changes_nothing(listed: VoiceCommand, letter: str, rest: str) -> None:
    data = button("", letter, listed.pk)["data"]
    assert _press(ADA, f"{data}{rest}").answer is not None
    assert Task.objects.get().completed_at is None


def test_a_project_of_somebody_else_is_not_listed(ada: User) -> None:
    eve = User.objects.create_user("eve")
    [made] = execute(actor_for(eve, Source.WEB), [CreateProject(name="Secret")], cause_id=uuid.uuid4())
    assert made.project_id is not None
    taken = _press(ADA, button("", "p", made.project_id)["data"])
    assert taken.answer is not None
    assert taken.answer.is_alert
    assert not VoiceCommand.objects.exists()
