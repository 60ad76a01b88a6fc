"""What people send, and what their chat then shows."""

from __future__ import annotations

from tasks_app.models import Task, User
from tests.bots.conftest import ADA, RunningBot, Settled
from tests.fakes.telegram_server import TelegramServer
from tests.voice_app.conftest import SAMPLES
from voice_app.models import VoiceCommand


def test_text_becomes_a_task_and_one_message(
    ada: User, telegram: TelegramServer, bot: RunningBot, worker: None, chat_shows: Settled
) -> None:
    sent = telegram.write(ADA, "Call mum tomorrow at 5 pm")

    [receipt] = chat_shows("Added “Call mum”")

    assert receipt.labels == ["Undo", "Edit", "Done", "Snooze", "Not what I said"]
    assert receipt.reply_to == sent
    assert Task.objects.get().title == "Call mum"


def test_a_voice_note_has_one_living_message(
    ada: User, telegram: TelegramServer, bot: RunningBot, worker: None, chat_shows: Settled
) -> None:
    telegram.speak(ADA, (SAMPLES / "call-mom.ogg").read_bytes())

    [message] = chat_shows("Added “")

    assert message.texts[0] == "Listening…"
    assert message.text.startswith("Heard: “Call mom tomorrow at ")
    command = VoiceCommand.objects.get()
    assert (command.source, command.state) == ("telegram", "done")
