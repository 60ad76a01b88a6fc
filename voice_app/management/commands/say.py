"""Sends one utterance through the whole pipeline and shows what came of it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import uuid
import zoneinfo
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tasks_app.accounts import ensure_owner
from tasks_app.context import Actor, Source
from tasks_app.models import User
from tasks_app.selectors import zone_of
from voice_app import services
from voice_app.actors import actor_for
from voice_app.events import command_to_json
from voice_app.models import VoiceCommand
from voice_app.outcome_text import describe
from voice_app.taking_part import bring_to_end
from voicebot.errors import AppError
from voicebot.messages import message_of


class Command(BaseCommand):
    """``manage.py say FILE`` or ``manage.py say --text TEXT``."""

    help = "Say something, by file or by text, and see what was heard, understood and done."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to say, and as whom, when and where."""
        said = parser.add_mutually_exclusive_group(required=True)
        said.add_argument("file", nargs="?", type=Path, help="a recording")
        said.add_argument("--text", help="words instead of a recording")
        parser.add_argument("--user", help="user name; the owner when left out")
        parser.add_argument("--at", help="ISO moment at which it was said; now when left out")
        parser.add_argument("--tz", help="the speaker's zone, such as Europe/Berlin")
        parser.add_argument("--language", help="ISO 639-1 code of the language that is spoken")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        """Submit, work or wait, print; the exit code is 1 when it failed."""
        actor = _actor(options)
        try:
            submission = _submit(actor, options)
        except AppError as error:
            raise CommandError(message_of(error)) from error
        command = bring_to_end(submission.command.pk)
        self.stdout.write(
            json.dumps(command_to_json(command), ensure_ascii=False) if options["json"] else describe(command)
        )
        if command.state == VoiceCommand.State.FAILED:
            sys.exit(1)


def _actor(options: dict[str, Any]) -> Actor:
    user = User.objects.filter(username=options["user"]).first() if options["user"] else ensure_owner()
    if user is None:
        raise CommandError(f"There is no user {options['user']!r}.")
    try:
        tz = zoneinfo.ZoneInfo(options["tz"]) if options["tz"] else zone_of(user)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"{options['tz']!r} is not a time zone; use a name such as Europe/Berlin.") from error
    try:
        said_at = dt.datetime.fromisoformat(options["at"]) if options["at"] else timezone.now()
        said_at = said_at.astimezone(tz) if said_at.tzinfo else said_at.replace(tzinfo=tz)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"{options['at']!r} is not an ISO moment; use 2026-11-23T17:00.") from error
    return actor_for(user, Source.CLI, zone_name=tz.key, spoken_language=options["language"], said_at=said_at)


def _submit(actor: Actor, options: dict[str, Any]) -> services.Submission:
    external_id = f"cli:{uuid.uuid4()}"
    if options["text"] is not None:
        return services.submit_text(actor, options["text"], external_id=external_id)
    try:
        data = options["file"].read_bytes()
    except OSError as error:
        raise CommandError(f"{options['file']} cannot be read.") from error
    return services.submit_audio(actor, data, external_id=external_id)
