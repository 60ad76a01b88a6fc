"""Buttons that delete a person: old ones and others' do nothing."""

from __future__ import annotations

import time

import pytest
from telegram import Update

from bots.telegram import intake
from bots.telegram.handlers.incoming import Taken
from tasks_app.models import User
from tests.bots.conftest import ADA


def _press(data: str, chat_id: int = ADA) -> Taken:
    query = {"id": "q", "from": {"id": chat_id, "is_bot": False, "first_name": "A"}, "chat_instance": "1", "data": data}
    query["message"] = {"message_id": 1, "date": 1, "chat": {"id": chat_id, "type": "private"}, "text": "x"}
    update = Update.de_json({"update_id": 7, "callback_query": query}, None)
    assert update is not None
    return intake.take(update, bot_id=1)


@pytest.mark.parametrize("minutes_ago", [11, -2, 10**6])
def test_an_old_answer_deletes_nothing(ada: User, minutes_ago: int) -> None:
    taken = _press(f"e:{int(time.time() // 60) - minutes_ago}")
    assert taken.answer is not None
    assert taken.answer.is_alert
    assert User.objects.filter(pk=ada.pk).exists()


def test_a_stranger_deletes_nobody(ada: User) -> None:
    _press(f"e:{int(time.time() // 60)}", chat_id=666)
    assert User.objects.filter(pk=ada.pk).exists()
