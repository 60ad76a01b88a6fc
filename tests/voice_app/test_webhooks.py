"""What was said is told to the speaker's webhooks once it ended."""

from __future__ import annotations

import json

from tasks_app.models import User, Webhook, WebhookDelivery
from tests.voice_app.conftest import Say


def test_a_command_is_told_once_when_it_is_done(say: Say, speaker: User) -> None:
    Webhook.objects.create(owner=speaker, url="https://receiver.example/", events=["*"])
    asked = say("laundry")
    assert not WebhookDelivery.objects.exists()
    say("yes")
    told = [json.loads(delivery.body) for delivery in WebhookDelivery.objects.order_by("created_at")]
    assert [each["event"] for each in told].count("task.created") == 1
    done = {each["object"]["id"]: each["object"] for each in told if each["event"] == "voice_command.done"}
    assert done[str(asked.pk)]["state"] == "done"
    assert len(done) == len(told) - 1
