"""A conversation over the live socket: each note needs the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tests.live.conftest import HELLO, Client, Connect, pcm_of
from tests.voice_app.conftest import finish
from voice_app.models import VoiceCommand


@sync_to_async(thread_sensitive=False)
def work_on(command_id: str) -> None:
    """As a worker would."""
    finish(VoiceCommand.objects.get(pk=command_id))


async def said(client: Client, note: str) -> list[tuple[str, datetime]]:
    """Speaks a note; the tasks that came of it, with their times."""
    await client.speak(pcm_of(f"conversation/{note}.ogg"))
    await client.say({"type": "utterance.end"})
    accepted = await client.hear()
    await work_on(accepted["command"])
    assert (await client.hear())["type"] == "transcript.final"
    applied: dict[str, Any] = await client.hear()
    assert applied["type"] == "applied", applied
    return [(task["title"], datetime.fromisoformat(task["due"])) for task in applied["tasks"]]


@pytest.mark.speech
async def test_six_notes(connect: Connect) -> None:
    async with connect() as client:
        await client.say(HELLO)
        await client.hear()

        [(title, monday)] = await said(client, "1-gym-tomorrow")
        [(again, friday)] = await said(client, "2-another-one")
        assert (title, again) == ("go to the gym", "go to the gym")
        assert (monday.hour, friday.hour, friday.weekday()) == (17, 17, 4)

        [(_, later)] = await said(client, "3-make-it-six")
        assert later == friday.replace(hour=18)

        [(title, _)] = await said(client, "4-call-it")
        [(_, next_week)] = await said(client, "5-same-time")
        assert title == "long run"
        assert (next_week.hour, next_week.weekday()) == (18, 4)
        assert next_week > later

        tomorrow = await said(client, "6-what-about-tomorrow")
        assert ("go to the gym", monday) in tomorrow
