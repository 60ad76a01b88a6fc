"""What a button carries: a letter and short ids, checked against the person when it comes back."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand

Rows: TypeAlias = "list[list[dict[str, str]]]"

MAX_OPTIONS = 8
_UUID_BYTES = 16


@dataclass(frozen=True)
class Pressed:
    """A button as it came back; nothing about it is true yet."""

    act: str
    """``undo``, ``yes``, ``no`` or ``choose``."""
    command_id: uuid.UUID
    action: int = 0
    """Which action of the command the question was about."""
    option: int = 0
    """Which of the question's options, from 0."""


_LETTERS = {"u": "undo", "y": "yes", "n": "no", "c": "choose"}


def undo_rows(command: VoiceCommand) -> Rows:
    """One button that takes all back."""
    return [[_button(_("Undo"), "u", command.pk)]]


def question_rows(command: VoiceCommand) -> Rows:
    """The answers that a waiting command's question can have."""
    question = command.question or {}
    action = int(question.get("action", 0))
    no = _button(_("No"), "n", command.pk)
    if question.get("kind") == "confirmation":
        return [[_button(_("Yes"), "y", command.pk, action), no]]
    if question.get("kind") != "choice":
        return [[_button(_("Cancel"), "n", command.pk)]]
    options = [
        [_button(str(option["label"]), "c", command.pk, action, index)]
        for index, option in enumerate(question["options"][:MAX_OPTIONS])
    ]
    return [*options, [_button(_("None of these"), "n", command.pk)]]


def read_press(data: str) -> Pressed | None:
    """What was pressed; None for data that no button of ours carries."""
    letter, _colon, rest = data.partition(":")
    act = _LETTERS.get(letter)
    parts = rest.split(":")
    try:
        command_id = _long_id(parts[0])
        numbers = [int(part) for part in parts[1:3]]
    except (ValueError, binascii.Error):
        return None
    if act is None or any(number < 0 for number in numbers):
        return None
    return Pressed(act, command_id, *numbers)


def _button(text: str, letter: str, command_id: uuid.UUID, *numbers: int) -> dict[str, str]:
    return {"text": text, "data": ":".join([letter, _short_id(command_id), *map(str, numbers)])}


def _short_id(value: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")


def _long_id(text: str) -> uuid.UUID:
    raw = base64.b64decode(f"{text}==".encode("ascii", "strict"), altchars=b"-_", validate=True)
    if len(raw) != _UUID_BYTES:
        raise ValueError("not the length of an id")
    return uuid.UUID(bytes=raw)
