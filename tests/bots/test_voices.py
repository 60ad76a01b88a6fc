"""A voice message that cannot be made harms nothing."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import async_to_sync

from bots import outbox
from bots.telegram import gateway
from bots.telegram.bot import make_bot
from tasks_app.models import User
from tests.bots.conftest import ADA
from tests.fakes.telegram_server import TelegramServer


@pytest.mark.parametrize(("document", "count"), [("voice:q0", 0), ("voice:en", 1)])
def test_what_cannot_be_spoken_is_left_out(ada: User, telegram: TelegramServer, document: str, count: int) -> None:
    claim = outbox.Claim(uuid.uuid4(), ADA, "Done.", (), None, None, 1, document)

    async def send() -> outbox.Delivery:
        async with make_bot() as bot:
            return await gateway.send(bot, claim)

    delivery = async_to_sync(send)()
    assert (len(telegram.voices), len(telegram.chat(ADA))) == (count, count)
    assert isinstance(delivery, outbox.Sent if count else outbox.Refused)
    if isinstance(delivery, outbox.Refused):
        assert delivery.code == "speech_not_made"
