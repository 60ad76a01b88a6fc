"""What the local engine makes of a text: one utterance, or one JSON object a line."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from pydantic import BaseModel, ValidationError

from voice_app.types import EMPTY_VOCABULARY, Utterance, Vocabulary
from voice_app.understanding import explain, interpret

_MICROSECONDS = 1_000_000


class Request(BaseModel):
    """One line of ``--jsonl``; what is missing comes from the options."""

    text: str
    at: str | None = None
    tz: str | None = None
    language: str | None = None
    locale: str | None = None


class Command(BaseCommand):
    """``manage.py interpret TEXT`` and ``manage.py interpret --jsonl``."""

    help = "Show what a text means: intent, title, dates and the rest. Needs no database unless --user is given."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("text", nargs="*", help="what was said")
        parser.add_argument("--at", help="when it was said, ISO 8601; local to --tz without an offset")
        parser.add_argument("--tz", default="UTC", help="the speaker's time zone (default UTC)")
        parser.add_argument("--language", help="ISO 639-1 code; found from the text when left out")
        parser.add_argument("--locale", help="how numeric dates are read: en-US month first, en-GB day first")
        parser.add_argument("--user", help="take names of projects, labels, people and tasks from this account")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--explain", action="store_true", help="show what each word did")
        parser.add_argument("--jsonl", action="store_true", help="read one JSON object a line, answer one a line")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it."""
        vocabulary = _vocabulary(options["user"])
        if options["jsonl"]:
            _stream(options, vocabulary)
            return
        text = " ".join(options["text"])
        if not text:
            raise CommandError("Say what to interpret: manage.py interpret 'call mum tomorrow at 5'")
        try:
            utterance = _utterance(Request(text=text), options, vocabulary)
        except ValidationError as error:
            raise CommandError("The text is not valid Unicode.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["explain"]:
            self.stdout.write(explain(utterance))
            return
        answer = interpret(utterance).model_dump(mode="json")
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=None if options["json"] else 2))


def _stream(options: dict[str, Any], vocabulary: Vocabulary) -> None:
    for line in sys.stdin:
        if not line.strip():
            continue
        sys.stdout.write(json.dumps(_answer(line, options, vocabulary), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _answer(line: str, options: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    try:
        utterance = _utterance(Request.model_validate_json(line), options, vocabulary)
    except ValueError:
        return {"error": {"code": "invalid_input"}}
    started = time.perf_counter()
    result = interpret(utterance)
    elapsed = time.perf_counter() - started
    return result.model_dump(mode="json") | {"elapsed_us": round(elapsed * _MICROSECONDS)}


def _utterance(request: Request, options: dict[str, Any], vocabulary: Vocabulary) -> Utterance:
    """An utterance from a request.

    Raises:
        ValueError: When the time or the zone cannot be read; the text says which.
    """
    return Utterance(
        text=request.text,
        language=request.language or options["language"],
        said_at=_said_at(request.at or options["at"], request.tz or options["tz"]),
        locale=request.locale or options["locale"],
        vocabulary=vocabulary,
    )


def _said_at(at: str | None, tz: str) -> dt.datetime:
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{tz!r} is not a time zone like Europe/Berlin") from error
    if at is None:
        return dt.datetime.now(zone)
    try:
        moment = dt.datetime.fromisoformat(at)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{at!r} is not a time like 2026-11-22T10:00") from error


def _vocabulary(user: str | None) -> Vocabulary:
    if user is None:
        return EMPTY_VOCABULARY
    from tasks_app.models import User
    from voice_app.utterances import own_vocabulary

    account = User.objects.filter(username=user).first()
    if account is None:
        raise CommandError(f"There is no user {user!r}.")
    return own_vocabulary(account)
