"""Sends the sample notes through the system and shows what came of each."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tasks_app.accounts import ensure_owner
from tasks_app.context import Source
from voice_app import services
from voice_app.actors import actor_for
from voice_app.outcome_text import describe
from voice_app.taking_part import bring_to_end
from voicebot.errors import AppError
from voicebot.messages import message_of

SAMPLES = settings.BASE_DIR / "samples"


class Command(BaseCommand):
    """``manage.py try_samples``."""

    help = "Send every note in samples/ through the whole system: heard, understood, done, and the time of each stage."

    def handle(self, *_args: object, **_options: Any) -> None:
        """One block of lines a note; the owner's list shows what was done, and each can be undone there."""
        notes = sorted(SAMPLES.glob("*.ogg"))
        if not notes:
            raise CommandError(f"There are no notes in {SAMPLES}.")
        for note in notes:
            self.stdout.write(f"{note.name}\n{_try_note(note)}\n")


def _try_note(note: Path) -> str:
    user = ensure_owner()
    language = note.suffixes[0].removeprefix(".") if len(note.suffixes) > 1 else "en"
    actor = actor_for(user, Source.CLI, spoken_language=language)
    try:
        submission = services.submit_audio(actor, note.read_bytes(), external_id=f"cli:{uuid.uuid4()}")
    except AppError as error:
        return f"  refused     {message_of(error)}"
    return describe(bring_to_end(submission.command.pk))
